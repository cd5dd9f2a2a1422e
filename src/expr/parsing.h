// Numbers and uuids from text, as Java's parsers take them.
#pragma once

#include <optional>
#include <string_view>

#include "ksv/value.h"

namespace ksv::expr {

// Long.parseLong: a sign and decimal digits of any script.
std::optional<Value> parse_long(std::string_view text);
// Double.parseDouble: white space around, an f or d behind, NaN, Infinity, hexadecimal.
std::optional<Value> parse_double(std::string_view text);
// "true" or "false".
std::optional<Value> parse_boolean(std::string_view text);
// UUID.fromString: five hexadecimal numbers with dashes between them, each cut to its width.
std::optional<Value> parse_uuid(std::string_view text);

}  // namespace ksv::expr
