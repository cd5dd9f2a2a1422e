// Places between the two surrogates of a character: two bytes after the first of its four.
#pragma once

#include <cstddef>
#include <string_view>

namespace ksv::expr {

bool is_within_pair(std::string_view text, std::size_t at);
// The place one unit of UTF-16 further on.
std::size_t next_unit(std::string_view text, std::size_t at);

// Whether Java looks for the pattern from character to character: it does when a part of it, other
// than a dot, can match a character outside the basic plane or a surrogate. Else it looks from unit
// to unit.
bool pattern_sees_pairs(std::string_view source);

}  // namespace ksv::expr
