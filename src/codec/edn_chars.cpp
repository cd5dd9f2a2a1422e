// The character tables of Java 17, as far as Clojure's readers consult them.
#include "codec/edn_chars.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/utf8.h"

namespace ksv {

bool is_edn_space(char32_t c) {
  if (c <= 0x20) return c == ' ' || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
  if (c < 0x80) return c == ',';
  return c == 0x1680 || (c >= 0x2000 && c <= 0x200a && c != 0x2007) || c == 0x2028 || c == 0x2029 ||
         c == 0x205f || c == 0x3000;
}

std::optional<int> java_digit(char32_t c, int radix) {
  // The zeros of the scripts; nine more digits follow each.
  static constexpr std::array<char16_t, 37> kZeros = {
      0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6,
      0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0,
      0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
      0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10};
  std::optional<int> digit;
  const char32_t narrow = c >= 0xff21 && c <= 0xff5a ? c - 0xff21 + 'A' : c;
  if (narrow >= 'a' && narrow <= 'z') {
    digit = static_cast<int>(narrow - 'a') + 10;
  } else if (narrow >= 'A' && narrow <= 'Z') {
    digit = static_cast<int>(narrow - 'A') + 10;
  } else {
    const auto after = std::upper_bound(kZeros.begin(), kZeros.end(), c);
    if (after != kZeros.begin() && c - *std::prev(after) < 10) {
      digit = static_cast<int>(c - *std::prev(after));
    }
  }
  return digit && *digit < radix ? digit : std::nullopt;
}

bool may_begin_tag(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return c == 0xaa || c == 0xb5 || c == 0xba || (c >= 0xc0 && c <= 0xff && c != 0xd7 && c != 0xf7);
}

std::string shown_in_message(std::string_view text) {
  constexpr std::size_t kBytesMax = 60;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string shown;
  std::size_t at = 0;
  while (at < text.size()) {
    if (shown.size() > kBytesMax) return shown + "...";
    const std::size_t from = at;
    const std::optional<char32_t> c = next_code_point(text, at);
    if (!c) {
      const auto byte = static_cast<unsigned char>(text[from]);
      shown += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else if (*c < 0x20 || (*c >= 0x7f && *c < 0xa0) || *c == 0x2028 || *c == 0x2029 ||
               (*c >= 0xd800 && *c <= 0xdfff)) {
      shown += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) shown += kHex[(*c >> shift) & 15];
    } else {
      shown += text.substr(from, at - from);
    }
  }
  return shown;
}

}  // namespace ksv
