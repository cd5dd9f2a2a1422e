// The parts of a JSON text as they stand in it, without building a tree: for large answers of which
// most is passed on as it came.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ksv/result.h"

namespace ksv {

// The members of an object, in order, their values as text. kCorrupt when `json` is no object, or
// its brackets and quotes do not match; what is inside of the values is checked by whoever parses
// them. The views are of `json`.
using JsonMembers = std::vector<std::pair<std::string, std::string_view>>;
Result<JsonMembers> json_members(std::string_view json);
// The value of the last member of that name; nothing without one.
std::optional<std::string_view> find_member(const JsonMembers& members, std::string_view name);

// The elements of an array. kCorrupt as above.
Result<std::vector<std::string_view>> json_elements(std::string_view json);

// A string, an integer, a boolean. kCorrupt when the value is another.
Result<std::string> json_string(std::string_view json);
Result<std::int64_t> json_integer(std::string_view json);
Result<bool> json_boolean(std::string_view json);

}  // namespace ksv
