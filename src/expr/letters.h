// Letters as java.lang.Character knows them: case, white space, digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ksv::expr {

// String.toUpperCase and toLowerCase, of no locale in particular.
std::string to_upper(std::string_view text);
std::string to_lower(std::string_view text);
// Character.isWhitespace.
bool is_whitespace(char32_t letter);
// Character.digit(c, 10).
std::optional<int> decimal_digit(char32_t letter);

}  // namespace ksv::expr
