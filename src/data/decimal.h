// Decimals: the arithmetic of java.math.BigDecimal, with its choice of scales.
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

#include "ksv/number.h"
#include "ksv/result.h"

namespace ksv {

// The grammar of BigDecimal's constructor: sign, digits with an optional point, optional exponent;
// no M. kUsage when it is not that, or beyond limits::kNumberDigitsMax or kDecimalScaleMax.
Result<Decimal> parse_decimal(std::string_view text);

// Decimal digits of |value|; 1 for zero.
std::size_t digit_count(const BigInteger& value);

// Exact. Errors (kFunction): division by zero, a quotient without a finite decimal form, a result
// beyond the limits.
Result<Decimal> decimal_add(const Decimal& a, const Decimal& b);
Result<Decimal> decimal_subtract(const Decimal& a, const Decimal& b);
Result<Decimal> decimal_multiply(const Decimal& a, const Decimal& b);
Result<Decimal> decimal_divide(const Decimal& a, const Decimal& b);
Result<Decimal> decimal_quotient(const Decimal& a, const Decimal& b);  // divideToIntegralValue
Result<Decimal> decimal_remainder(const Decimal& a, const Decimal& b);

// By value: 1.0 and 1.00 are equal. Takes no time for scales far apart.
std::strong_ordering compare_decimals(const Decimal& a, const Decimal& b);

// The same value with the least scale that holds it; zero has scale 0.
Decimal strip_zeros(const Decimal& value);

// Towards zero, without the fraction.
Result<BigInteger> decimal_to_integer(const Decimal& value);

// Nearest, ties to even; infinite when too large.
double decimal_to_double(const Decimal& value);
// Ratio.doubleValue of Clojure: by way of sixteen decimal digits. NaN when the denominator is zero.
double ratio_to_double(const Ratio& value);

// The number that Double.toString writes, as `bigdec` has it, or the exact value of the double.
// Errors: NaN and infinities.
Result<Decimal> decimal_from_double(double value);
Result<Decimal> exact_decimal_from_double(double value);

}  // namespace ksv
