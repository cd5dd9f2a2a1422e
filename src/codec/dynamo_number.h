// The numbers of DynamoDB: decimal text of up to 38 significant digits, never a double.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// A decimal number as its digits say it: 0.DIGITS * 10^exponent, without zeros at either end of the
// digits. Zero has no digits, exponent 0 and no sign.
struct DecimalDigits {
  bool is_negative = false;
  std::string digits{};
  std::int64_t exponent = 0;
  friend bool operator==(const DecimalDigits&, const DecimalDigits&) = default;
};
// Of [+-]?digits[.digits][e[+-]digits]; nothing for another text.
std::optional<DecimalDigits> parse_decimal_digits(std::string_view text);

// Whether DynamoDB can hold it: at most 38 digits, and zero or from 1E-130 to 9.99E+125 either side
// of it. kUsage with what is wrong.
Status check_dynamo_number(const DecimalDigits& number);

// The text of a number for DynamoDB, as Java writes it. kUsage for one that it cannot hold.
Result<std::string> dynamo_number_text(const Value& number);
// A number of DynamoDB: an integer without a point, else a decimal. kCorrupt for another text.
Result<Value> read_dynamo_number(std::string_view text);

}  // namespace ksv
