// Any text either is refused in one line or is a function, whose results can be stored: applied to
// a small value under tight limits it neither crashes nor hangs.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ksv/error.h"

#include "codec/edn.h"
#include "expr/function.h"

namespace {

bool is_one_line(const ksv::Error& error) {
  return error.message().find('\n') == std::string::npos;
}

void check_expression(std::string_view text) {
  const ksv::FunctionLimits limits{
      .steps_max = 20000, .bytes_max = std::size_t{1} << 20, .depth_max = 64};
  const ksv::Result<ksv::Function> function = ksv::Function::compile(text, limits);
  if (!function) {
    KSV_ASSERT(is_one_line(function.error()));
    return;
  }
  static const ksv::Value kValues[] = {
      ksv::Value(),
      ksv::Value::integer(3),
      *ksv::read_edn(R"({:a [1 2.5 "b c" \d nil] :n 41 :s #{:x} "k" (1/2 3N 1.50M)})"),
      ksv::Value::string("a1 b22, ΑΣ 😀"),
  };
  for (const ksv::Value& value : kValues) {
    const ksv::Result<ksv::Value> result = function->apply({value});
    if (!result) {
      KSV_ASSERT(is_one_line(result.error()));
      continue;
    }
    KSV_ASSERT(result->depth() <= ksv::limits::kDepthMax);
    // The same function gives the same result again.
    const ksv::Result<ksv::Value> again = function->apply({value});
    KSV_ASSERT(again.has_value());
    KSV_ASSERT(ksv::print_edn(*again) == ksv::print_edn(*result));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_expression({reinterpret_cast<const char*>(data), size});
  return 0;
}
