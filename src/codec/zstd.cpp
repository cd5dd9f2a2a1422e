// zstd frames, as zstd-jni's streams write and read them (doc/format: konserve blobs).
#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <zstd.h>

#include "codec/filters.h"

namespace ksv {

namespace {

constexpr int kLevel = 3;
constexpr int kWindowLogMax = 27;  // 128 MiB: the limit of zstd's own tools and of zstd-jni

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Magic numbers of frames: zstd's, and sixteen for data to be skipped.
bool begins_frame(BytesView bytes) {
  if (bytes.size() < 4) return false;
  const bool is_data = bytes[0] == 0x28 && bytes[1] == 0xb5 && bytes[2] == 0x2f && bytes[3] == 0xfd;
  const bool is_skipped =
      bytes[0] >> 4 == 5 && bytes[1] == 0x2a && bytes[2] == 0x4d && bytes[3] == 0x18;
  return is_data || is_skipped;
}

Error damaged(std::string_view why) {
  return Error(ErrorCode::kCorrupt, fmt::format("damaged zstd data: {}", why));
}

}  // namespace

Bytes zstd_compress(BytesView bytes) {
  const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
  KSV_ASSERT(context != nullptr);
  KSV_ASSERT(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel)) ==
             0);
  Bytes frame(ZSTD_compressBound(bytes.size()) + ZSTD_CStreamOutSize());
  ZSTD_inBuffer in{.src = bytes.data(), .size = bytes.size(), .pos = 0};
  ZSTD_outBuffer out{.dst = frame.data(), .size = frame.size(), .pos = 0};
  // First without an end, as a stream does: told the size at once, zstd would note it in the
  // header.
  while (in.pos < in.size) {
    KSV_ASSERT(ZSTD_isError(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_continue)) == 0);
  }
  KSV_ASSERT(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_end) == 0);
  frame.resize(out.pos);
  return frame;
}

Bytes zstd_compress_sized(BytesView bytes) {
  Bytes frame(ZSTD_compressBound(bytes.size()));
  const std::size_t used =
      ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), kLevel);
  KSV_ASSERT(ZSTD_isError(used) == 0);
  frame.resize(used);
  return frame;
}

// Frames one after the other are one stream; what follows and begins no frame is left alone, as for
// LZ4.
Result<Bytes> zstd_decompress(BytesView frame, std::size_t bytes_max) {
  if (!begins_frame(frame)) return damaged("it begins with no frame");
  const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context(ZSTD_createDCtx());
  KSV_ASSERT(context != nullptr);
  KSV_ASSERT(
      ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLogMax)) == 0);
  ZSTD_inBuffer in{.src = frame.data(), .size = frame.size(), .pos = 0};
  Bytes bytes;
  std::size_t used = 0;
  std::size_t expected = 1;  // 0 at the end of a frame
  bool is_stuck = false;     // nothing more comes of the input that there is
  while (!is_stuck && (expected != 0 || begins_frame(frame.subspan(in.pos)))) {
    if (used == bytes.size()) {
      if (used > bytes_max)
        return damaged(fmt::format("it unpacks to more than {} bytes", bytes_max));
      const std::size_t step = std::max<std::size_t>(used, std::size_t{16} << 10);
      bytes.resize(used + std::min(step, bytes_max + 1 - used));
    }
    ZSTD_outBuffer out{.dst = bytes.data(), .size = bytes.size(), .pos = used};
    const std::size_t in_before = in.pos;
    expected = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(expected) != 0) return damaged(ZSTD_getErrorName(expected));
    is_stuck = in.pos == in_before && out.pos == used && expected != 0;
    used = out.pos;
  }
  if (expected != 0) return damaged("it is cut short");
  if (used > bytes_max) return damaged(fmt::format("it unpacks to more than {} bytes", bytes_max));
  bytes.resize(used);
  return bytes;
}

}  // namespace ksv
