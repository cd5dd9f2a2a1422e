// Reads numbers as Clojure's readers match them: integers, then floating point and decimals, then
// ratios.
#include "codec/edn_number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "ksv/limits.h"

#include "codec/edn_chars.h"

namespace ksv {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <typename Predicate>
bool all(std::string_view text, Predicate holds) {
  return !text.empty() && std::all_of(text.begin(), text.end(), holds);
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

Error invalid(std::string_view text) {
  return Error(ErrorCode::kUsage, "invalid number " + shown_in_message(text));
}

Error too_long() {
  return Error(ErrorCode::kUsage,
               "number of more than " + std::to_string(limits::kNumberDigitsMax) + " digits");
}

// The digits of an integer and what they mean, as Clojure's pattern takes them apart.
struct IntegerShape {
  std::string_view digits;
  int radix = 10;
  bool big = false;  // ends in N
};

std::optional<IntegerShape> radix_shape(std::string_view text) {
  const std::size_t prefix = digits_at(text, 0);
  if (prefix == 0 || prefix > 2 || text[0] == '0' || prefix == text.size()) return std::nullopt;
  if (text[prefix] != 'r' && text[prefix] != 'R') return std::nullopt;
  const std::string_view digits = text.substr(prefix + 1);
  if (!all(digits, [](char c) { return is_digit(c) || is_letter(c); })) return std::nullopt;
  const int radix = prefix == 1 ? text[0] - '0' : (text[0] - '0') * 10 + (text[1] - '0');
  return IntegerShape{.digits = digits, .radix = radix};
}

// `text` has no sign. An N is a digit after 36r, so that form is tried first.
std::optional<IntegerShape> integer_shape(std::string_view text) {
  if (const auto shape = radix_shape(text)) return shape;
  IntegerShape shape;
  shape.big = text.ends_with('N');
  if (shape.big) text.remove_suffix(1);
  shape.digits = text;
  if (text == "0" || (all(text, is_digit) && text[0] != '0')) return shape;
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    shape.digits = text.substr(2);
    shape.radix = 16;
    return all(shape.digits, is_hex) ? std::optional(shape) : std::nullopt;
  }
  if (text.size() > 1 && text[0] == '0') {
    shape.digits = text.substr(1);
    shape.radix = 8;
    if (all(shape.digits, [](char c) { return c >= '0' && c <= '7'; })) return shape;
  }
  return std::nullopt;
}

Result<Value> integer_of(const IntegerShape& shape, bool negative, std::string_view text) {
  if (shape.radix < 2 || shape.radix > 36) {
    return Error(ErrorCode::kUsage, "radix " + std::to_string(shape.radix) + " is not in 2..36");
  }
  // A 64-bit value needs no big arithmetic, which is the common case.
  if (!shape.big) {
    std::string digits(negative ? "-" : "");
    digits += shape.digits;
    std::int64_t small = 0;
    const char* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, small, shape.radix);
    if (parsed.ec == std::errc() && parsed.ptr == end) return Value::integer(small);
  }
  if (shape.digits.size() > limits::kNumberDigitsMax) return too_long();
  std::optional<BigInteger> big = BigInteger::parse(shape.digits, shape.radix);
  if (!big) return invalid(text);
  return Value::bigint(negative ? -*big : *std::move(big));
}

// The parts of [+-]?digits[.digits][e[+-]digits].
struct FloatShape {
  std::string_view whole;
  std::string_view fraction;
  bool has_exponent = false;
  bool exponent_negative = false;
  std::string_view exponent;
};

std::optional<FloatShape> float_shape(std::string_view text) {
  FloatShape shape;
  std::size_t at = digits_at(text, 0);
  if (at == 0) return std::nullopt;
  shape.whole = text.substr(0, at);
  if (at < text.size() && text[at] == '.') {
    shape.fraction = text.substr(at + 1, digits_at(text, at + 1));
    at += 1 + shape.fraction.size();
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    shape.has_exponent = true;
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      shape.exponent_negative = text[at] == '-';
      ++at;
    }
    shape.exponent = text.substr(at, digits_at(text, at));
    if (shape.exponent.empty()) return std::nullopt;
    at += shape.exponent.size();
  }
  return at == text.size() ? std::optional(shape) : std::nullopt;
}

// Held within a range far beyond what any check after it admits.
std::int64_t exponent_of(const FloatShape& shape) {
  constexpr std::int64_t kEnough = 1'000'000'000'000;
  std::int64_t exponent = 0;
  for (const char digit : shape.exponent) {
    exponent = std::min(exponent * 10 + (digit - '0'), kEnough);
  }
  return shape.exponent_negative ? -exponent : exponent;
}

Result<Value> decimal_of(const FloatShape& shape, bool negative) {
  std::string digits(shape.whole);
  digits += shape.fraction;
  if (digits.size() > limits::kNumberDigitsMax) return too_long();
  const std::int64_t scale = static_cast<std::int64_t>(shape.fraction.size()) - exponent_of(shape);
  if (scale > limits::kDecimalScaleMax || scale < -limits::kDecimalScaleMax) {
    return Error(ErrorCode::kUsage,
                 "decimal with an exponent beyond " + std::to_string(limits::kDecimalScaleMax));
  }
  const std::optional<BigInteger> unscaled = BigInteger::parse(digits);
  KSV_ASSERT(unscaled.has_value());
  return Value::decimal(Decimal{.unscaled = negative ? -*unscaled : *unscaled,
                                .scale = static_cast<std::int32_t>(scale)});
}

bool is_negative(std::string_view text) { return !text.empty() && text[0] == '-'; }

std::string_view unsigned_part(std::string_view text) {
  return !text.empty() && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
}

// Two 64-bit integers give a long where they divide; any other pair gives a bigint, as Clojure's
// arithmetic does.
Result<Value> ratio_of(std::string_view numerator, std::string_view denominator, bool negative) {
  if (std::max(numerator.size(), denominator.size()) > limits::kNumberDigitsMax) return too_long();
  const std::optional<BigInteger> top = BigInteger::parse(numerator);
  const std::optional<BigInteger> bottom = BigInteger::parse(denominator);
  KSV_ASSERT(top.has_value() && bottom.has_value());
  if (bottom->is_zero()) return Error(ErrorCode::kUsage, "ratio with a zero denominator");
  const BigInteger signed_top = negative ? -*top : *top;
  const bool small = signed_top.to_long().has_value() && bottom->to_long().has_value();
  const BigInteger divisor = gcd(*top, *bottom);
  BigInteger whole = divide(signed_top, divisor).quotient;
  BigInteger part = divide(*bottom, divisor).quotient;
  if (part != BigInteger(1)) {
    return Value::ratio(Ratio{.numerator = std::move(whole), .denominator = std::move(part)});
  }
  if (!small) return Value::bigint(std::move(whole));
  return Value::integer(whole.to_long().value_or(0));
}

std::optional<Result<Value>> ratio_in(std::string_view text, bool negative) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view numerator = text.substr(0, slash);
  const std::string_view denominator = text.substr(slash + 1);
  if (!all(numerator, is_digit) || !all(denominator, is_digit)) return std::nullopt;
  return ratio_of(numerator, denominator, negative);
}

}  // namespace

double parse_double_text(std::string_view text) {
  const bool negative = is_negative(text);
  const std::string_view plain = unsigned_part(text);
  double value = 0;
  const auto parsed = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (parsed.ec == std::errc::result_out_of_range) {
    // from_chars does not say on which side; the place of the first digit does.
    const std::optional<FloatShape> shape = float_shape(plain);
    std::int64_t magnitude = 0;
    if (shape) {
      const std::size_t first = shape->whole.find_first_not_of('0');
      const std::size_t after = shape->fraction.find_first_not_of('0');
      magnitude = first != std::string_view::npos
                      ? static_cast<std::int64_t>(shape->whole.size() - first)
                      : -static_cast<std::int64_t>(after == std::string_view::npos ? 0 : after);
      magnitude += exponent_of(*shape);
    }
    value = magnitude > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  }
  return negative ? -value : value;
}

Result<Value> parse_number(std::string_view text) {
  const bool negative = is_negative(text);
  const std::string_view plain = unsigned_part(text);
  if (const auto shape = integer_shape(plain)) return integer_of(*shape, negative, text);
  // 08: neither octal nor, since it looks like an integer, a double.
  if (all(plain, is_digit)) return invalid(text);
  if (plain.ends_with('M')) {
    const auto shape = float_shape(plain.substr(0, plain.size() - 1));
    if (shape) return decimal_of(*shape, negative);
  }
  if (float_shape(plain)) {
    if (plain.size() > limits::kNumberDigitsMax) return too_long();
    return Value::real(parse_double_text(text));
  }
  if (const auto ratio = ratio_in(plain, negative)) return *ratio;
  return invalid(text);
}

}  // namespace ksv
