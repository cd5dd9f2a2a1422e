// Decimals, and numbers as Java prints them.
#include "data/decimal.h"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "ksv/limits.h"

#include "data/java_number_text.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

Decimal decimal(std::string_view text) {
  const Result<Decimal> parsed = parse_decimal(text);
  REQUIRE_OK(parsed);
  return *parsed;
}

std::string text(const Result<Decimal>& result) {
  return result.has_value() ? java_decimal_text(*result) : result.error().message();
}

TEST_CASE("decimals are read as BigDecimal reads them and printed as it prints them") {
  const std::vector<std::pair<const char*, const char*>> examples{
      {"0", "0"},           {"-0", "0"},
      {"0.00", "0.00"},     {"1.50", "1.50"},
      {"+1.5", "1.5"},      {".5", "0.5"},
      {"5.", "5"},          {"-.5e1", "-5"},
      {"1e3", "1E+3"},      {"1E+3", "1E+3"},
      {"12e3", "1.2E+4"},   {"1e-3", "0.001"},
      {"1e-6", "0.000001"}, {"1e-7", "1E-7"},
      {"12e-8", "1.2E-7"},  {"123e-9", "1.23E-7"},
      {"0e3", "0E+3"},      {"0e-7", "0E-7"},
      {"0e-6", "0.000000"}, {"-123.4500", "-123.4500"},
      {"00012", "12"},      {"1e00000000001", "1E+1"},
      {"100e-2", "1.00"},   {"1.0e2", "1.0E+2"},
  };
  for (const auto& [in, out] : examples) {
    CHECK(java_decimal_text(decimal(in)) == out);
    CHECK(java_decimal_text(decimal(out)) == out);
  }
}

TEST_CASE("what is no decimal is refused") {
  for (const char* in :
       {"",   "-",  "+",  ".",   "e5",  ".e5", "1e",  "1e+", "1e-",   "1e+-5", "1e--5", "1.2.3",
        " 1", "1 ", "1M", "0x1", "1_0", "--1", "+-1", "NaN", "1e5.0", "1f",    "1e 5"}) {
    CAPTURE(in);
    REQUIRE_ERROR(parse_decimal(in), ErrorCode::kUsage);
  }
}

TEST_CASE("decimals beyond the limits are refused") {
  CHECK_OK(parse_decimal("1e100000"));
  CHECK_OK(parse_decimal("1e-100000"));
  REQUIRE_ERROR(parse_decimal("1e100001"), ErrorCode::kUsage);
  REQUIRE_ERROR(parse_decimal("1e-100001"), ErrorCode::kUsage);
  REQUIRE_ERROR(parse_decimal("1e99999999999999999999"), ErrorCode::kUsage);
  CHECK_OK(parse_decimal(std::string(limits::kNumberDigitsMax, '9')));
  REQUIRE_ERROR(parse_decimal(std::string(limits::kNumberDigitsMax + 1, '9')), ErrorCode::kUsage);
}

TEST_CASE("scales follow those of BigDecimal") {
  CHECK(text(decimal_add(decimal("1.50"), decimal("2"))) == "3.50");
  CHECK(text(decimal_add(decimal("1E+2"), decimal("1"))) == "101");
  CHECK(text(decimal_subtract(decimal("1.00"), decimal("1"))) == "0.00");
  CHECK(text(decimal_multiply(decimal("1.50"), decimal("2.00"))) == "3.0000");
  CHECK(text(decimal_divide(decimal("1"), decimal("8"))) == "0.125");
  CHECK(text(decimal_divide(decimal("6"), decimal("2.00"))) == "3");
  CHECK(text(decimal_divide(decimal("1E+3"), decimal("4"))) == "2.5E+2");
  CHECK(text(decimal_divide(decimal("0"), decimal("3.00"))) == "0E+2");
  CHECK(text(decimal_divide(decimal("-1"), decimal("-1.6"))) == "0.625");
  CHECK(text(decimal_quotient(decimal("101"), decimal("2.5"))) == "4E+1");
  CHECK(text(decimal_quotient(decimal("7.5"), decimal("2"))) == "3.0");
  CHECK(text(decimal_quotient(decimal("1"), decimal("3.00"))) == "0E+2");
  CHECK(text(decimal_remainder(decimal("5.5"), decimal("2"))) == "1.5");
  CHECK(text(decimal_remainder(decimal("-7"), decimal("2"))) == "-1");
}

TEST_CASE("a quotient without an end is an error, and so is division by zero") {
  REQUIRE_ERROR(decimal_divide(decimal("10"), decimal("3")), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_divide(decimal("1"), decimal("0.00")), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_quotient(decimal("1"), decimal("0")), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_remainder(decimal("1"), decimal("0")), ErrorCode::kFunction);
  CHECK(text(decimal_divide(decimal("9"), decimal("3"))) == "3");
}

TEST_CASE("results beyond the limits are refused before they are computed") {
  const Decimal huge = decimal("1e100000");
  const Decimal tiny = decimal("1e-100000");
  const Decimal long_one = decimal(std::string(60'000, '7'));
  REQUIRE_ERROR(decimal_add(huge, decimal("1")), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_add(huge, tiny), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_multiply(huge, huge), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_multiply(long_one, long_one), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_divide(huge, tiny), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_quotient(huge, tiny), ErrorCode::kFunction);
  REQUIRE_ERROR(decimal_to_integer(huge), ErrorCode::kFunction);
  CHECK(text(decimal_add(huge, huge)) == "2E+100000");
  CHECK(text(decimal_quotient(tiny, huge)).find("scale") != std::string::npos);
}

TEST_CASE("decimals compare by value, also when their scales are far apart") {
  const std::vector<const char*> ascending{"-1e100000", "-2",        "-1.5",  "-1e-100000",
                                           "0",         "1e-100000", "0.9",   "1",
                                           "1.01",      "99",        "100.5", "1e100000"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CHECK((compare_decimals(decimal(ascending[i]), decimal(ascending[j])) <=> 0) == (i <=> j));
    }
  }
  CHECK(compare_decimals(decimal("1.0"), decimal("1.000")) == 0);
  CHECK(compare_decimals(decimal("1e3"), decimal("1000")) == 0);
  CHECK(compare_decimals(decimal("0e5"), decimal("0.00")) == 0);
  const Decimal far{BigInteger(1), std::numeric_limits<std::int32_t>::min()};
  CHECK(compare_decimals(far, decimal("1")) > 0);
}

TEST_CASE("zeros are stripped from the end on both sides of the point") {
  CHECK(java_decimal_text(strip_zeros(decimal("1.500"))) == "1.5");
  CHECK(java_decimal_text(strip_zeros(decimal("-1200"))) == "-1.2E+3");
  CHECK(java_decimal_text(strip_zeros(decimal("0.000"))) == "0");
  CHECK(java_decimal_text(strip_zeros(decimal("7"))) == "7");
}

TEST_CASE("digits are counted at the edges") {
  CHECK(digit_count(BigInteger()) == 1);
  CHECK(digit_count(BigInteger(-9)) == 1);
  for (std::uint32_t n = 1; n < 400; ++n) {
    REQUIRE(digit_count(pow10(n)) == n + 1);
    REQUIRE(digit_count(pow10(n) - BigInteger(1)) == n);
  }
}

TEST_CASE("integers from decimals lose the fraction") {
  CHECK(decimal_to_integer(decimal("-5.99"))->to_string() == "-5");
  CHECK(decimal_to_integer(decimal("0.99"))->to_string() == "0");
  CHECK(decimal_to_integer(decimal("1.5e3"))->to_string() == "1500");
  CHECK(decimal_to_integer(decimal("1e-100000"))->to_string() == "0");
}

TEST_CASE("doubles from decimals are the nearest") {
  CHECK(decimal_to_double(decimal("0.1")) == 0.1);
  CHECK(decimal_to_double(decimal("-1e22")) == -1e22);
  CHECK(decimal_to_double(decimal("9007199254740993")) == 9007199254740992.0);
  CHECK(decimal_to_double(decimal("4.9e-324")) == 4.9e-324);
  CHECK(decimal_to_double(decimal("1e-400")) == 0.0);
  CHECK(std::signbit(decimal_to_double(decimal("-1e-400"))));
  CHECK(decimal_to_double(decimal("1e400")) == std::numeric_limits<double>::infinity());
  CHECK(decimal_to_double(decimal("-1e400")) == -std::numeric_limits<double>::infinity());
  CHECK(decimal_to_double(decimal("0e400")) == 0.0);
}

TEST_CASE("doubles from ratios go by way of sixteen digits") {
  CHECK(ratio_to_double({BigInteger(1), BigInteger(3)}) == 0.3333333333333333);
  CHECK(ratio_to_double({BigInteger(1), BigInteger(7)}) == 0.1428571428571429);
  CHECK(ratio_to_double({BigInteger(-2), BigInteger(3)}) == -0.6666666666666667);
  CHECK(ratio_to_double({BigInteger(1), BigInteger(-2)}) == -0.5);
  CHECK(ratio_to_double({BigInteger(), BigInteger(5)}) == 0.0);
  CHECK(std::isnan(ratio_to_double({BigInteger(1), BigInteger()})));
  CHECK(ratio_to_double({pow10(400), BigInteger(3)}) == std::numeric_limits<double>::infinity());
  CHECK(ratio_to_double({BigInteger(1), pow10(400)}) == 0.0);
  CHECK(ratio_to_double({pow10(400), pow10(399) * BigInteger(3)}) == 3.333333333333333);
}

TEST_CASE("decimals from doubles: the printed digits, or every one") {
  CHECK(text(decimal_from_double(0.1)) == "0.1");
  CHECK(text(decimal_from_double(100.0)) == "100.0");
  CHECK(text(decimal_from_double(1e20)) == "1.0E+20");
  CHECK(text(decimal_from_double(-0.0)) == "0.0");
  CHECK(text(exact_decimal_from_double(0.1)) ==
        "0.1000000000000000055511151231257827021181583404541015625");
  CHECK(text(exact_decimal_from_double(-2.5)) == "-2.5");
  CHECK(text(exact_decimal_from_double(1e23)) == "99999999999999991611392");
  CHECK(text(exact_decimal_from_double(0.0)) == "0");
  CHECK(decimal_to_double(*exact_decimal_from_double(4.9e-324)) == 4.9e-324);
  CHECK(decimal_to_double(*exact_decimal_from_double(1.7976931348623157e308)) ==
        1.7976931348623157e308);
  REQUIRE_ERROR(decimal_from_double(std::nan("")), ErrorCode::kFunction);
  REQUIRE_ERROR(exact_decimal_from_double(-INFINITY), ErrorCode::kFunction);
}

TEST_CASE("doubles print as Double.toString of JDK 19") {
  const std::vector<std::pair<double, const char*>> examples{
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {100.0, "100.0"},
      {0.001, "0.001"},
      {0.00123, "0.00123"},
      {0.000999, "9.99E-4"},
      {1e-5, "1.0E-5"},
      {9999999.0, "9999999.0"},
      {1e7, "1.0E7"},
      {12345678.9, "1.23456789E7"},
      {123456.789, "123456.789"},
      {9007199254740993.0, "9.007199254740992E15"},
      {1e23, "1.0E23"},
      {2e23, "2.0E23"},
      {2.0e-3, "0.002"},
      {1e22, "1.0E22"},
      {4.9e-324, "4.9E-324"},
      {9.9e-324, "9.9E-324"},
      {2.2250738585072014e-308, "2.2250738585072014E-308"},
      {1.7976931348623157e308, "1.7976931348623157E308"},
      {0.30000000000000004, "0.30000000000000004"},
      {1.0 / 3, "0.3333333333333333"},
      {std::numeric_limits<double>::infinity(), "Infinity"},
      {-std::numeric_limits<double>::infinity(), "-Infinity"},
      {std::nan(""), "NaN"},
  };
  for (const auto& [value, out] : examples) CHECK(java_double_text(value) == out);
}

TEST_CASE("floats print as Float.toString of JDK 19") {
  const std::vector<std::pair<float, const char*>> examples{
      {0.0F, "0.0"},
      {0.1F, "0.1"},
      {1.5F, "1.5"},
      {1e10F, "1.0E10"},
      {16777216.0F, "1.6777216E7"},
      {3.4028235e38F, "3.4028235E38"},
      {1.4e-45F, "1.4E-45"},
      {1.17549435e-38F, "1.1754944E-38"},
      {1.0F / 3, "0.33333334"},
      {std::numeric_limits<float>::infinity(), "Infinity"},
  };
  for (const auto& [value, out] : examples) CHECK(java_float_text(value) == out);
}

}  // namespace
}  // namespace ksv
