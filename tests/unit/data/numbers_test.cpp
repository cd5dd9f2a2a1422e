// The number tower: what the golden pairs do not show.
#include "data/numbers.h"

#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <vector>

#include "ksv/limits.h"

#include "support/number_text.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::number_text;
using testing::parse_number;

std::string message(const Result<Value>& result) { return testing::error_text(result); }

TEST_CASE("errors say what is wrong in a word") {
  const Value max = Value::integer(std::numeric_limits<std::int64_t>::max());
  CHECK(message(increment(max)) == "integer overflow");
  CHECK(message(multiply(max, max)) == "integer overflow");
  CHECK(message(divide(max, Value::integer(0))) == "divide by zero");
  CHECK(message(divide(max, Value::real(0.0))) == "divide by zero");
  CHECK(message(add(max, Value::string("a"))) == "expected a number, got a string");
  CHECK(message(add(Value(), max)) == "expected a number, got nil");
  CHECK(message(to_int(max)) == "value out of range for int: 9223372036854775807");
  CHECK(message(to_long(Value::real(1e19))) == "value out of range for long: 1.0E19");
}

TEST_CASE("what is no number is an error everywhere, never a crash") {
  const Value one = Value::integer(1);
  for (const Value& bad : {Value(), Value::boolean(true), Value::string("1"), Value::keyword("a"),
                           Value::vector({})}) {
    for (const auto operation : {quotient, remainder, modulo, minimum, maximum}) {
      REQUIRE_ERROR(operation(one, bad), ErrorCode::kFunction);
      REQUIRE_ERROR(operation(bad, one), ErrorCode::kFunction);
    }
    for (const auto operation : {add, subtract, multiply}) {
      REQUIRE_ERROR(operation(one, bad, Overflow::kPromote), ErrorCode::kFunction);
      REQUIRE_ERROR(operation(bad, one, Overflow::kPromote), ErrorCode::kFunction);
    }
    REQUIRE_ERROR(order_numbers(one, bad), ErrorCode::kFunction);
    REQUIRE_ERROR(divide(bad, one), ErrorCode::kFunction);
    REQUIRE_ERROR(is_odd(bad), ErrorCode::kFunction);
    for (const auto convert : {to_long, to_int, to_double, to_float, to_character, rationalize,
                               absolute, numerator, denominator, bit_not}) {
      REQUIRE_ERROR(convert(bad), ErrorCode::kFunction);
    }
    REQUIRE_ERROR(bit_operation(BitOperation::kAnd, one, bad), ErrorCode::kFunction);
  }
}

TEST_CASE("numbers that would grow without bound are refused") {
  const Value big = Value::bigint(pow10(60'000));
  const Value ratio = Value::ratio({BigInteger(1), pow10(60'000)});
  REQUIRE_ERROR(multiply(big, big), ErrorCode::kFunction);
  REQUIRE_ERROR(multiply(ratio, ratio), ErrorCode::kFunction);
  REQUIRE_ERROR(add(ratio, Value::ratio({BigInteger(1), pow10(60'000) + BigInteger(1)})),
                ErrorCode::kFunction);
  REQUIRE_ERROR(divide(ratio, big), ErrorCode::kFunction);
  CHECK_OK(add(big, big));
  REQUIRE_ERROR(to_bigint(Value::string(std::string(200'000, '1'))), ErrorCode::kFunction);
  CHECK_OK(to_bigint(Value::string(std::string(limits::kNumberDigitsMax, '9'))));
  Value grown = Value::bigint(BigInteger(3));
  Result<Value> next = grown;
  int rounds = 0;
  for (; next.has_value() && rounds < 100; ++rounds) {
    grown = *next;
    next = multiply(grown, grown);
  }
  CHECK(rounds < 25);
  CHECK(grown.as_bigint().to_string().size() <= limits::kNumberDigitsMax);
}

TEST_CASE("a ratio with a zero denominator, as damaged bytes may bring, does no harm") {
  const Value broken = Value::ratio({BigInteger(1), BigInteger()});
  const Value half = Value::ratio({BigInteger(1), BigInteger(2)});
  REQUIRE_ERROR(add(broken, half), ErrorCode::kFunction);
  REQUIRE_ERROR(add(broken, Value::decimal({BigInteger(1), 0})), ErrorCode::kFunction);
  REQUIRE_ERROR(quotient(broken, half), ErrorCode::kFunction);
  REQUIRE_ERROR(to_long(broken), ErrorCode::kFunction);
  REQUIRE_ERROR(to_bigint(broken), ErrorCode::kFunction);
  REQUIRE_ERROR(to_decimal(broken), ErrorCode::kFunction);
  CHECK(is_nan(*add(broken, Value::real(1))));
  CHECK_OK(order_numbers(broken, half));
  CHECK(broken == broken);
  CHECK(hash_of(broken) == hash_of(Value::ratio({BigInteger(1), BigInteger()})));
}

TEST_CASE("strings become bigints and decimals") {
  CHECK(number_text(to_bigint(Value::string("+5"))) == "5N");
  CHECK(number_text(to_bigint(Value::string("-12345678901234567890"))) == "-12345678901234567890N");
  CHECK(number_text(to_decimal(Value::string("1.50"))) == "1.50M");
  for (const char* text : {"", "-", "x", "1.5", " 1", "1N"}) {
    CAPTURE(text);
    REQUIRE_ERROR(to_bigint(Value::string(text)), ErrorCode::kFunction);
  }
  for (const char* text : {"", "x", " 1", "1.5M", "."}) {
    CAPTURE(text);
    REQUIRE_ERROR(to_decimal(Value::string(text)), ErrorCode::kFunction);
  }
}

TEST_CASE("characters convert to their code unit and back") {
  CHECK(number_text(to_long(Value::character('a'))) == "97");
  CHECK(number_text(to_int(Value::character(0xffff))) == "65535");
  CHECK(number_text(to_character(Value::character(7))) == "c:7");
  REQUIRE_ERROR(to_double(Value::character('a')), ErrorCode::kFunction);
  REQUIRE_ERROR(to_character(Value::integer(-1)), ErrorCode::kFunction);
  REQUIRE_ERROR(to_character(Value::integer(65536)), ErrorCode::kFunction);
}

TEST_CASE("bit operations are those of Java on longs") {
  const auto run = [](BitOperation operation, std::int64_t a, std::int64_t b) {
    return number_text(bit_operation(operation, Value::integer(a), Value::integer(b)));
  };
  CHECK(run(BitOperation::kAnd, -1, 255) == "255");
  CHECK(run(BitOperation::kOr, -8, 3) == "-5");
  CHECK(run(BitOperation::kXor, 12, 10) == "6");
  CHECK(run(BitOperation::kAndNot, 15, 4) == "11");
  CHECK(run(BitOperation::kShiftLeft, 1, 63) == "-9223372036854775808");
  CHECK(run(BitOperation::kShiftLeft, 1, 64) == "1");
  CHECK(run(BitOperation::kShiftLeft, 1, -1) == "-9223372036854775808");
  CHECK(run(BitOperation::kShiftLeft, -1, 3) == "-8");
  CHECK(run(BitOperation::kShiftRight, -256, 4) == "-16");
  CHECK(run(BitOperation::kShiftRight, 1, 64) == "1");
  CHECK(run(BitOperation::kUnsignedShiftRight, -1, 60) == "15");
  CHECK(run(BitOperation::kSet, 0, 63) == "-9223372036854775808");
  CHECK(run(BitOperation::kSet, 1, -1) == "-9223372036854775807");
  CHECK(run(BitOperation::kClear, -1, 63) == "9223372036854775807");
  CHECK(run(BitOperation::kFlip, 5, 1) == "7");
  CHECK(run(BitOperation::kTest, 8, 3) == "true");
  CHECK(run(BitOperation::kTest, 8, 2) == "false");
  CHECK(number_text(bit_not(Value::integer(0))) == "-1");
  REQUIRE_ERROR(bit_operation(BitOperation::kAnd, parse_number("1N"), parse_number("1")),
                ErrorCode::kFunction);
  REQUIRE_ERROR(bit_not(Value::real(1)), ErrorCode::kFunction);
}

TEST_CASE("equal numbers have equal hashes, and categories stay apart") {
  const std::vector<std::vector<const char*>> equal_groups{
      {"1", "1N"},
      {"9223372036854775807", "9223372036854775807N"},
      {"9223372036854775808N"},
      {"d:3ff0000000000000", "f:3f800000"},
      {"d:0000000000000000", "d:8000000000000000", "f:80000000"},
      {"1M", "1.0M", "1.00M", "10E-1M"},
      {"0M", "0.00M", "0E+5M"},
      {"1E+3M", "1000M"},
      {"1/2"},
      {"d:3fe0000000000000"},
      {"0.5M"},
      {"0", "0N"},
  };
  for (std::size_t i = 0; i < equal_groups.size(); ++i) {
    for (const char* a : equal_groups[i]) {
      for (std::size_t j = 0; j < equal_groups.size(); ++j) {
        for (const char* b : equal_groups[j]) {
          CAPTURE(a);
          CAPTURE(b);
          CHECK((parse_number(a) == parse_number(b)) == (i == j));
          if (i == j) CHECK(hash_of(parse_number(a)) == hash_of(parse_number(b)));
        }
      }
    }
  }
  CHECK_FALSE(parse_number("d:7ff8000000000000") == parse_number("d:7ff8000000000000"));
}

}  // namespace
}  // namespace ksv
