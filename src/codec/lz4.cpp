// LZ4 frames, as lz4-java writes and reads them (doc/format: konserve blobs), and single blocks
// (doc/format: Nippy).
#include <algorithm>
#include <fmt/format.h>
#include <lz4.h>
#include <lz4frame.h>
#include <memory>

#include "codec/filters.h"

namespace ksv {

namespace {

// Magic number; version 1, independent blocks, no checksums, no content size; blocks of at most 4
// MiB; the header's own check byte.
constexpr std::array<std::uint8_t, 7> kFrameHeader = {0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73};
constexpr std::size_t kBlockBytesMax = std::size_t{4} << 20;
constexpr std::uint32_t kStoredBit = 0x80000000U;
constexpr std::size_t kBlockHeadBytes = 4;

void put_u32_le(std::uint8_t* at, std::uint32_t number) {
  for (unsigned i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(number >> 8 * i);
}

// A block that does not shrink is stored as it is.
void append_block(Bytes& to, BytesView block) {
  const std::size_t head_at = to.size();
  const auto length = static_cast<int>(block.size());
  const int room = LZ4_compressBound(length);
  to.resize(head_at + kBlockHeadBytes + static_cast<std::size_t>(room));
  std::uint8_t* const head = to.data() + head_at;
  const int packed =
      LZ4_compress_default(reinterpret_cast<const char*>(block.data()),
                           reinterpret_cast<char*>(head + kBlockHeadBytes), length, room);
  KSV_ASSERT(packed > 0);
  if (packed < length) {
    put_u32_le(head, static_cast<std::uint32_t>(packed));
    to.resize(head_at + kBlockHeadBytes + static_cast<std::size_t>(packed));
    return;
  }
  put_u32_le(head, static_cast<std::uint32_t>(length) | kStoredBit);
  to.resize(head_at + kBlockHeadBytes);
  append(to, block);
}

// Magic numbers of frames: LZ4's, and sixteen for data to be skipped.
bool begins_frame(BytesView bytes) {
  if (bytes.size() < 4 || bytes[3] != 0x18 || bytes[2] != 0x4d) return false;
  return (bytes[1] == 0x22 && bytes[0] == 0x04) || (bytes[1] == 0x2a && bytes[0] >> 4 == 5);
}

struct FreeContext {
  void operator()(LZ4F_dctx* context) const { LZ4F_freeDecompressionContext(context); }
};

Error damaged(std::string_view why) {
  return Error(ErrorCode::kCorrupt, fmt::format("damaged LZ4 data: {}", why));
}

}  // namespace

Bytes lz4_compress(BytesView bytes) {
  Bytes frame(kFrameHeader.begin(), kFrameHeader.end());
  while (!bytes.empty()) {
    const BytesView block = bytes.first(std::min(bytes.size(), kBlockBytesMax));
    append_block(frame, block);
    bytes = bytes.subspan(block.size());
  }
  frame.resize(frame.size() + kBlockHeadBytes, 0);  // the end mark: a block of no bytes
  return frame;
}

// Frames one after the other are one stream. What follows the last one and begins no frame is left
// alone, as konserve's reader never gets there: a blob written over a longer one may have such a
// tail.
Result<Bytes> lz4_decompress(BytesView frame, std::size_t bytes_max) {
  if (!begins_frame(frame)) return damaged("it begins with no frame");
  LZ4F_dctx* created = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&created, LZ4F_VERSION)) != 0) {
    return Error(ErrorCode::kInternal, "no LZ4 context");
  }
  const std::unique_ptr<LZ4F_dctx, FreeContext> context(created);
  Bytes out;
  std::size_t used = 0;
  std::size_t expected = 1;  // what the decoder asks for next; 0 at the end of a frame
  // A full buffer may have left output waiting in the decoder.
  while (expected != 0 ? !frame.empty() || used == out.size() : begins_frame(frame)) {
    if (used == out.size()) {
      if (used > bytes_max)
        return damaged(fmt::format("it unpacks to more than {} bytes", bytes_max));
      // LZ4 packs at most 255 to 1.
      const std::size_t step = std::max<std::size_t>(used, std::size_t{16} << 10);
      const std::size_t useful = frame.size() < step / 255 ? frame.size() * 255 + 64 : step;
      out.resize(used + std::min(useful, bytes_max + 1 - used));
    }
    std::size_t room = out.size() - used;
    std::size_t taken = frame.size();
    expected =
        LZ4F_decompress(context.get(), out.data() + used, &room, frame.data(), &taken, nullptr);
    if (LZ4F_isError(expected) != 0) return damaged(LZ4F_getErrorName(expected));
    used += room;
    frame = frame.subspan(taken);
  }
  // Older konserve left out the end mark: a block's head is all that may be missing.
  if (expected != 0 && expected != kBlockHeadBytes) return damaged("it is cut short");
  if (used > bytes_max) return damaged(fmt::format("it unpacks to more than {} bytes", bytes_max));
  out.resize(used);
  return out;
}

Bytes lz4_block_compress(BytesView bytes) {
  KSV_ASSERT(bytes.size() <= LZ4_MAX_INPUT_SIZE);
  const auto length = static_cast<int>(bytes.size());
  Bytes block(static_cast<std::size_t>(LZ4_compressBound(length)));
  const int packed = LZ4_compress_default(reinterpret_cast<const char*>(bytes.data()),
                                          reinterpret_cast<char*>(block.data()), length,
                                          static_cast<int>(block.size()));
  KSV_ASSERT(packed > 0);
  block.resize(static_cast<std::size_t>(packed));
  return block;
}

Result<Bytes> lz4_block_decompress(BytesView block, std::size_t length) {
  // LZ4 packs at most 255 to 1.
  if (length / 255 > block.size()) return damaged("it is cut short");
  if (block.size() > LZ4_MAX_INPUT_SIZE || length > LZ4_MAX_INPUT_SIZE) {
    return damaged("it is too long");
  }
  Bytes bytes(length);
  char nothing = 0;  // room for no bytes has an address, too
  const int unpacked =
      LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()),
                          length == 0 ? &nothing : reinterpret_cast<char*>(bytes.data()),
                          static_cast<int>(block.size()), static_cast<int>(length));
  if (unpacked < 0) return damaged("no LZ4 block, or cut short");
  if (static_cast<std::size_t>(unpacked) != length) return damaged("it is not as long as it says");
  return bytes;
}

}  // namespace ksv
