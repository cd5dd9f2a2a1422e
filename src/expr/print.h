// Text of values as Clojure's str and pr-str write it, where that differs from the EDN of the
// codecs.
#pragma once

#include <string>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// (pr-str value), appended. Refuses what has no text: functions, endless sequences.
Status print_readably(Machine& machine, const Value& value, std::string& to);
// (str value), appended: strings and characters as they are, nil as nothing.
Status print_plainly(Machine& machine, const Value& value, std::string& to);

// A string of text that was put together from parts: surrogates that have met become one letter.
Value joined_text(std::string text);
// A string with Java's length and indexes: UTF-16 code units.
Value string_of_units(std::u16string_view units);
// A character as text.
std::string text_of_unit(std::uint16_t unit);

}  // namespace ksv::expr
