// What kind of character Clojure's readers take a code point for: white space, digit, delimiter.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ksv {

// Java's Character.isWhitespace, and the comma. No-break spaces are not white space.
bool is_edn_space(char32_t code_point);

// Java's Character.digit for the basic plane: digits of every script, and the Latin letters, of
// both widths. Nothing when it is no digit in `radix`.
std::optional<int> java_digit(char32_t code_point, int radix);

inline bool is_java_digit(char32_t code_point) {
  return code_point < 0x80 ? code_point >= '0' && code_point <= '9'
                           : java_digit(code_point, 10).has_value();
}

// Java's Character.isLetter below U+0100: what may begin a tag. The reader's table ends there.
bool may_begin_tag(char32_t code_point);

// A piece of a text for a message: cut where it is long, control characters and what is not UTF-8
// shown as escapes.
std::string shown_in_message(std::string_view text);

}  // namespace ksv
