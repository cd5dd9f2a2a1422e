// Numbers as Java prints them: what konserve hashes and Clojure prints.
#pragma once

#include <string>

#include "ksv/number.h"

namespace ksv {

// Double.toString of JDK 19 and later: the shortest digits that read back; "NaN", "Infinity".
std::string java_double_text(double value);
std::string java_float_text(float value);
// BigDecimal.toString: "1.50", "1E+3", "1E-10".
std::string java_decimal_text(const Decimal& value);

}  // namespace ksv
