// Any bytes as frozen ones, with a header and without: what can be thawed can be frozen, and then
// thaws as the same.
#include <cstdint>
#include <cstdlib>

#include "ksv/bytes.h"

#include "codec/nippy.h"

namespace {

void check(ksv::BytesView bytes, bool without_header, bool tight) {
  const ksv::Result<ksv::Value> value = ksv::nippy::thaw(bytes, {.without_header = without_header});
  if (!value) return;
  const ksv::nippy::FreezeOptions options{.tight = tight, .without_header = true};
  const ksv::Result<ksv::Bytes> frozen = ksv::nippy::freeze(*value, options);
  // EDN text within may hold what Nippy does not: a struct of Fressian, an unknown tag of its own.
  if (!frozen) {
    if (frozen.error().code() != ksv::ErrorCode::kUsage) std::abort();
    return;
  }
  const ksv::Result<ksv::Value> back = ksv::nippy::thaw(*frozen, {.without_header = true});
  if (!back) std::abort();
  // Bytes are compared, since a value that holds a NaN does not equal itself.
  const ksv::Result<ksv::Bytes> again = ksv::nippy::freeze(*back, options);
  if (!again || *again != *frozen) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size}, false, size % 2 == 0);
  check({data, size}, true, size % 2 == 0);
  return 0;
}
