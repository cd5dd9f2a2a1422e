// Snappy's raw blocks: the length as a varint, then literals and copies of what went before.
#include "codec/snappy.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace ksv {
namespace {

// The two low bits of an element's first byte.
enum Element : std::uint8_t { kLiteral = 0, kCopy1 = 1, kCopy2 = 2, kCopy4 = 3 };

// A copy of three bytes stands for at most 64.
constexpr std::size_t kRatioMax = 32;

constexpr std::size_t kHashBits = 14;
constexpr std::size_t kMatchMin = 4;
constexpr std::size_t kCopyMax = 64;
constexpr std::size_t kOffsetMax = 65535;

Error damaged(std::string_view why) {
  return Error(ErrorCode::kCorrupt, fmt::format("damaged Snappy data: {}", why));
}

Error cut_short() { return damaged("it is cut short"); }

class Decoder {
 public:
  explicit Decoder(BytesView block) : block_(block) {}

  Result<Bytes> decode(std::size_t bytes_max) {
    std::uint64_t length = 0;
    if (!read_length(length)) return damaged("it begins with no length");
    if (length > bytes_max) {
      return damaged(fmt::format("it unpacks to more than {} bytes", bytes_max));
    }
    if (length > block_.size() * kRatioMax) return cut_short();
    length_ = static_cast<std::size_t>(length);
    bytes_.reserve(length_);
    while (!block_.empty()) {
      const std::uint8_t tag = block_.front();
      block_ = block_.subspan(1);
      KSV_CHECK((tag & 3U) == kLiteral ? add_literal(tag) : add_copy(tag));
    }
    if (bytes_.size() != length_) return cut_short();
    return std::move(bytes_);
  }

 private:
  bool read_length(std::uint64_t& to) {
    for (unsigned shift = 0; shift < 35 && !block_.empty(); shift += 7) {
      const std::uint8_t byte = block_.front();
      block_ = block_.subspan(1);
      to |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return to <= std::numeric_limits<std::uint32_t>::max();
    }
    return false;
  }

  bool take(std::size_t count, std::size_t& to) {  // little endian
    if (block_.size() < count) return false;
    to = 0;
    for (std::size_t i = 0; i < count; ++i) to |= std::size_t{block_[i]} << (8 * i);
    block_ = block_.subspan(count);
    return true;
  }

  Status add_literal(std::uint8_t tag) {
    std::size_t count = tag >> 2U;
    if (count >= 60 && !take(count - 59, count)) return cut_short();
    ++count;
    if (count > block_.size()) return cut_short();
    if (count > length_ - bytes_.size()) return damaged("it is longer than it says");
    append(bytes_, block_.first(count));
    block_ = block_.subspan(count);
    return ok();
  }

  Status add_copy(std::uint8_t tag) {
    std::size_t count = (tag >> 2U) + 1U;
    std::size_t offset = 0;
    const std::size_t width = (tag & 3U) == kCopy1 ? 1 : (tag & 3U) == kCopy2 ? 2 : 4;
    if (!take(width, offset)) return cut_short();
    if (width == 1) {
      count = ((tag >> 2U) & 7U) + 4U;
      offset |= static_cast<std::size_t>(tag >> 5U) << 8;
    }
    if (offset == 0 || offset > bytes_.size()) return damaged("a copy of what is not there");
    if (count > length_ - bytes_.size()) return damaged("it is longer than it says");
    // Byte by byte, as the copy may run into itself.
    for (std::size_t i = 0; i < count; ++i) bytes_.push_back(bytes_[bytes_.size() - offset]);
    return ok();
  }

  BytesView block_;
  Bytes bytes_;
  std::size_t length_ = 0;
};

void put_literal(Bytes& to, BytesView bytes) {
  if (bytes.empty()) return;
  const std::size_t last = bytes.size() - 1;
  if (last < 60) {
    to.push_back(static_cast<std::uint8_t>(last << 2));
  } else {
    const std::size_t width = last < 0x100 ? 1 : last < 0x10000 ? 2 : last < 0x1000000 ? 3 : 4;
    to.push_back(static_cast<std::uint8_t>((59 + width) << 2));
    for (std::size_t i = 0; i < width; ++i)
      to.push_back(static_cast<std::uint8_t>(last >> (8 * i)));
  }
  append(to, bytes);
}

void put_copy(Bytes& to, std::size_t offset, std::size_t count) {
  while (count > 0) {
    const std::size_t piece = std::min(count, kCopyMax);
    to.push_back(static_cast<std::uint8_t>((piece - 1) << 2 | kCopy2));
    to.push_back(static_cast<std::uint8_t>(offset));
    to.push_back(static_cast<std::uint8_t>(offset >> 8));
    count -= piece;
  }
}

std::uint32_t word_at(BytesView bytes, std::size_t at) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof(word));
  return word;
}

}  // namespace

Bytes snappy_compress(BytesView bytes) {
  Bytes block;
  std::size_t length = bytes.size();
  for (; length >= 0x80; length >>= 7) {
    block.push_back(static_cast<std::uint8_t>(length | 0x80U));
  }
  block.push_back(static_cast<std::uint8_t>(length));
  // Where four bytes of each hash were seen last, plus one.
  std::vector<std::size_t> seen(std::size_t{1} << kHashBits, 0);
  std::size_t literal = 0;  // what is before it is written
  std::size_t at = 0;
  while (at + kMatchMin <= bytes.size()) {
    const std::uint32_t word = word_at(bytes, at);
    std::size_t& slot = seen[(word * 0x1e35a7bdU) >> (32 - kHashBits)];
    const std::size_t before = slot;
    slot = at + 1;
    if (before == 0 || at - (before - 1) > kOffsetMax || word_at(bytes, before - 1) != word) {
      ++at;
      continue;
    }
    const std::size_t from = before - 1;
    std::size_t count = kMatchMin;
    while (at + count < bytes.size() && bytes[from + count] == bytes[at + count]) ++count;
    put_literal(block, bytes.subspan(literal, at - literal));
    put_copy(block, at - from, count);
    at += count;
    literal = at;
  }
  put_literal(block, bytes.subspan(literal));
  return block;
}

Result<Bytes> snappy_decompress(BytesView block, std::size_t bytes_max) {
  return Decoder(block).decode(bytes_max);
}

}  // namespace ksv
