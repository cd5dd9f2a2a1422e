// JSON as a view of values, both ways (doc/format: JSON).
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// Object keys become strings, or keywords when asked. Whole numbers become longs, or bigints past 64
// bits; others doubles. kUsage with the place of the mistake.
enum class JsonKeys { kStrings, kKeywords };
Result<Value> read_json(std::string_view text, JsonKeys keys);

// One line. Every value has a form; see doc/format for the table.
std::string print_json(const Value& value);
std::string print_json_pretty(const Value& value);

}  // namespace ksv
