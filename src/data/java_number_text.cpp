// Numbers in the layout of Double.toString, Float.toString and BigDecimal.toString.
#include "data/java_number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>

namespace ksv {
namespace {

// digits[0].digits[1..] * 10^exponent
struct Scientific {
  std::string digits;
  int exponent = 0;
};

// From text such as "1.25e-07" or "1e+20".
Scientific parse_scientific(std::string_view text) {
  const std::size_t mark = text.find('e');
  Scientific number;
  for (const char c : text.substr(0, mark)) {
    if (c != '.') number.digits += c;
  }
  std::string_view exponent = text.substr(mark + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), number.exponent);
  return number;
}

// The digits Double.toString chooses for a positive finite number: as few as read back, but of
// those with two digits the nearest. So the least double is 4.9E-324 although 5E-324 reads back.
template <typename Float>
Scientific shortest_digits(Float value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  Scientific shortest = parse_scientific({buffer.data(), end.ptr});
  if (shortest.digits.size() > 1) return shortest;
  const int length =
      std::snprintf(buffer.data(), buffer.size(), "%.1e", static_cast<double>(value));
  Float read_back = 0;
  std::from_chars(buffer.data(), buffer.data() + length, read_back);
  if (read_back == value) shortest = parse_scientific({buffer.data(), buffer.data() + length});
  return shortest;
}

template <typename Float>
std::string java_text(Float value) {
  if (std::isnan(value)) return "NaN";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "Infinity";
  if (value == 0) return sign + "0.0";

  Scientific number = shortest_digits(std::abs(value));
  std::string& digits = number.digits;
  while (digits.size() > 1 && digits.back() == '0') digits.pop_back();
  const int exponent = number.exponent;
  if (exponent < -3 || exponent >= 7) {
    const std::string_view fraction = digits.size() > 1 ? std::string_view(digits).substr(1) : "0";
    return fmt::format("{}{}.{}E{}", sign, digits[0], fraction, exponent);
  }
  if (exponent < 0) return fmt::format("{}0.{:0>{}}{}", sign, "", -exponent - 1, digits);
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) digits.append(whole + 1 - digits.size(), '0');
  const std::string_view all = digits;
  return fmt::format("{}{}.{}", sign, all.substr(0, whole), all.substr(whole));
}

}  // namespace

std::string java_double_text(double value) { return java_text(value); }
std::string java_float_text(float value) { return java_text(value); }

std::string java_decimal_text(const Decimal& value) {
  std::string text = value.unscaled.to_string();
  if (value.scale == 0) return text;
  const std::string_view sign = value.unscaled.is_negative() ? "-" : "";
  const std::string_view all = std::string_view(text).substr(sign.size());
  const auto count = static_cast<std::int64_t>(all.size());
  const std::int64_t adjusted = count - 1 - value.scale;
  if (value.scale < 0 || adjusted < -6) {
    const std::string_view point = count > 1 ? "." : "";
    return fmt::format("{}{}{}{}E{:+}", sign, all[0], point, all.substr(1), adjusted);
  }
  const std::int64_t whole = count - value.scale;
  if (whole <= 0) return fmt::format("{}0.{:0>{}}{}", sign, "", -whole, all);
  const auto split = static_cast<std::size_t>(whole);
  return fmt::format("{}{}.{}", sign, all.substr(0, split), all.substr(split));
}

}  // namespace ksv
