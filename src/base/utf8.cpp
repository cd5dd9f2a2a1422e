// UTF-8 and UTF-16.
#include "base/utf8.h"

namespace ksv {
namespace {

constexpr char32_t kReplacement = 0xfffd;

bool is_surrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }
bool is_high(char32_t c) { return c >= 0xd800 && c <= 0xdbff; }
bool is_low(char32_t c) { return c >= 0xdc00 && c <= 0xdfff; }

}  // namespace

void append_utf8(std::string& to, char32_t c) {
  const auto byte = [&to](char32_t value) { to += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xc0 | c >> 6);
    byte(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    byte(0xe0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  } else if (c < 0x110000) {
    byte(0xf0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3f));
    byte(0x80 | (c >> 6 & 0x3f));
    byte(0x80 | (c & 0x3f));
  } else {
    append_utf8(to, kReplacement);
  }
}

std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  if (first < 0x80) {
    ++at;
    return first;
  }
  std::size_t length = 0;
  char32_t c = 0;
  char32_t least = 0;  // anything less was written longer than it must be
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2, c = first & 0x1f, least = 0x80;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3, c = first & 0x0f, least = 0x800;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4, c = first & 0x07, least = 0x10000;
  }
  if (length == 0 || text.size() - at < length) {
    ++at;
    return std::nullopt;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) {
      ++at;
      return std::nullopt;
    }
    c = c << 6 | (byte(at + i) & 0x3fU);
  }
  if (c < least || c > 0x10ffff) {
    ++at;
    return std::nullopt;
  }
  at += length;
  return c;
}

bool is_utf8(std::string_view text, bool allow_surrogates) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto c = next_code_point(text, at);
    if (!c || (is_surrogate(*c) && !allow_surrogates)) return false;
  }
  return true;
}

std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at).value_or(kReplacement);
    if (c < 0x10000) {
      units += static_cast<char16_t>(c);
    } else {
      units += static_cast<char16_t>(0xd800 + ((c - 0x10000) >> 10));
      units += static_cast<char16_t>(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return units;
}

std::string from_utf16(std::u16string_view units) {
  std::string text;
  text.reserve(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    if (is_high(c) && i + 1 < units.size() && is_low(units[i + 1])) {
      c = 0x10000 + ((c - 0xd800) << 10) + (units[i + 1] - 0xdc00U);
      ++i;
    }
    append_utf8(text, c);
  }
  return text;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at).value_or(kReplacement);
    length += c < 0x10000 ? 1 : 2;
  }
  return length;
}

}  // namespace ksv
