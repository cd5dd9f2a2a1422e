// The number syntax that Clojure's two readers share.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// The number that `text` is as a whole: 42 -0x1F 017 36rZZ 42N 1.5e3 1.50M 1/2. Errors are kUsage,
// without a place. Digits and scales are bounded by ksv/limits.h.
Result<Value> parse_number(std::string_view text);

// A double as Clojure reads it: nearest to the decimal text, infinite or zero beyond the range.
// `text` is [+-]?digits[.digits][e[+-]digits].
double parse_double_text(std::string_view text);

}  // namespace ksv
