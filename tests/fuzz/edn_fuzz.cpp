// Any text either is refused in one line or reads, prints, and reads again as the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ksv/error.h"

#include "codec/edn.h"
#include "codec/json_view.h"

namespace {

void check_text(std::string_view text) {
  const ksv::Result<ksv::Value> value = ksv::read_edn(text);
  if (!value) {
    KSV_ASSERT(value.error().message().find('\n') == std::string::npos);
    return;
  }
  const std::string printed = ksv::print_edn(*value);
  const ksv::Result<ksv::Value> again = ksv::read_edn(printed);
  // #:a{:1 x} and #:/{:b x} make names that have no other notation, in Clojure as here.
  if (text.find("#:") != std::string_view::npos) return;
  KSV_ASSERT(again.has_value());
  KSV_ASSERT(ksv::print_edn(*again) == printed);
  // NaN equals nothing, itself included.
  KSV_ASSERT(*again == *value || printed.find("NaN") != std::string::npos);
  KSV_ASSERT(ksv::read_edn(ksv::print_edn_pretty(*value, 40)).has_value());
  ksv::edn_excerpt(*value);
  ksv::print_json(*value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_text({reinterpret_cast<const char*>(data), size});
  return 0;
}
