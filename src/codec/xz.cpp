// xz streams, as Nippy's lzma2 compressor has them (doc/format: Nippy).
#include <algorithm>
#include <fmt/format.h>
#include <lzma.h>

#include "codec/filters.h"

namespace ksv {
namespace {

constexpr std::uint32_t kPreset = 0;
// The dictionary of the highest preset takes 64 MiB.
constexpr std::uint64_t kMemoryMax = std::uint64_t{100} << 20;

Error damaged(std::string_view why) {
  return Error(ErrorCode::kCorrupt, fmt::format("damaged xz data: {}", why));
}

// Ends a decoder, however it went.
class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() { lzma_end(&stream_); }
  lzma_stream* operator->() { return &stream_; }
  lzma_stream* get() { return &stream_; }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

Bytes xz_compress(BytesView bytes) {
  Bytes stream(lzma_stream_buffer_bound(bytes.size()));
  std::size_t used = 0;
  const lzma_ret result =
      lzma_easy_buffer_encode(kPreset, LZMA_CHECK_CRC64, nullptr, bytes.data(), bytes.size(),
                              stream.data(), &used, stream.size());
  KSV_ASSERT(result == LZMA_OK);
  stream.resize(used);
  return stream;
}

Result<Bytes> xz_decompress(BytesView stream, std::size_t length) {
  Decoder decoder;
  if (lzma_stream_decoder(decoder.get(), kMemoryMax, 0) != LZMA_OK) {
    return Error(ErrorCode::kInternal, "no xz decoder");
  }
  decoder->next_in = stream.data();
  decoder->avail_in = stream.size();
  Bytes bytes;
  for (;;) {
    const auto used = static_cast<std::size_t>(decoder->total_out);
    if (used > length) return damaged("it is longer than it says");
    if (used == bytes.size()) {
      // One byte more than there should be shows what is too long.
      bytes.resize(std::min(std::max(used * 2, std::size_t{16} << 10), length + 1));
    }
    decoder->next_out = bytes.data() + used;
    decoder->avail_out = bytes.size() - used;
    const lzma_ret result = lzma_code(decoder.get(), LZMA_FINISH);
    if (result == LZMA_STREAM_END) break;
    if (result == LZMA_MEMLIMIT_ERROR) return damaged("it asks for too much memory");
    if (result != LZMA_OK) return damaged(result == LZMA_BUF_ERROR ? "it is cut short" : "no xz");
  }
  if (decoder->total_out != length) return damaged("it is not as long as it says");
  bytes.resize(length);
  return bytes;
}

}  // namespace ksv
