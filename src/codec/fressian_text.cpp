// CESU-8 to and from UTF-8, with a fast way for text that is the same in both.
#include "codec/fressian_text.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/utf8.h"

namespace ksv::fressian {
namespace {

using Byte = std::uint8_t;

bool is_continuation(Byte byte) { return (byte & 0xc0) == 0x80; }

// The number of ASCII bytes that `size` bytes at `from` start with.
std::size_t ascii_prefix(const Byte* from, std::size_t size) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t at = 0;
  for (; size - at >= 8; at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + at, 8);
    if ((word & kHighBits) != 0) break;
  }
  while (at < size && from[at] < 0x80) ++at;
  return at;
}

// Three stored bytes are a low surrogate (dc00..dfff); the text ends in a high one: make them one
// code point. The lead byte ed with a second byte a0..af is a high surrogate and nothing else.
bool join_surrogates(std::string& text, const Byte* low) {
  if (low[0] != 0xed || low[1] < 0xb0 || text.size() < 3) return false;
  const auto at = [&text](std::size_t back) { return static_cast<Byte>(text[text.size() - back]); };
  if (at(3) != 0xed || at(2) < 0xa0 || at(2) > 0xaf) return false;
  const char32_t high_bits = (at(2) & 0x0fU) << 6 | (at(1) & 0x3fU);
  const char32_t low_bits = (low[1] & 0x0fU) << 6 | (low[2] & 0x3fU);
  text.resize(text.size() - 3);
  append_utf8(text, 0x10000 + (high_bits << 10 | low_bits));
  return true;
}

// The bytes of the character at `from`, or 0 if it is malformed. As in Java's reader, a character
// may be stored longer than it needs to be, as 00 is by writers of Java's "modified UTF-8".
std::size_t stored_length(const Byte* from, std::size_t size) {
  if (from[0] >= 0xc0 && from[0] <= 0xdf) {
    return size >= 2 && is_continuation(from[1]) ? 2 : 0;
  }
  if (from[0] >= 0xe0 && from[0] <= 0xef) {
    return size >= 3 && is_continuation(from[1]) && is_continuation(from[2]) ? 3 : 0;
  }
  return 0;
}

}  // namespace

bool append_piece(std::string& to, BytesView piece) {
  const Byte* at = piece.data();
  std::size_t left = piece.size();
  for (;;) {
    const std::size_t ascii = ascii_prefix(at, left);
    to.append(reinterpret_cast<const char*>(at), ascii);
    at += ascii;
    left -= ascii;
    if (left == 0) return true;
    const std::size_t length = stored_length(at, left);
    if (length == 0) return false;
    if (length == 2) {
      append_utf8(to, static_cast<char32_t>((at[0] & 0x1fU) << 6 | (at[1] & 0x3fU)));
    } else if (!join_surrogates(to, at)) {
      append_utf8(to, static_cast<char32_t>((at[0] & 0x0fU) << 12 | (at[1] & 0x3fU) << 6 |
                                            (at[2] & 0x3fU)));
    }
    at += length;
    left -= length;
  }
}

std::string_view stored_form(std::string_view text, std::string& room) {
  const auto* bytes = reinterpret_cast<const Byte*>(text.data());
  std::size_t at = ascii_prefix(bytes, text.size());
  std::size_t copied = 0;  // so much of the text is in `room`; nothing while the two are the same
  room.clear();
  while (at < text.size()) {
    const std::size_t start = at;
    const auto c = next_code_point(text, at);
    if (!c || *c > 0xffff) {
      room.append(text, copied, start - copied);
      if (c) {
        append_utf8(room, 0xd800 + ((*c - 0x10000) >> 10));
        append_utf8(room, 0xdc00 + ((*c - 0x10000) & 0x3ff));
      } else {
        append_utf8(room, 0xfffd);
      }
      copied = at;
    }
    at += ascii_prefix(bytes + at, text.size() - at);
  }
  if (copied == 0) return text;
  room.append(text, copied);
  return room;
}

}  // namespace ksv::fressian
