// UTF-8 and UTF-16, as they meet in formats that come from Java.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ksv {

// Appends a code point. A surrogate (D800..DFFF) is written as its three bytes.
void append_utf8(std::string& to, char32_t code_point);

// The code point at `at`, advancing `at` past it; nothing on malformed input (then `at` advances by
// one). The three-byte form of a surrogate is accepted.
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at);

// Well-formed UTF-8; `allow_surrogates` admits the three-byte form of unpaired surrogates.
bool is_utf8(std::string_view text, bool allow_surrogates = false);

// To UTF-16 code units and back. An unpaired surrogate goes through unchanged; malformed bytes
// become U+FFFD; surrogate pairs written as two three-byte forms are joined.
std::u16string to_utf16(std::string_view text);
std::string from_utf16(std::u16string_view units);

// The number of UTF-16 code units: what Java calls the length.
std::size_t utf16_length(std::string_view text);

}  // namespace ksv
