// Integers of any size.
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <vector>

#include "ksv/number.h"

#include "base/hex.h"

namespace ksv {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

BigInteger big(std::string_view text) {
  const auto integer = BigInteger::parse(text);
  REQUIRE(integer.has_value());
  return *integer;
}

TEST_CASE("text in any radix is read and written") {
  CHECK(big("0").to_string() == "0");
  CHECK(big("-0") == BigInteger());
  CHECK(big("+00012").to_string() == "12");
  CHECK(big("-123456789012345678901234567890").to_string() == "-123456789012345678901234567890");
  CHECK(BigInteger::parse("-FF", 16) == BigInteger(-255));
  CHECK(BigInteger::parse("zZ", 36) == BigInteger(35 * 36 + 35));
  CHECK(BigInteger::parse("777", 8) == BigInteger(511));
  CHECK(big("340282366920938463463374607431768211455").to_string(16) == std::string(32, 'f'));
  CHECK(big("255").to_string(2) == "11111111");
}

TEST_CASE("what is no integer gives nothing") {
  for (const char* text :
       {"", "-", "+", "+-1", "--1", "1 ", " 1", "1_000", "0x1", "1.0", "1e3", "a", "\n1"}) {
    CAPTURE(text);
    CHECK_FALSE(BigInteger::parse(text).has_value());
  }
  CHECK_FALSE(BigInteger::parse("2", 2).has_value());
  CHECK_FALSE(BigInteger::parse("g", 16).has_value());
  CHECK_FALSE(BigInteger::parse("8", 8).has_value());
  CHECK_FALSE(BigInteger::parse(std::string_view("1\0", 2)).has_value());
}

TEST_CASE("longs go in and out unchanged, and only they come out") {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, kMin, kMax}) {
    CHECK(BigInteger(value).to_long() == value);
    CHECK(BigInteger(value).to_string() == std::to_string(value));
  }
  CHECK_FALSE((BigInteger(kMax) + BigInteger(1)).to_long().has_value());
  CHECK_FALSE((BigInteger(kMin) - BigInteger(1)).to_long().has_value());
  CHECK((BigInteger(kMax) + BigInteger(1) + BigInteger(-1)).to_long() == kMax);
}

TEST_CASE("a magnitude is freed of leading zero limbs, and zero of its sign") {
  CHECK(BigInteger(true, {5, 0, 0}) == BigInteger(-5));
  CHECK(BigInteger(true, {0, 0}) == BigInteger());
  CHECK_FALSE(BigInteger(true, {}).is_negative());
  CHECK(BigInteger(false, {0, 1}).bit_length() == 65);
  CHECK(BigInteger().bit_length() == 0);
  CHECK(-BigInteger() == BigInteger());
}

TEST_CASE("two's complement is that of java.math.BigInteger") {
  const std::vector<std::pair<const char*, const char*>> examples{
      {"0", "00"},
      {"1", "01"},
      {"-1", "ff"},
      {"127", "7f"},
      {"128", "0080"},
      {"-128", "80"},
      {"-129", "ff7f"},
      {"255", "00ff"},
      {"256", "0100"},
      {"-256", "ff00"},
      {"9223372036854775807", "7fffffffffffffff"},
      {"9223372036854775808", "008000000000000000"},
      {"-9223372036854775808", "8000000000000000"},
      {"-9223372036854775809", "ff7fffffffffffffff"},
      {"18446744073709551616", "010000000000000000"},
      {"-18446744073709551616", "ff0000000000000000"},
      {"-340282366920938463463374607431768211456", "ff00000000000000000000000000000000"},
  };
  for (const auto& [decimal, hex] : examples) {
    CHECK(to_hex(big(decimal).to_twos_complement()) == hex);
    CHECK(BigInteger::from_twos_complement(*from_hex(hex)) == big(decimal));
  }
  CHECK(BigInteger::from_twos_complement({}) == BigInteger());
  CHECK(BigInteger::from_twos_complement(*from_hex("0000000000000000000001")) == BigInteger(1));
  CHECK(BigInteger::from_twos_complement(*from_hex("ffffffffffffffffffffff")) == BigInteger(-1));
  CHECK(BigInteger::from_twos_complement(*from_hex("ffffff0000000000000000")) ==
        big("-18446744073709551616"));
}

TEST_CASE("the nearest double, ties to even") {
  CHECK(BigInteger().to_double() == 0.0);
  CHECK(BigInteger(-3).to_double() == -3.0);
  CHECK(big("9007199254740993").to_double() == 9007199254740992.0);
  CHECK(big("9007199254740995").to_double() == 9007199254740996.0);
  // 2^64 + 2^11 is a tie; one more is not, however far down.
  CHECK(big("18446744073709553664").to_double() == 18446744073709551616.0);
  CHECK(big("18446744073709553665").to_double() == 18446744073709555712.0);
  const BigInteger shifted = big("18446744073709553664") *
                             big("1606938044258990275541962092341162602522202993782792835301376");
  CHECK(shifted.to_double() == std::ldexp(1.0, 264));
  CHECK((shifted + BigInteger(1)).to_double() > std::ldexp(1.0, 264));
  // The greatest double, half a step more, and the least integer that rounds to infinity.
  const BigInteger half_step(false, {std::vector<std::uint64_t>(15, 0)});
  std::vector<std::uint64_t> limbs(16, 0);
  limbs[15] = 0xfffffffffffff800U;
  CHECK(BigInteger(false, limbs).to_double() == std::numeric_limits<double>::max());
  limbs[15] = 0xfffffffffffffbffU;
  CHECK(BigInteger(false, limbs).to_double() == std::numeric_limits<double>::max());
  limbs[15] = 0xfffffffffffffc00U;
  CHECK(std::isinf(BigInteger(false, limbs).to_double()));
  CHECK(BigInteger(true, std::vector<std::uint64_t>(17, 1)).to_double() ==
        -std::numeric_limits<double>::infinity());
}

TEST_CASE("sums, differences and products are exact") {
  const BigInteger a = big("340282366920938463463374607431768211455");
  CHECK((a + BigInteger(1)).to_string() == "340282366920938463463374607431768211456");
  CHECK((BigInteger(kMax) + BigInteger(kMax)).to_string() == "18446744073709551614");
  CHECK((BigInteger(5) - BigInteger(5)) == BigInteger());
  CHECK((BigInteger(3) - big("18446744073709551616")).to_string() == "-18446744073709551613");
  CHECK((a * -a).to_string() ==
        "-115792089237316195423570985008687907852589419931798687112530834793049593217025");
  CHECK((a * BigInteger()) == BigInteger());
}

TEST_CASE("division cuts towards zero, and the remainder has the sign of the dividend") {
  for (const auto& [a, b, q, r] : std::vector<std::array<std::int64_t, 4>>{{7, 2, 3, 1},
                                                                           {-7, 2, -3, -1},
                                                                           {7, -2, -3, 1},
                                                                           {-7, -2, 3, -1},
                                                                           {1, 5, 0, 1},
                                                                           {0, 5, 0, 0}}) {
    const QuotientRemainder result = divide(BigInteger(a), BigInteger(b));
    CHECK(result.quotient == BigInteger(q));
    CHECK(result.remainder == BigInteger(r));
  }
  CHECK(divide(BigInteger(kMin), BigInteger(-1)).quotient.to_string() == "9223372036854775808");
}

TEST_CASE("order goes by value") {
  const std::vector<BigInteger> ascending{big("-18446744073709551616"),
                                          BigInteger(kMin),
                                          BigInteger(-1),
                                          BigInteger(),
                                          BigInteger(1),
                                          BigInteger(kMax),
                                          big("18446744073709551616")};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CHECK((ascending[i] <=> ascending[j]) == (i <=> j));
      CHECK((ascending[i] == ascending[j]) == (i == j));
    }
  }
}

TEST_CASE("greatest common divisors and powers of ten") {
  CHECK(gcd(BigInteger(-12), BigInteger(18)) == BigInteger(6));
  CHECK(gcd(BigInteger(), BigInteger(-5)) == BigInteger(5));
  CHECK(gcd(BigInteger(), BigInteger()) == BigInteger());
  CHECK(pow10(0) == BigInteger(1));
  CHECK(pow10(30).to_string() == "1" + std::string(30, '0'));
}

}  // namespace
}  // namespace ksv
