// Checking and reading DynamoDB's numbers by their text.
#include "codec/dynamo_number.h"

#include <charconv>
#include <cmath>

#include "data/decimal.h"
#include "data/java_number_text.h"

namespace ksv {
namespace {

// Amazon DynamoDB Developer Guide, "Naming rules and data types".
constexpr std::size_t kDigitsMax = 38;
constexpr std::int64_t kExponentMax = 126;   // 9.99E+125 is 0.999 * 10^126
constexpr std::int64_t kExponentMin = -129;  // 1E-130 is 0.1 * 10^-129
// What the service prints in full is shorter: 126 digits, or 2 + 130 + 37.
constexpr std::size_t kTextCharsMax = 200;

bool are_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string text_of_number(const Value& number) {
  switch (number.kind()) {
    case Kind::kLong: return std::to_string(number.as_long());
    case Kind::kBigInt: return number.as_bigint().to_string();
    case Kind::kDouble: return java_double_text(number.as_double());
    case Kind::kFloat: return java_float_text(number.as_float());
    case Kind::kDecimal: return java_decimal_text(number.as_decimal());
    default: return "";
  }
}

bool is_finite(const Value& number) {
  if (number.is(Kind::kDouble)) return std::isfinite(number.as_double());
  return !number.is(Kind::kFloat) || std::isfinite(number.as_float());
}

}  // namespace

std::optional<DecimalDigits> parse_decimal_digits(std::string_view text) {
  DecimalDigits number;
  number.is_negative = text.starts_with('-');
  if (number.is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  if (mark < text.size()) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+') && !exponent.starts_with("+-")) exponent.remove_prefix(1);
    // Far beyond what is allowed, and far from an overflow.
    std::int32_t power = 0;
    const char* const end = exponent.data() + exponent.size();
    const auto [rest, error] = std::from_chars(exponent.data(), end, power);
    if (error != std::errc() || rest != end) return std::nullopt;
    number.exponent = power;
  }
  const std::string_view mantissa = text.substr(0, mark);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::string_view whole = mantissa.substr(0, point);
  const std::string_view fraction = mantissa.substr(std::min(point + 1, mantissa.size()));
  if (whole.empty() && fraction.empty()) return std::nullopt;
  if (!are_digits(whole) || !are_digits(fraction)) return std::nullopt;
  number.digits.append(whole).append(fraction);
  number.exponent += static_cast<std::int64_t>(whole.size());
  const std::size_t first = number.digits.find_first_not_of('0');
  if (first == std::string::npos) return DecimalDigits{};
  number.digits.erase(0, first);
  number.digits.erase(number.digits.find_last_not_of('0') + 1);
  number.exponent -= static_cast<std::int64_t>(first);
  return number;
}

Status check_dynamo_number(const DecimalDigits& number) {
  if (number.digits.empty()) return ok();
  if (number.digits.size() > kDigitsMax) {
    return Error(ErrorCode::kUsage, "a number of " + std::to_string(number.digits.size()) +
                                        " significant digits; DynamoDB holds 38");
  }
  if (number.exponent > kExponentMax) {
    return Error(ErrorCode::kUsage, "a number beyond 9.99E+125, the largest in DynamoDB");
  }
  if (number.exponent < kExponentMin) {
    return Error(ErrorCode::kUsage, "a number nearer to zero than 1E-130, the least in DynamoDB");
  }
  return ok();
}

Result<std::string> dynamo_number_text(const Value& number) {
  if (!is_finite(number)) {
    return Error(ErrorCode::kUsage, "DynamoDB has neither NaN nor infinities");
  }
  std::string text = text_of_number(number);
  const auto digits = parse_decimal_digits(text);
  if (!digits) return Error(ErrorCode::kUsage, "a ratio has no form in DynamoDB");
  KSV_CHECK(check_dynamo_number(*digits));
  // There is no minus zero.
  if (digits->digits.empty()) return std::string("0");
  return text;
}

Result<Value> read_dynamo_number(std::string_view text) {
  const Error damaged(ErrorCode::kCorrupt, "the text of a number is none");
  if (text.size() > kTextCharsMax || !parse_decimal_digits(text)) return damaged;
  if (text.find_first_of(".eE") != std::string_view::npos) {
    auto decimal = parse_decimal(text);
    if (!decimal.has_value()) return damaged;
    return Value::decimal(*std::move(decimal));
  }
  auto integer = BigInteger::parse(text);
  if (!integer) return damaged;
  if (const auto small = integer->to_long()) return Value::integer(*small);
  return Value::bigint(*std::move(integer));
}

}  // namespace ksv
