// How numbers of different kinds meet: the rung both are lifted to, and the lifting. Shared by the
// files that implement data/numbers.h.
#pragma once

#include <cstddef>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

enum class Rung { kLong, kBigInt, kRatio, kDecimal, kDouble };

// The rung on which `a` and `b` compute; an error when one is no number.
Result<Rung> rung_of(const Value& number);
Result<Rung> common_rung(const Value& a, const Value& b);

BigInteger integer_of(const Value& number);       // a long or bigint
Ratio ratio_of(const Value& number);              // or a ratio
Result<Decimal> decimal_of(const Value& number);  // or a decimal; a ratio must have a finite form

Error not_a_number(const Value& value);
Error divide_by_zero();
// An error when a number of so many bits has more than limits::kNumberDigitsMax digits.
Status check_bits(std::size_t bits);
Result<BigInteger> checked_multiply(const BigInteger& a, const BigInteger& b);

// numerator / denominator in lowest terms: a ratio, or a bigint when the denominator comes to 1.
Result<Value> make_ratio(const BigInteger& numerator, const BigInteger& denominator);

}  // namespace ksv
