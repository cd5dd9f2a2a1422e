# Programs with a guard of exact outcomes taken out (mutations.py): the changed source stands before the layer's library, of
# which the linker then leaves out the true one.

# ksv_add_mutant(NAME FILES source... TESTS test...): without_NAME_TEST for each test, which is defined by now or later.
function(ksv_add_mutant name)
  cmake_parse_arguments(arg "" "" "FILES;TESTS" ${ARGN})
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/without_${name})
  set(changed)
  foreach(file ${arg_FILES})
    get_filename_component(base ${file} NAME)
    list(APPEND changed ${folder}/${base})
  endforeach()
  list(TRANSFORM arg_FILES PREPEND ${PROJECT_SOURCE_DIR}/src/)
  set(script ${CMAKE_CURRENT_SOURCE_DIR}/mutations.py)
  add_custom_command(OUTPUT ${changed}
    COMMAND ${Python3_EXECUTABLE} ${script} write ${name} ${PROJECT_SOURCE_DIR} ${folder}
    DEPENDS ${script} ${arg_FILES})
  add_library(without_${name} OBJECT ${changed})
  # What follows a return that was put in is never reached.
  target_compile_options(without_${name} PRIVATE -w)
  target_link_libraries(without_${name} PRIVATE ksv_core ksv_backend)
  foreach(test ${arg_TESTS})
    add_executable(without_${name}_${test} $<TARGET_OBJECTS:without_${name}> $<TARGET_OBJECTS:${test}>)
    target_link_libraries(without_${name}_${test} PRIVATE $<TARGET_PROPERTY:${test},LINK_LIBRARIES>)
  endforeach()
endfunction()

ksv_add_mutant(settling FILES core/settle.cpp backend/s3/s3_remove.cpp backend/s3/s3_place.cpp
  TESTS sim_update_test proof_fault_table ksv)
ksv_add_mutant(refusals FILES core/settle.cpp TESTS sim_update_test proof_fault_table)
ksv_add_mutant(errors FILES core/settle.cpp TESTS proof_fault_table)
ksv_add_mutant(removals FILES backend/s3/s3_remove.cpp TESTS proof_fault_table)
ksv_add_mutant(creation FILES backend/s3/s3_place.cpp TESTS proof_fault_table)
ksv_add_mutant(first FILES backend/s3/s3_conditions.cpp TESTS proof_fault_table)
ksv_add_mutant(plain FILES net/request_loop.cpp TESTS proof_fault_table)
ksv_add_mutant(resending FILES net/curl_exchange.cpp TESTS ksv_net_test)
ksv_add_mutant(lineage FILES core/lineage.cpp TESTS sim_update_test proof_fault_table)
