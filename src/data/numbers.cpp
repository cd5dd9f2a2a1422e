// Numbers: equality, hash, order and signs.
#include "data/numbers.h"

#include <bit>
#include <cmath>

#include "data/decimal.h"
#include "data/number_ladder.h"

namespace ksv {
namespace {

// The four categories that `=` keeps apart.
enum class Category { kInteger, kFloating, kDecimal, kRatio };

Category category_of(const Value& number) {
  switch (number.kind()) {
    case Kind::kDouble:
    case Kind::kFloat: return Category::kFloating;
    case Kind::kDecimal: return Category::kDecimal;
    case Kind::kRatio: return Category::kRatio;
    default: return Category::kInteger;
  }
}

std::uint64_t combine(std::uint64_t a, std::uint64_t b) {
  return (a ^ (b + 0x9e3779b97f4a7c15U + (a << 6) + (a >> 2))) * 0xbf58476d1ce4e5b9U;
}

std::uint64_t hash_integer(const BigInteger& integer) {
  // A bigint in the range of a long equals that long.
  if (const auto small = integer.to_long()) return static_cast<std::uint64_t>(*small);
  std::uint64_t hash = integer.is_negative() ? 1 : 2;
  for (const std::uint64_t limb : integer.magnitude()) hash = combine(hash, limb);
  return hash;
}

int sign_of(const BigInteger& integer) {
  if (integer.is_zero()) return 0;
  return integer.is_negative() ? -1 : 1;
}

// -1, 0, 1; for NaN 0, which callers rule out.
int sign_of(const Value& number) {
  switch (number.kind()) {
    case Kind::kLong: return number.as_long() == 0 ? 0 : (number.as_long() < 0 ? -1 : 1);
    case Kind::kBigInt: return sign_of(number.as_bigint());
    case Kind::kRatio: return sign_of(number.as_ratio().numerator);
    case Kind::kDecimal: return sign_of(number.as_decimal().unscaled);
    default: {
      const double value = double_of(number);
      return value < 0 ? -1 : (value > 0 ? 1 : 0);
    }
  }
}

}  // namespace

bool numbers_equal(const Value& a, const Value& b) {
  const Category category = category_of(a);
  if (category != category_of(b)) return false;
  switch (category) {
    case Category::kFloating: return double_of(a) == double_of(b);
    case Category::kDecimal: return compare_decimals(a.as_decimal(), b.as_decimal()) == 0;
    case Category::kRatio:
      return a.as_ratio().numerator == b.as_ratio().numerator &&
             a.as_ratio().denominator == b.as_ratio().denominator;
    case Category::kInteger: break;
  }
  if (a.is(Kind::kLong) && b.is(Kind::kLong)) return a.as_long() == b.as_long();
  return integer_of(a) == integer_of(b);
}

std::uint64_t number_hash(const Value& number) {
  switch (number.kind()) {
    case Kind::kLong: return static_cast<std::uint64_t>(number.as_long());
    case Kind::kBigInt: return hash_integer(number.as_bigint());
    case Kind::kRatio:
      return combine(hash_integer(number.as_ratio().numerator),
                     hash_integer(number.as_ratio().denominator));
    case Kind::kDecimal: {
      const Decimal stripped = strip_zeros(number.as_decimal());
      return combine(hash_integer(stripped.unscaled), static_cast<std::uint32_t>(stripped.scale));
    }
    default: {
      const double value = double_of(number);
      return std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);  // -0.0 equals 0.0
    }
  }
}

Result<std::partial_ordering> order_numbers(const Value& a, const Value& b) {
  const Rung rung = KSV_TRY(common_rung(a, b));
  switch (rung) {
    case Rung::kLong: return std::partial_ordering(a.as_long() <=> b.as_long());
    case Rung::kBigInt: return std::partial_ordering(integer_of(a) <=> integer_of(b));
    case Rung::kRatio: {
      const Ratio x = ratio_of(a);
      const Ratio y = ratio_of(b);
      const BigInteger left = KSV_TRY(checked_multiply(x.numerator, y.denominator));
      const BigInteger right = KSV_TRY(checked_multiply(y.numerator, x.denominator));
      return std::partial_ordering(left <=> right);
    }
    case Rung::kDecimal: {
      const Decimal x = KSV_TRY(decimal_of(a));
      const Decimal y = KSV_TRY(decimal_of(b));
      return std::partial_ordering(compare_decimals(x, y));
    }
    case Rung::kDouble: break;
  }
  return double_of(a) <=> double_of(b);
}

Result<int> compare_numbers(const Value& a, const Value& b) {
  const std::partial_ordering order = KSV_TRY(order_numbers(a, b));
  if (order == std::partial_ordering::less) return -1;
  return order == std::partial_ordering::greater ? 1 : 0;
}

bool is_zero(const Value& number) { return sign_of(number) == 0 && !is_nan(number); }
bool is_positive(const Value& number) { return sign_of(number) > 0; }
bool is_negative(const Value& number) { return sign_of(number) < 0; }

Result<bool> is_odd(const Value& integer) {
  if (integer.is(Kind::kLong)) return (integer.as_long() & 1) != 0;
  if (integer.is(Kind::kBigInt)) return integer.as_bigint().is_odd();
  return Error(ErrorCode::kFunction, "expected an integer, got " + kind_phrase(integer.kind()));
}

bool is_nan(const Value& value) {
  if (value.is(Kind::kDouble)) return std::isnan(value.as_double());
  return value.is(Kind::kFloat) && std::isnan(value.as_float());
}

}  // namespace ksv
