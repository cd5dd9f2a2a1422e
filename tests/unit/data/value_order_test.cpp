// The order of values.
#include "data/value_order.h"

#include <doctest/doctest.h>
#include <vector>

#include "base/hex.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

Value uuid(std::string_view text) { return Value::uuid(*parse_uuid(text)); }

int order(const Value& a, const Value& b) {
  const Result<int> result = compare_values(a, b);
  REQUIRE_OK(result);
  const Result<int> reverse = compare_values(b, a);
  REQUIRE_OK(reverse);
  CHECK((*result <=> 0) == (0 <=> *reverse));
  return *result;
}

TEST_CASE("nil comes before everything") {
  CHECK(order(Value(), Value()) == 0);
  CHECK(order(Value(), Value::boolean(false)) == -1);
  CHECK(order(Value(), Value::map()) == -1);
}

TEST_CASE("numbers compare across kinds") {
  CHECK(order(Value::integer(2), Value::real(2.0)) == 0);
  CHECK(order(Value::integer(1), Value::ratio({BigInteger(3), BigInteger(2)})) == -1);
  CHECK(order(Value::decimal({BigInteger(150), 2}), Value::bigint(BigInteger(1))) == 1);
  CHECK(order(Value::real(0.0), Value::real(-0.0)) == 0);
}

TEST_CASE("texts compare by UTF-16 code units, with Java's differences") {
  CHECK(order(Value::string("a"), Value::string("c")) == -2);
  CHECK(order(Value::string("abc"), Value::string("ab")) == 1);
  CHECK(order(Value::string("a"), Value::string("abcdef")) == -5);
  CHECK(order(Value::string(""), Value::string("")) == 0);
  // U+1F600 is D83D DE00 in UTF-16, so it comes before U+FFFF although its code point is greater.
  CHECK(order(Value::string("\xf0\x9f\x98\x80"), Value::string("\xef\xbf\xbf")) == 0xd83d - 0xffff);
  CHECK(order(Value::string("x\xc3\xa4"), Value::string("xz")) == 0xe4 - 'z');
  CHECK(order(Value::string("\xed\xa0\xbd"), Value::string("\xf0\x9f\x98\x80")) == -1);
  CHECK(order(Value::character('a'), Value::character('c')) == -2);
}

TEST_CASE("names without a namespace come first, then the namespace decides") {
  const std::vector<Value> ascending{Value::keyword("a"), Value::keyword("b"),
                                     Value::keyword(Name("a", "z")), Value::keyword(Name("b", "a")),
                                     Value::keyword(Name("b", "b"))};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CHECK((order(ascending[i], ascending[j]) <=> 0) == (i <=> j));
    }
  }
  CHECK(order(Value::symbol("a"), Value::symbol("c")) == -2);
}

TEST_CASE("booleans, instants and uuids") {
  CHECK(order(Value::boolean(true), Value::boolean(false)) == 1);
  CHECK(order(Value::inst(-5), Value::inst(7)) == -1);
  // Each half counts as a signed long.
  CHECK(order(uuid("80000000-0000-0000-0000-000000000000"),
              uuid("00000000-0000-0000-0000-000000000000")) == -1);
  CHECK(order(uuid("00000000-0000-0000-8000-000000000000"),
              uuid("00000000-0000-0000-0000-000000000000")) == -1);
  CHECK(order(uuid("00000000-0000-0001-0000-000000000000"),
              uuid("00000000-0000-0000-7fff-ffffffffffff")) == 1);
}

TEST_CASE("vectors compare by length, then item by item") {
  const Value one = Value::integer(1);
  const Value two = Value::integer(2);
  CHECK(order(Value::vector({two, two}), Value::vector({one, one, one})) == -1);
  CHECK(order(Value::vector({one, two}), Value::vector({one, one})) == 1);
  CHECK(order(Value::vector({Value()}), Value::vector({one})) == -1);
  CHECK(order(Value::vector({}), Value::vector({})) == 0);
}

TEST_CASE("other kinds and mixed kinds do not compare") {
  const Value one = Value::integer(1);
  const Result<int> mixed = compare_values(one, Value::string("a"));
  REQUIRE_ERROR(mixed, ErrorCode::kFunction);
  CHECK(mixed.error().message() == "cannot compare an integer with a string");
  REQUIRE_ERROR(compare_values(Value::keyword("a"), Value::symbol("a")), ErrorCode::kFunction);
  REQUIRE_ERROR(compare_values(Value::list({one}), Value::list({one})), ErrorCode::kFunction);
  REQUIRE_ERROR(compare_values(Value::vector({one}), Value::list({one})), ErrorCode::kFunction);
  REQUIRE_ERROR(compare_values(Value::map({{one, one}}), Value::map({{one, one}})),
                ErrorCode::kFunction);
  REQUIRE_ERROR(compare_values(Value::vector({one, one}), Value::vector({one, Value::string("a")})),
                ErrorCode::kFunction);
  REQUIRE_ERROR(compare_values(Value::bytes({1}), Value::bytes({1})), ErrorCode::kFunction);
}

TEST_CASE("one and the same value, and the empty collections, compare as equal") {
  const Value map = Value::map({{Value::integer(1), Value()}});
  CHECK(order(map, map) == 0);
  CHECK(order(Value::map(), Value::map()) == 0);
  CHECK(order(Value::set(), Value::set()) == 0);
  CHECK(order(Value::list({}), Value::list({})) == 0);
}

}  // namespace
}  // namespace ksv
