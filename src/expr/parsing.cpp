// Numbers and uuids from text, as Java's parsers take them.
#include "expr/parsing.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/utf8.h"
#include "expr/letters.h"

namespace ksv::expr {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What String.trim takes away.
std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c >= 0 && c <= ' '; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t count_digits(std::string_view text, std::size_t at, bool hexadecimal) {
  std::size_t count = 0;
  for (; at + count < text.size(); ++count) {
    const char c = text[at + count];
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!is_digit(c) && !(hexadecimal && letter)) break;
  }
  return count;
}

// [digits][.digits][exponent], or with hexadecimal digits and a needed exponent; nothing else.
bool is_number_text(std::string_view text, bool hexadecimal) {
  const std::size_t whole = count_digits(text, 0, hexadecimal);
  std::size_t at = whole;
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    fraction = count_digits(text, at + 1, hexadecimal);
    at += 1 + fraction;
  }
  if (whole + fraction == 0) return false;
  const char mark = hexadecimal ? 'p' : 'e';
  if (at == text.size()) return !hexadecimal;
  if ((text[at] | 0x20) != mark) return false;
  ++at;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const std::size_t digits = count_digits(text, at, false);
  return digits > 0 && at + digits == text.size();
}

// from_chars tells a number beyond the range apart only by its error: the exponent decides.
double beyond_range(std::string_view text, char mark) {
  const std::size_t exponent = text.find_first_of(mark == 'p' ? "pP" : "eE");
  const bool tiny =
      exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
  return tiny ? 0.0 : std::numeric_limits<double>::infinity();
}

std::optional<double> parse_magnitude(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  if (!is_number_text(text, hexadecimal)) return std::nullopt;
  // from_chars knows neither "5." nor "+" in the exponent of hexadecimal numbers as Java does.
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') continue;
    plain += text[i];
  }
  double value = 0;
  const auto [end, error] =
      std::from_chars(plain.data(), plain.data() + plain.size(), value,
                      hexadecimal ? std::chars_format::hex : std::chars_format::general);
  if (error == std::errc::result_out_of_range) {
    return beyond_range(plain, hexadecimal ? 'p' : 'e');
  }
  if (error != std::errc() || end != plain.data() + plain.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Value> parse_long(std::string_view text) {
  std::size_t at = 0;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) at = 1;
  if (at == text.size()) return std::nullopt;
  std::int64_t value = 0;
  while (at < text.size()) {
    const std::optional<char32_t> letter = next_code_point(text, at);
    if (!letter) return std::nullopt;
    const std::optional<int> digit = decimal_digit(*letter);
    if (!digit) return std::nullopt;
    // Counted downwards, so that the least long fits.
    if (__builtin_mul_overflow(value, 10, &value)) return std::nullopt;
    if (__builtin_sub_overflow(value, *digit, &value)) return std::nullopt;
  }
  if (!negative && value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return Value::integer(negative ? value : -value);
}

std::optional<Value> parse_double(std::string_view text) {
  text = trimmed(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  if (text == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity") {
    value = std::numeric_limits<double>::infinity();
  } else {
    if (text.empty()) return std::nullopt;
    const char last = static_cast<char>(text.back() | 0x20);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    const bool exponent = text.find_first_of("pP") != std::string_view::npos;
    if ((last == 'f' || last == 'd') && (!hexadecimal || exponent)) text.remove_suffix(1);
    const std::optional<double> magnitude = parse_magnitude(text);
    if (!magnitude) return std::nullopt;
    value = *magnitude;
  }
  return Value::real(negative ? -value : value);
}

std::optional<Value> parse_boolean(std::string_view text) {
  if (text == "true") return Value::boolean(true);
  if (text == "false") return Value::boolean(false);
  return std::nullopt;
}

std::optional<Value> parse_uuid(std::string_view text) {
  constexpr std::size_t kLengthMax = 36;
  constexpr int kWidths[] = {8, 4, 4, 4, 12};
  if (text.size() > kLengthMax) return std::nullopt;
  std::uint64_t halves[2] = {0, 0};
  for (std::size_t part = 0; part < 5; ++part) {
    const std::size_t dash = part < 4 ? text.find('-') : text.size();
    if (dash == std::string_view::npos || dash == 0) return std::nullopt;
    std::int64_t number = 0;
    // Long.parseLong with radix 16 takes a sign.
    std::string_view digits = text.substr(0, dash);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    const int bits = kWidths[part] * 4;
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    std::uint64_t& half = halves[part < 3 ? 0 : 1];
    half = (half << bits) | (static_cast<std::uint64_t>(number) & mask);
    text.remove_prefix(part < 4 ? dash + 1 : dash);
  }
  Uuid uuid{};
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    uuid[i] = static_cast<std::uint8_t>(halves[i / 8] >> (56 - 8 * (i % 8)));
  }
  return Value::uuid(uuid);
}

}  // namespace ksv::expr
