// Numbers as java.util.Formatter writes them: the shortest digits of a double, rounded half up.
#include "expr/format_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "data/java_number_text.h"
#include "expr/machine.h"

namespace ksv::expr {
namespace {

// 0.DIGITS * 10^point; zero has no digits.
struct Digits {
  std::string text{};
  std::int64_t point = 0;
};

Digits digits_of(double magnitude) {
  Digits digits;
  if (magnitude == 0) return digits;
  // "123.456" or "1.5E-7".
  const std::string text = java_double_text(magnitude);
  const std::size_t mark = std::min(text.find('E'), text.size());
  int exponent = 0;
  if (mark < text.size()) {
    std::from_chars(text.data() + mark + 1, text.data() + text.size(), exponent);
  }
  const std::size_t point = text.find('.');
  digits.text = text.substr(0, point) + text.substr(point + 1, mark - point - 1);
  digits.point = static_cast<std::int64_t>(point) + exponent;
  const std::size_t leading = digits.text.find_first_not_of('0');
  digits.text.erase(0, leading);
  digits.point -= static_cast<std::int64_t>(leading);
  return digits;
}

Digits digits_of(const Decimal& decimal) {
  Digits digits;
  if (decimal.unscaled.is_zero()) return digits;
  digits.text = decimal.unscaled.to_string();
  if (digits.text.starts_with('-')) digits.text.erase(0, 1);
  digits.point = static_cast<std::int64_t>(digits.text.size()) - decimal.scale;
  return digits;
}

// Keeps `count` digits, half up; a carry may make one more in front.
void round_digits(Digits& digits, std::int64_t count) {
  if (count >= static_cast<std::int64_t>(digits.text.size())) return;
  if (count < 0) {
    digits = {};
    return;
  }
  const auto kept = static_cast<std::size_t>(count);
  const bool up = digits.text[kept] >= '5';
  digits.text.resize(kept);
  if (!up) return;
  std::size_t at = kept;
  while (at > 0 && digits.text[at - 1] == '9') digits.text[--at] = '0';
  if (at > 0) {
    ++digits.text[at - 1];
    return;
  }
  digits.text.insert(digits.text.begin(), '1');
  ++digits.point;
}

std::string fixed(Digits digits, std::size_t precision) {
  round_digits(digits, digits.point + static_cast<std::int64_t>(precision));
  std::string text;
  const auto size = static_cast<std::int64_t>(digits.text.size());
  const auto digit_at = [&](std::int64_t index) {
    return index >= 0 && index < size ? digits.text[static_cast<std::size_t>(index)] : '0';
  };
  for (std::int64_t i = 0; i < digits.point; ++i) text += digit_at(i);
  if (text.empty()) text = "0";
  if (precision > 0) text += '.';
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(precision); ++i) {
    text += digit_at(digits.point + i);
  }
  return text;
}

std::string scientific(Digits digits, std::size_t precision) {
  round_digits(digits, static_cast<std::int64_t>(precision) + 1);
  const std::int64_t exponent = digits.text.empty() ? 0 : digits.point - 1;
  digits.text.resize(precision + 1, '0');
  std::string text = digits.text.substr(0, 1);
  if (precision > 0) text += "." + digits.text.substr(1);
  return text + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
}

// %g: so many digits in all, as %f or %e by the size of the rounded number.
std::string general(Digits digits, std::size_t precision) {
  const std::size_t significant = std::max<std::size_t>(precision, 1);
  if (digits.text.empty()) return fixed(digits, significant - 1);
  round_digits(digits, static_cast<std::int64_t>(significant));
  const std::int64_t exponent = digits.point - 1;
  if (exponent < -4 || exponent >= static_cast<std::int64_t>(significant)) {
    return scientific(digits, significant - 1);
  }
  return fixed(digits,
               static_cast<std::size_t>(static_cast<std::int64_t>(significant) - digits.point));
}

void group_thousands(std::string& text) {
  std::size_t end = text.find_first_not_of("0123456789");
  if (end == std::string::npos) end = text.size();
  for (std::size_t at = end; at > 3; at -= 3) text.insert(at - 3, 1, ',');
}

// Sign, zeros up to the width, and the digits.
std::string with_sign(const FormatSpec& spec, bool negative, std::string digits, bool zeros) {
  std::string before;
  std::string after;
  if (negative) {
    before = spec.parentheses ? "(" : "-";
    after = spec.parentheses ? ")" : "";
  } else if (spec.plus) {
    before = "+";
  } else if (spec.space) {
    before = " ";
  }
  const std::size_t used = before.size() + digits.size() + after.size();
  if (zeros && spec.width && *spec.width > used) digits.insert(0, *spec.width - used, '0');
  return before + digits + after;
}

Error wrong_kind(const FormatSpec& spec, std::string_view what, const Value& value) {
  return expected(fmt::format("{} for %{}", what, spec.conversion), value);
}

Result<std::string> format_integer(const FormatSpec& spec, const Value& value) {
  const bool boxed = value.shape() == Shape::kBoxed;
  if (boxed && value.is(Kind::kBigInt) && spec.conversion == 'd') {
    const BigInteger& integer = value.as_bigint();
    std::string digits = integer.to_string();
    if (integer.is_negative()) digits.erase(0, 1);
    if (spec.grouping) group_thousands(digits);
    return with_sign(spec, integer.is_negative(), std::move(digits), spec.zeros);
  }
  if (!value.is(Kind::kLong)) return wrong_kind(spec, "an integer of 64 bits", value);
  const std::int64_t number = value.as_long();
  auto bits = static_cast<std::uint64_t>(number);
  if (spec.conversion == 'd') {
    std::string digits = std::to_string(number < 0 ? 0 - bits : bits);
    if (spec.grouping) group_thousands(digits);
    return with_sign(spec, number < 0, std::move(digits), spec.zeros);
  }
  if (spec.grouping || spec.parentheses || spec.plus || spec.space) {
    return failure(fmt::format("flags that %{} does not have", spec.conversion));
  }
  // (int x) has 32 bits.
  if (boxed) bits &= 0xffffffffU;
  const bool octal = spec.conversion == 'o';
  std::string digits = octal ? fmt::format("{:o}", bits) : fmt::format("{:x}", bits);
  const std::string_view prefix = spec.alternate ? (octal ? "0" : "0x") : "";
  const std::size_t used = prefix.size() + digits.size();
  if (spec.zeros && spec.width && *spec.width > used) digits.insert(0, *spec.width - used, '0');
  std::string text = std::string(prefix) + digits;
  if (spec.conversion == 'X') {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  }
  return text;
}

Result<std::string> format_real(const FormatSpec& spec, const Value& value) {
  constexpr std::size_t kPrecisionDefault = 6;
  const char conversion = static_cast<char>(spec.conversion | 0x20);
  Digits digits;
  bool negative = false;
  if (value.is(Kind::kDecimal)) {
    digits = digits_of(value.as_decimal());
    negative = value.as_decimal().unscaled.is_negative();
  } else {
    const bool is_double = value.is(Kind::kDouble);
    if (!is_double && !value.is(Kind::kFloat)) {
      return wrong_kind(spec, "a double or decimal", value);
    }
    const double number = is_double ? value.as_double() : double{value.as_float()};
    if (std::isnan(number)) return std::string("NaN");
    negative = std::signbit(number);
    if (std::isinf(number)) return with_sign(spec, negative, "Infinity", false);
    digits = digits_of(std::abs(number));
  }
  const std::size_t precision = spec.precision.value_or(kPrecisionDefault);
  std::string text;
  if (conversion == 'f') {
    text = fixed(std::move(digits), precision);
  } else {
    text = conversion == 'e' ? scientific(std::move(digits), precision)
                             : general(std::move(digits), precision);
  }
  if (spec.alternate && precision == 0) text.insert(std::min(text.find('e'), text.size()), ".");
  if (spec.grouping) group_thousands(text);
  return with_sign(spec, negative, std::move(text), spec.zeros);
}

}  // namespace

Status check_format(const FormatSpec& spec) {
  const char conversion = static_cast<char>(spec.conversion | 0x20);
  const bool integer = conversion == 'd' || conversion == 'x' || conversion == 'o';
  if (integer && spec.precision) {
    return failure(fmt::format("%{} has no precision", spec.conversion));
  }
  const bool no_grouping = conversion == 'e' || conversion == 'x' || conversion == 'o';
  const bool no_alternate = conversion == 'd' || conversion == 'g';
  if ((no_grouping && spec.grouping) || (no_alternate && spec.alternate)) {
    return failure(fmt::format("flags that %{} does not have", spec.conversion));
  }
  return ok();
}

Result<std::string> format_number(const FormatSpec& spec, const Value& value) {
  constexpr std::string_view kIntegers = "dxXo";
  if (kIntegers.find(spec.conversion) != std::string_view::npos) return format_integer(spec, value);
  std::string text = KSV_TRY(format_real(spec, value));
  if (spec.conversion < 'a') {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  }
  return text;
}

}  // namespace ksv::expr
