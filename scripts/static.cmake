# What KSV_STATIC means: libcurl, OpenSSL and the library of C++ go into the program, which then needs libc and its
# parts only. Included ahead of src/, for which it decides what is found, and called after it.
set(OPENSSL_USE_STATIC_LIBS TRUE)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)

set(KSV_CURL ${PROJECT_BINARY_DIR}/curl CACHE PATH "Where scripts/build-curl.sh has put libcurl.a")
if(NOT EXISTS ${KSV_CURL}/lib/libcurl.a)
  message(FATAL_ERROR "${KSV_CURL}/lib/libcurl.a is missing: `make static` makes it and then ksv, "
    "or run scripts/build-curl.sh ${KSV_CURL}")
endif()

add_library(ksv_static_curl STATIC IMPORTED)
set_target_properties(ksv_static_curl PROPERTIES
  IMPORTED_LOCATION ${KSV_CURL}/lib/libcurl.a
  INTERFACE_INCLUDE_DIRECTORIES ${KSV_CURL}/include
  INTERFACE_COMPILE_DEFINITIONS "KSV_STATIC_CURL;CURL_STATICLIB"
  INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto;Threads::Threads")

function(ksv_link_statically)
  target_link_libraries(ksv_net PRIVATE ksv_static_curl)
  target_link_options(ksv_options INTERFACE -static-libgcc -static-libstdc++)
endfunction()
