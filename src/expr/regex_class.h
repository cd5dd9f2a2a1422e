// Character classes of Java's patterns, and the escapes that stand inside and outside of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/result.h"

namespace ksv::expr {

// A place in the code points of a pattern.
struct PatternText {
  std::u32string letters{};
  std::size_t at = 0;

  bool at_end() const { return at >= letters.size(); }
  char32_t peek(std::size_t ahead = 0) const {
    return at + ahead < letters.size() ? letters[at + ahead] : U'\0';
  }
  bool starts_with(std::u32string_view text) const {
    return std::u32string_view(letters).substr(at).starts_with(text);
  }
};

Error pattern_error(std::string message);

// One code point as PCRE2 takes it anywhere.
void append_literal(std::string& to, char32_t letter);

// After a backslash: a letter given by its code (\n, \t, \x41, \u0041, \0101, \cA), or nothing.
Result<std::optional<char32_t>> read_coded_letter(PatternText& text);
// After a backslash: \d \w \s \h \v and their like, \p{...}: what stands for it inside brackets, or
// nothing.
Result<std::optional<std::string>> read_set_escape(PatternText& text);
// After an opening bracket: the whole class, as a pattern for one letter. `comments`: (?x) is on.
Result<std::string> read_class(PatternText& text, bool comments);

}  // namespace ksv::expr
