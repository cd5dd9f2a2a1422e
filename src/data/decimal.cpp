// Decimals, with the scales java.math.BigDecimal chooses.
#include "data/decimal.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "ksv/limits.h"

#include "data/java_number_text.h"
#include "data/number_ladder.h"

namespace ksv {
namespace {

constexpr std::int64_t kDigitsMax = static_cast<std::int64_t>(limits::kNumberDigitsMax);

Error too_large() {
  return {ErrorCode::kFunction,
          "the decimal would have more than " + std::to_string(kDigitsMax) + " digits"};
}

Result<Decimal> make_decimal(BigInteger unscaled, std::int64_t scale) {
  if (std::abs(scale) > limits::kDecimalScaleMax) {
    return Error(ErrorCode::kFunction, "the scale of the decimal would be beyond " +
                                           std::to_string(limits::kDecimalScaleMax));
  }
  return Decimal{std::move(unscaled), static_cast<std::int32_t>(scale)};
}

BigInteger absolute(const BigInteger& value) { return value.is_negative() ? -value : value; }

std::int64_t digits_of(const BigInteger& value) {
  return static_cast<std::int64_t>(digit_count(value));
}

// value * 10^exponent, refused before it is computed when it would be too large.
Result<BigInteger> shift_left(const BigInteger& value, std::int64_t exponent) {
  if (exponent == 0 || value.is_zero()) return value;
  if (exponent + digits_of(value) > kDigitsMax) return too_large();
  return value * pow10(static_cast<std::uint32_t>(exponent));
}

// The unscaled values of both at the greater of their scales.
struct Aligned {
  BigInteger a;
  BigInteger b;
  std::int64_t scale = 0;
};
Result<Aligned> align(const Decimal& a, const Decimal& b) {
  const std::int64_t scale = std::max(a.scale, b.scale);
  BigInteger x = KSV_TRY(shift_left(a.unscaled, scale - a.scale));
  BigInteger y = KSV_TRY(shift_left(b.unscaled, scale - b.scale));
  return Aligned{std::move(x), std::move(y), scale};
}

// How many zeros the decimal text of a number other than zero ends in.
std::int64_t trailing_zeros(const BigInteger& value) {
  if (value.is_odd()) return 0;
  const std::string text = value.to_string();
  return static_cast<std::int64_t>(text.size() - 1 - text.find_last_not_of('0'));
}

// Takes zeros off the end while the scale stays at least `scale_min`.
Decimal strip_to(const Decimal& value, std::int64_t scale_min) {
  if (value.unscaled.is_zero() || value.scale <= scale_min) return value;
  const std::int64_t count = std::min(trailing_zeros(value.unscaled), value.scale - scale_min);
  if (count == 0) return value;
  return {divide(value.unscaled, pow10(static_cast<std::uint32_t>(count))).quotient,
          static_cast<std::int32_t>(value.scale - count)};
}

std::int64_t trailing_zero_bits(const BigInteger& value) {
  std::int64_t count = 0;
  for (const std::uint64_t limb : value.magnitude()) {
    if (limb != 0) return count + std::countr_zero(limb);
    count += 64;
  }
  return count;
}

BigInteger power_of_two(std::int64_t exponent) {
  std::vector<std::uint64_t> limbs(static_cast<std::size_t>(exponent / 64) + 1, 0);
  limbs.back() = std::uint64_t{1} << (exponent % 64);
  return {false, std::move(limbs)};
}

// The least k for which `divisor` (positive) divides 10^k, or -1 if there is none.
std::int64_t decimal_exponent_of(const BigInteger& divisor) {
  const std::int64_t twos = trailing_zero_bits(divisor);
  const BigInteger odd = divide(divisor, power_of_two(twos)).quotient;
  // `odd` must be a power of five; its length says which.
  const auto guess =
      static_cast<std::int64_t>(static_cast<double>(odd.bit_length() - 1) / 2.321928094887362);
  for (std::int64_t fives = std::max<std::int64_t>(0, guess - 1); fives <= guess + 2; ++fives) {
    if (odd * power_of_two(fives) == pow10(static_cast<std::uint32_t>(fives))) {
      return std::max(twos, fives);
    }
  }
  return -1;
}

}  // namespace

Result<Decimal> parse_decimal(std::string_view text) {
  const auto malformed = [] { return Error(ErrorCode::kUsage, "not a decimal number"); };
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t mark = text.find_first_of("eE");
  std::string digits(text.substr(0, mark));
  std::int64_t scale = 0;
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    digits.erase(point, 1);
    scale = static_cast<std::int64_t>(digits.size() - point);
  }
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
    return malformed();
  }
  if (mark != std::string_view::npos) {
    std::string_view exponent_text = text.substr(mark + 1);
    if (exponent_text.starts_with('+')) {
      exponent_text.remove_prefix(1);
      if (exponent_text.starts_with('-')) return malformed();
    }
    int exponent = 0;
    const char* end = exponent_text.data() + exponent_text.size();
    const auto parsed = std::from_chars(exponent_text.data(), end, exponent);
    if (parsed.ptr != end || parsed.ec == std::errc::invalid_argument) return malformed();
    if (parsed.ec == std::errc::result_out_of_range) {
      return Error(ErrorCode::kUsage, "the exponent of the decimal is out of range");
    }
    scale -= exponent;
  }
  if (digits.size() > limits::kNumberDigitsMax || std::abs(scale) > limits::kDecimalScaleMax) {
    return Error(ErrorCode::kUsage, "the decimal is too long, or its exponent out of range");
  }
  const auto unscaled = BigInteger::parse(digits);
  if (!unscaled) return malformed();
  return Decimal{negative ? -*unscaled : *unscaled, static_cast<std::int32_t>(scale)};
}

std::size_t digit_count(const BigInteger& value) {
  const std::size_t bits = value.bit_length();
  if (bits == 0) return 1;
  // The digits of 2^(bits - 1), which `value` is not less than; it may have one more.
  const auto least =
      static_cast<std::size_t>(static_cast<double>(bits - 1) * 0.30102999566398120) + 1;
  return absolute(value) >= pow10(static_cast<std::uint32_t>(least)) ? least + 1 : least;
}

Result<Decimal> decimal_add(const Decimal& a, const Decimal& b) {
  const Aligned aligned = KSV_TRY(align(a, b));
  return make_decimal(aligned.a + aligned.b, aligned.scale);
}

Result<Decimal> decimal_subtract(const Decimal& a, const Decimal& b) {
  return decimal_add(a, {-b.unscaled, b.scale});
}

Result<Decimal> decimal_multiply(const Decimal& a, const Decimal& b) {
  BigInteger product = KSV_TRY(checked_multiply(a.unscaled, b.unscaled));
  return make_decimal(std::move(product), std::int64_t{a.scale} + b.scale);
}

// The scale nearest to the preferred one, a.scale - b.scale, at which the quotient is exact.
Result<Decimal> decimal_divide(const Decimal& a, const Decimal& b) {
  if (b.unscaled.is_zero()) return divide_by_zero();
  const std::int64_t preferred = std::int64_t{a.scale} - b.scale;
  if (a.unscaled.is_zero()) return make_decimal({}, preferred);
  const BigInteger common = gcd(a.unscaled, b.unscaled);
  BigInteger n = divide(a.unscaled, common).quotient;
  BigInteger d = divide(b.unscaled, common).quotient;
  if (d.is_negative()) {
    n = -n;
    d = -d;
  }
  const std::int64_t exponent = decimal_exponent_of(d);
  if (exponent < 0) {
    return Error(ErrorCode::kFunction,
                 "Non-terminating decimal expansion; no exact representable decimal result");
  }
  const BigInteger shifted = KSV_TRY(shift_left(n, exponent));
  return make_decimal(divide(shifted, d).quotient, preferred + exponent);
}

Result<Decimal> decimal_quotient(const Decimal& a, const Decimal& b) {
  if (b.unscaled.is_zero()) return divide_by_zero();
  const std::int64_t preferred = std::int64_t{a.scale} - b.scale;
  if (compare_decimals({absolute(a.unscaled), a.scale}, {absolute(b.unscaled), b.scale}) < 0) {
    return make_decimal({}, preferred);
  }
  const Aligned aligned = KSV_TRY(align(a, b));
  const BigInteger whole = divide(aligned.a, aligned.b).quotient;
  if (preferred <= 0) return strip_to({whole, 0}, preferred);
  BigInteger padded = KSV_TRY(shift_left(whole, preferred));
  return make_decimal(std::move(padded), preferred);
}

Result<Decimal> decimal_remainder(const Decimal& a, const Decimal& b) {
  const Decimal whole = KSV_TRY(decimal_quotient(a, b));
  const Decimal product = KSV_TRY(decimal_multiply(whole, b));
  return decimal_subtract(a, product);
}

std::strong_ordering compare_decimals(const Decimal& a, const Decimal& b) {
  const auto sign = [](const Decimal& value) {
    if (value.unscaled.is_zero()) return 0;
    return value.unscaled.is_negative() ? -1 : 1;
  };
  if (sign(a) != sign(b) || sign(a) == 0) return sign(a) <=> sign(b);
  // Where the leading digits stand decides first; after that the scales differ by no more than the
  // lengths do, and aligning is cheap.
  const std::int64_t a_top = digits_of(a.unscaled) - std::int64_t{a.scale};
  const std::int64_t b_top = digits_of(b.unscaled) - std::int64_t{b.scale};
  if (a_top != b_top) return sign(a) > 0 ? a_top <=> b_top : b_top <=> a_top;
  const std::int64_t shift = std::int64_t{b.scale} - a.scale;
  if (shift >= 0) return a.unscaled * pow10(static_cast<std::uint32_t>(shift)) <=> b.unscaled;
  return a.unscaled <=> b.unscaled * pow10(static_cast<std::uint32_t>(-shift));
}

Decimal strip_zeros(const Decimal& value) {
  if (value.unscaled.is_zero()) return {};
  return strip_to(value, std::numeric_limits<std::int32_t>::min());
}

Result<BigInteger> decimal_to_integer(const Decimal& value) {
  if (value.scale <= 0) return shift_left(value.unscaled, -std::int64_t{value.scale});
  if (value.scale >= digits_of(value.unscaled)) return BigInteger();
  return divide(value.unscaled, pow10(static_cast<std::uint32_t>(value.scale))).quotient;
}

double decimal_to_double(const Decimal& value) {
  const std::string text =
      value.unscaled.to_string() + "e" + std::to_string(-std::int64_t{value.scale});
  double result = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), result);
  if (parsed.ec == std::errc{}) return result;
  const bool huge = digits_of(value.unscaled) > value.scale;
  const double extreme = huge ? std::numeric_limits<double>::infinity() : 0.0;
  return value.unscaled.is_negative() ? -extreme : extreme;
}

// BigDecimal.divide to MathContext.DECIMAL64 (16 digits, half even), then doubleValue.
double ratio_to_double(const Ratio& value) {
  constexpr std::int64_t kDigits = 16;
  if (value.denominator.is_zero()) return std::numeric_limits<double>::quiet_NaN();
  if (value.numerator.is_zero()) return 0.0;
  const bool negative = value.numerator.is_negative() != value.denominator.is_negative();
  BigInteger n = absolute(value.numerator);
  BigInteger d = absolute(value.denominator);
  // n / d * 10^scale lies in [10^15, 10^17): one digit too many is put right below.
  std::int64_t scale = kDigits - (digits_of(n) - digits_of(d));
  const auto scaled = [&](std::int64_t by) {
    const BigInteger power = pow10(static_cast<std::uint32_t>(std::abs(by)));
    return by >= 0 ? divide(n * power, d) : divide(n, d * power);
  };
  QuotientRemainder result = scaled(scale);
  if (digits_of(result.quotient) > kDigits) result = scaled(--scale);
  const BigInteger divisor = scale >= 0 ? d : d * pow10(static_cast<std::uint32_t>(-scale));
  const std::strong_ordering half = result.remainder + result.remainder <=> divisor;
  if (half > 0 || (half == 0 && result.quotient.is_odd())) {
    result.quotient = result.quotient + BigInteger(1);
  }
  const double magnitude = decimal_to_double({result.quotient, static_cast<std::int32_t>(scale)});
  return negative ? -magnitude : magnitude;
}

Result<Decimal> decimal_from_double(double value) {
  if (!std::isfinite(value)) {
    return Error(ErrorCode::kFunction, java_double_text(value) + " has no decimal value");
  }
  return parse_decimal(java_double_text(value));
}

Result<Decimal> exact_decimal_from_double(double value) {
  if (!std::isfinite(value)) {
    return Error(ErrorCode::kFunction, java_double_text(value) + " has no decimal value");
  }
  // value = mantissa * 2^exponent with a whole mantissa; 2^-n is 5^n * 10^-n, and 5^n 10^n / 2^n.
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  BigInteger mantissa(static_cast<std::int64_t>(std::ldexp(fraction, 53)));
  exponent -= 53;
  if (mantissa.is_zero()) return Decimal{};
  const std::int64_t twos = trailing_zero_bits(mantissa);
  mantissa = divide(mantissa, power_of_two(twos)).quotient;
  const std::int64_t power = exponent + twos;
  if (power >= 0) return Decimal{mantissa * power_of_two(power), 0};
  const BigInteger fives =
      divide(pow10(static_cast<std::uint32_t>(-power)), power_of_two(-power)).quotient;
  return Decimal{mantissa * fives, static_cast<std::int32_t>(-power)};
}

}  // namespace ksv
