// Conversions of numbers to a kind: Clojure's long, int, double, float, bigint, bigdec, char,
// rationalize.
#include <cmath>
#include <limits>
#include <string>

#include "data/decimal.h"
#include "data/java_number_text.h"
#include "data/number_ladder.h"
#include "data/numbers.h"

namespace ksv {
namespace {

Error out_of_range(std::string_view type, const std::string& number) {
  return {ErrorCode::kFunction, "value out of range for " + std::string(type) + ": " + number};
}

BigInteger ratio_to_integer(const Ratio& ratio) {
  return divide(ratio.numerator, ratio.denominator).quotient;
}

// RT.longCast(double): NaN is 0; the limits compare as doubles, so 2^63 is let in and saturates.
Result<std::int64_t> long_of_double(double value) {
  constexpr double kTwo63 = 9223372036854775808.0;
  if (value < -kTwo63 || value > kTwo63) return out_of_range("long", java_double_text(value));
  if (std::isnan(value)) return 0;
  if (value == kTwo63) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(value);
}

Result<std::int64_t> long_of_integer(const BigInteger& value) {
  const auto fits = value.to_long();
  if (!fits)
    return out_of_range("long", "an integer of " + std::to_string(value.bit_length()) + " bits");
  return *fits;
}

// RT.longCast(Object).
Result<std::int64_t> long_of(const Value& a) {
  switch (a.kind()) {
    case Kind::kLong: return a.as_long();
    case Kind::kChar: return std::int64_t{a.as_char()};
    case Kind::kBigInt: return long_of_integer(a.as_bigint());
    case Kind::kRatio:
      if (a.as_ratio().denominator.is_zero()) return divide_by_zero();
      return long_of_integer(ratio_to_integer(a.as_ratio()));
    case Kind::kDecimal:  // by way of a double, as Clojure has it
    case Kind::kDouble:
    case Kind::kFloat: return long_of_double(double_of(a));
    default: return not_a_number(a);
  }
}

Result<Value> part_of(const Value& ratio, BigInteger Ratio::*part) {
  if (!ratio.is(Kind::kRatio)) {
    return Error(ErrorCode::kFunction, "expected a ratio, got " + kind_phrase(ratio.kind()));
  }
  const BigInteger& integer = ratio.as_ratio().*part;
  if (const auto fits = integer.to_long()) return Value::integer(*fits);
  return Value::bigint(integer);
}

}  // namespace

double double_of(const Value& number) {
  switch (number.kind()) {
    case Kind::kLong: return static_cast<double>(number.as_long());
    case Kind::kBigInt: return number.as_bigint().to_double();
    case Kind::kRatio: return ratio_to_double(number.as_ratio());
    case Kind::kDecimal: return decimal_to_double(number.as_decimal());
    case Kind::kFloat: return static_cast<double>(number.as_float());
    default: return number.as_double();
  }
}

Result<Value> to_long(const Value& a) {
  const std::int64_t value = KSV_TRY(long_of(a));
  return Value::integer(value);
}

Result<Value> to_int(const Value& a) {
  const std::int64_t value = KSV_TRY(long_of(a));
  if (value < std::numeric_limits<std::int32_t>::min() ||
      value > std::numeric_limits<std::int32_t>::max()) {
    return out_of_range("int", std::to_string(value));
  }
  return Value::integer(value);
}

Result<Value> to_double(const Value& a) {
  KSV_CHECK(rung_of(a));
  return Value::real(double_of(a));
}

Result<Value> to_float(const Value& a) {
  KSV_CHECK(rung_of(a));
  if (a.is(Kind::kFloat)) return a;
  const double value = double_of(a);
  if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
    return out_of_range("float", java_double_text(value));
  }
  return Value::real32(static_cast<float>(value));
}

Result<Value> to_bigint(const Value& a) {
  switch (a.kind()) {
    case Kind::kBigInt: return a;
    case Kind::kLong: return Value::bigint(a.as_long());
    case Kind::kRatio:
      if (a.as_ratio().denominator.is_zero()) return divide_by_zero();
      return Value::bigint(ratio_to_integer(a.as_ratio()));
    case Kind::kDecimal: {
      BigInteger integer = KSV_TRY(decimal_to_integer(a.as_decimal()));
      return Value::bigint(std::move(integer));
    }
    case Kind::kDouble:
    case Kind::kFloat: {
      const Decimal decimal = KSV_TRY(decimal_from_double(double_of(a)));
      BigInteger integer = KSV_TRY(decimal_to_integer(decimal));
      return Value::bigint(std::move(integer));
    }
    case Kind::kString: {
      KSV_CHECK(check_bits(a.as_string().size() * 3));
      const auto integer = BigInteger::parse(a.as_string());
      if (!integer) return Error(ErrorCode::kFunction, "the string is not an integer");
      return Value::bigint(*integer);
    }
    default: return not_a_number(a);
  }
}

Result<Value> to_decimal(const Value& a) {
  switch (a.kind()) {
    case Kind::kDouble:
    case Kind::kFloat: {
      Decimal decimal = KSV_TRY(decimal_from_double(double_of(a)));
      return Value::decimal(std::move(decimal));
    }
    case Kind::kString: {
      Result<Decimal> decimal = parse_decimal(a.as_string());
      if (!decimal.has_value()) {
        return Error(ErrorCode::kFunction, "the string is " + decimal.error().message());
      }
      return Value::decimal(*std::move(decimal));
    }
    default: {
      KSV_CHECK(rung_of(a));
      Decimal decimal = KSV_TRY(decimal_of(a));
      return Value::decimal(std::move(decimal));
    }
  }
}

Result<Value> to_character(const Value& a) {
  if (a.is(Kind::kChar)) return a;
  KSV_CHECK(rung_of(a));
  const std::int64_t unit = KSV_TRY(long_of(a));
  if (unit < 0 || unit > 0xffff) return out_of_range("char", std::to_string(unit));
  return Value::character(static_cast<std::uint16_t>(unit));
}

Result<Value> rationalize(const Value& a) {
  const Rung rung = KSV_TRY(rung_of(a));
  if (rung != Rung::kDecimal && rung != Rung::kDouble) return a;
  const Decimal decimal = KSV_TRY(rung == Rung::kDecimal ? Result<Decimal>(a.as_decimal())
                                                         : decimal_from_double(double_of(a)));
  if (decimal.scale < 0) {
    BigInteger integer = KSV_TRY(decimal_to_integer(decimal));
    return Value::bigint(std::move(integer));
  }
  return make_ratio(decimal.unscaled, pow10(static_cast<std::uint32_t>(decimal.scale)));
}

Result<Value> numerator(const Value& ratio) { return part_of(ratio, &Ratio::numerator); }
Result<Value> denominator(const Value& ratio) { return part_of(ratio, &Ratio::denominator); }

}  // namespace ksv
