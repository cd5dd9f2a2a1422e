// The lifting of numbers to a common kind, and the bound on their size.
#include "data/number_ladder.h"

#include <algorithm>

#include "ksv/limits.h"

#include "data/decimal.h"

namespace ksv {

Result<Rung> rung_of(const Value& number) {
  switch (number.kind()) {
    case Kind::kLong: return Rung::kLong;
    case Kind::kBigInt: return Rung::kBigInt;
    case Kind::kRatio: return Rung::kRatio;
    case Kind::kDecimal: return Rung::kDecimal;
    case Kind::kDouble:
    case Kind::kFloat: return Rung::kDouble;
    default: return not_a_number(number);
  }
}

Result<Rung> common_rung(const Value& a, const Value& b) {
  const Rung x = KSV_TRY(rung_of(a));
  const Rung y = KSV_TRY(rung_of(b));
  return std::max(x, y);
}

BigInteger integer_of(const Value& number) {
  return number.is(Kind::kLong) ? BigInteger(number.as_long()) : number.as_bigint();
}

Ratio ratio_of(const Value& number) {
  if (number.is(Kind::kRatio)) return number.as_ratio();
  return {integer_of(number), BigInteger(1)};
}

Result<Decimal> decimal_of(const Value& number) {
  if (number.is(Kind::kDecimal)) return number.as_decimal();
  if (!number.is(Kind::kRatio)) return Decimal{integer_of(number), 0};
  const Ratio& ratio = number.as_ratio();
  return decimal_divide({ratio.numerator, 0}, {ratio.denominator, 0});
}

Error not_a_number(const Value& value) {
  return {ErrorCode::kFunction, "expected a number, got " + kind_phrase(value.kind())};
}

Error divide_by_zero() { return {ErrorCode::kFunction, "divide by zero"}; }

Status check_bits(std::size_t bits) {
  // 3.3219 bits to a digit.
  constexpr std::size_t kBitsMax = limits::kNumberDigitsMax * 33220 / 10000;
  if (bits <= kBitsMax) return ok();
  return Error(ErrorCode::kFunction, "the number would have more than " +
                                         std::to_string(limits::kNumberDigitsMax) + " digits");
}

Result<BigInteger> checked_multiply(const BigInteger& a, const BigInteger& b) {
  KSV_CHECK(check_bits(a.bit_length() + b.bit_length()));
  return a * b;
}

Result<Value> make_ratio(const BigInteger& numerator, const BigInteger& denominator) {
  if (denominator.is_zero()) return divide_by_zero();
  const BigInteger common = gcd(numerator, denominator);
  BigInteger n = divide(numerator, common).quotient;
  BigInteger d = divide(denominator, common).quotient;
  if (d.is_negative()) {
    n = -n;
    d = -d;
  }
  if (d == BigInteger(1)) return Value::bigint(std::move(n));
  return Value::ratio({std::move(n), std::move(d)});
}

}  // namespace ksv
