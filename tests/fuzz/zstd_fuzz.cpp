// zstd frames: any bytes give an error or at most as much as is allowed, and what is packed
// unpacks.
#include <cstddef>
#include <cstdint>

#include "codec/filters.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytesMax = std::size_t{1} << 20;
  const ksv::BytesView input(data, size);
  const ksv::Result<ksv::Bytes> bytes = ksv::zstd_decompress(input, kBytesMax);
  if (bytes.has_value()) KSV_ASSERT(bytes->size() <= kBytesMax);
  const ksv::Result<ksv::Bytes> back = ksv::zstd_decompress(ksv::zstd_compress(input), size);
  KSV_ASSERT(back.has_value() && ksv::text_of(*back) == ksv::text_of(input));
  return 0;
}
