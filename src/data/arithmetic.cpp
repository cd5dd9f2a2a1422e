// Arithmetic across the kinds of number, after clojure.lang.Numbers.
#include <cmath>
#include <limits>

#include "data/decimal.h"
#include "data/number_ladder.h"
#include "data/numbers.h"

namespace ksv {
namespace {

constexpr std::int64_t kLongMin = std::numeric_limits<std::int64_t>::min();

Error overflow_error() { return {ErrorCode::kFunction, "integer overflow"}; }

Result<Value> decimal_value(Result<Decimal> decimal) {
  if (!decimal.has_value()) return std::move(decimal).error();
  return Value::decimal(*std::move(decimal));
}

Result<Value> bigint_product(const BigInteger& a, const BigInteger& b) {
  BigInteger product = KSV_TRY(checked_multiply(a, b));
  return Value::bigint(std::move(product));
}

Result<Value> bigint_sum(const BigInteger& a, const BigInteger& b) {
  KSV_CHECK(check_bits(std::max(a.bit_length(), b.bit_length()) + 1));
  return Value::bigint(a + b);
}

Result<Value> ratio_sum(const Ratio& a, const Ratio& b) {
  const BigInteger left = KSV_TRY(checked_multiply(a.numerator, b.denominator));
  const BigInteger right = KSV_TRY(checked_multiply(b.numerator, a.denominator));
  const BigInteger denominator = KSV_TRY(checked_multiply(a.denominator, b.denominator));
  return make_ratio(left + right, denominator);
}

Result<Value> ratio_quotient(const Value& a, const Value& b) {
  const Ratio x = ratio_of(a);
  const Ratio y = ratio_of(b);
  const BigInteger n = KSV_TRY(checked_multiply(x.numerator, y.denominator));
  const BigInteger d = KSV_TRY(checked_multiply(x.denominator, y.numerator));
  if (d.is_zero()) return divide_by_zero();
  return Value::bigint(divide(n, d).quotient);
}

// Numbers.quotient(double, double): the fraction is cut off by way of a long where it fits, which
// also makes -0.5 into 0.0.
Result<double> double_quotient(double a, double b) {
  if (b == 0) return divide_by_zero();
  const double q = a / b;
  if (!std::isfinite(q)) {
    return Error(ErrorCode::kFunction, "infinite or NaN where a whole quotient is needed");
  }
  return std::trunc(q) + 0.0;
}

Result<Value> decimal_operation(Result<Decimal> (*operation)(const Decimal&, const Decimal&),
                                const Value& a, const Value& b) {
  const Decimal x = KSV_TRY(decimal_of(a));
  const Decimal y = KSV_TRY(decimal_of(b));
  return decimal_value(operation(x, y));
}

// What `/`, `quot` and `rem` begin with: the kinds, and no division by zero, not even by 0.0.
Result<Rung> division_rung(const Value& a, const Value& b) {
  const Rung rung = KSV_TRY(common_rung(a, b));
  if (is_zero(b)) return divide_by_zero();
  return rung;
}

Value long_ratio(std::int64_t a, std::int64_t b) {
  // The least long divided by -1 wraps around, in `/` as in `quot`.
  if (b == -1) return Value::integer(static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(a)));
  if (a % b == 0) return Value::integer(a / b);
  const BigInteger n(a);
  const BigInteger d(b);
  const BigInteger common = b < 0 ? -gcd(n, d) : gcd(n, d);
  return Value::ratio({divide(n, common).quotient, divide(d, common).quotient});
}

}  // namespace

Result<Value> add(const Value& a, const Value& b, Overflow overflow) {
  const Rung rung = KSV_TRY(common_rung(a, b));
  switch (rung) {
    case Rung::kLong: {
      std::int64_t sum = 0;
      if (!__builtin_add_overflow(a.as_long(), b.as_long(), &sum)) return Value::integer(sum);
      if (overflow == Overflow::kError) return overflow_error();
      return Value::bigint(integer_of(a) + integer_of(b));
    }
    case Rung::kBigInt: return bigint_sum(integer_of(a), integer_of(b));
    case Rung::kRatio: return ratio_sum(ratio_of(a), ratio_of(b));
    case Rung::kDecimal: return decimal_operation(decimal_add, a, b);
    case Rung::kDouble: break;
  }
  return Value::real(double_of(a) + double_of(b));
}

// Clojure adds the negated second number, so that (- -1 least) overflows although the difference
// would fit, and (-' -1 least) gives a bigint.
Result<Value> subtract(const Value& a, const Value& b, Overflow overflow) {
  KSV_CHECK(rung_of(a));
  const Value negated = KSV_TRY(negate(b, overflow));
  return add(a, negated, overflow);
}

Result<Value> multiply(const Value& a, const Value& b, Overflow overflow) {
  const Rung rung = KSV_TRY(common_rung(a, b));
  switch (rung) {
    case Rung::kLong: {
      std::int64_t product = 0;
      if (!__builtin_mul_overflow(a.as_long(), b.as_long(), &product)) {
        return Value::integer(product);
      }
      if (overflow == Overflow::kError) return overflow_error();
      return Value::bigint(integer_of(a) * integer_of(b));
    }
    case Rung::kBigInt: return bigint_product(integer_of(a), integer_of(b));
    case Rung::kRatio: {
      const Ratio x = ratio_of(a);
      const Ratio y = ratio_of(b);
      const BigInteger n = KSV_TRY(checked_multiply(x.numerator, y.numerator));
      const BigInteger d = KSV_TRY(checked_multiply(x.denominator, y.denominator));
      return make_ratio(n, d);
    }
    case Rung::kDecimal: return decimal_operation(decimal_multiply, a, b);
    case Rung::kDouble: break;
  }
  return Value::real(double_of(a) * double_of(b));
}

Result<Value> negate(const Value& a, Overflow overflow) {
  const Rung rung = KSV_TRY(rung_of(a));
  switch (rung) {
    case Rung::kLong:
      if (a.as_long() != kLongMin) return Value::integer(-a.as_long());
      if (overflow == Overflow::kError) return overflow_error();
      return Value::bigint(-BigInteger(kLongMin));
    case Rung::kBigInt: return Value::bigint(-a.as_bigint());
    case Rung::kRatio: return Value::ratio({-a.as_ratio().numerator, a.as_ratio().denominator});
    case Rung::kDecimal: return Value::decimal({-a.as_decimal().unscaled, a.as_decimal().scale});
    case Rung::kDouble: break;
  }
  return Value::real(-double_of(a));
}

Result<Value> increment(const Value& a, Overflow overflow) {
  return add(a, Value::integer(1), overflow);
}

Result<Value> decrement(const Value& a, Overflow overflow) {
  return add(a, Value::integer(-1), overflow);
}

Result<Value> divide(const Value& a, const Value& b) {
  KSV_CHECK(common_rung(a, b));
  // A NaN answers before zero is looked for.
  if (is_nan(a)) return a;
  if (is_nan(b)) return b;
  const Rung rung = KSV_TRY(division_rung(a, b));
  switch (rung) {
    case Rung::kLong: return long_ratio(a.as_long(), b.as_long());
    case Rung::kBigInt: return make_ratio(integer_of(a), integer_of(b));
    case Rung::kRatio: {
      const Ratio x = ratio_of(a);
      const Ratio y = ratio_of(b);
      const BigInteger n = KSV_TRY(checked_multiply(x.numerator, y.denominator));
      const BigInteger d = KSV_TRY(checked_multiply(x.denominator, y.numerator));
      return make_ratio(n, d);
    }
    case Rung::kDecimal: return decimal_operation(decimal_divide, a, b);
    case Rung::kDouble: break;
  }
  return Value::real(double_of(a) / double_of(b));
}

Result<Value> quotient(const Value& a, const Value& b) {
  const Rung rung = KSV_TRY(division_rung(a, b));
  switch (rung) {
    case Rung::kLong:
      if (b.as_long() == -1) return long_ratio(a.as_long(), -1);
      return Value::integer(a.as_long() / b.as_long());
    case Rung::kBigInt: return Value::bigint(divide(integer_of(a), integer_of(b)).quotient);
    case Rung::kRatio: return ratio_quotient(a, b);
    case Rung::kDecimal: return decimal_operation(decimal_quotient, a, b);
    case Rung::kDouble: break;
  }
  const double q = KSV_TRY(double_quotient(double_of(a), double_of(b)));
  return Value::real(q);
}

Result<Value> remainder(const Value& a, const Value& b) {
  const Rung rung = KSV_TRY(division_rung(a, b));
  switch (rung) {
    case Rung::kLong: return Value::integer(b.as_long() == -1 ? 0 : a.as_long() % b.as_long());
    case Rung::kBigInt: return Value::bigint(divide(integer_of(a), integer_of(b)).remainder);
    case Rung::kRatio: {
      const Value whole = KSV_TRY(ratio_quotient(a, b));
      const Value product = KSV_TRY(multiply(whole, b));
      return subtract(a, product);
    }
    case Rung::kDecimal: return decimal_operation(decimal_remainder, a, b);
    case Rung::kDouble: break;
  }
  const double q = KSV_TRY(double_quotient(double_of(a), double_of(b)));
  return Value::real(double_of(a) - q * double_of(b));
}

Result<Value> modulo(const Value& a, const Value& b) {
  Value rest = KSV_TRY(remainder(a, b));
  if (is_zero(rest) || is_positive(a) == is_positive(b)) return rest;
  return add(rest, b);
}

Result<Value> absolute(const Value& a) {
  const Rung rung = KSV_TRY(rung_of(a));
  if (rung == Rung::kDouble) return Value::real(std::abs(double_of(a)));
  // Math.abs leaves the least long as it is.
  if (!is_negative(a) || (rung == Rung::kLong && a.as_long() == kLongMin)) return a;
  return negate(a);
}

Result<Value> minimum(const Value& a, const Value& b) {
  const std::partial_ordering order = KSV_TRY(order_numbers(a, b));
  if (is_nan(a)) return a;
  return order < 0 ? a : b;
}

Result<Value> maximum(const Value& a, const Value& b) {
  const std::partial_ordering order = KSV_TRY(order_numbers(a, b));
  if (is_nan(a)) return a;
  return order > 0 ? a : b;
}

}  // namespace ksv
