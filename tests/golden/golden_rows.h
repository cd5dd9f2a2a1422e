// Reads golden texts: lines of fields between tabs, comments after #.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ksv/value.h"

namespace ksv::testing {

using GoldenFields = std::vector<std::string>;

// The rows of a file below KSV_GOLDEN_DIR. A file that cannot be read, or has a row of other than
// `width` fields, fails the running test.
std::vector<GoldenFields> read_golden_rows(const std::string& path, std::size_t width);

// EDN with two shorthands for long values: #ksv/repeat ["s" n] is the string of n times s, and
// #ksv/counting n alone is n bytes 00 01 .. ff 00 ...
Value golden_value(std::string_view text);

}  // namespace ksv::testing
