// Equality and hash of values.
#include <cmath>
#include <doctest/doctest.h>
#include <vector>

#include "ksv/value.h"

namespace ksv {
namespace {

Value number(std::int64_t value) { return Value::integer(value); }

void check_equal(const Value& a, const Value& b) {
  CHECK(a == b);
  CHECK(b == a);
  CHECK(hash_of(a) == hash_of(b));
}

void check_different(const Value& a, const Value& b) {
  CHECK_FALSE(a == b);
  CHECK_FALSE(b == a);
}

TEST_CASE("sequential collections are equal by their items, whatever their kind") {
  const Values items{number(1), Value::string("a")};
  check_equal(Value::vector(items), Value::list(items));
  check_equal(Value::vector(items), Value::seq(items));
  check_equal(Value::vector({}), Value::list({}));
  check_equal(Value::vector({Value::list({number(1)})}),
              Value::list({Value::vector({Value::bigint(BigInteger(1))})}));
  check_different(Value::vector(items), Value::vector({number(1)}));
  check_different(Value::vector({}), Value());
  check_different(Value::vector({number(1)}), Value::set({number(1)}));
}

TEST_CASE("maps and sets are equal in any order") {
  const Value a = Value::keyword("a");
  const Value b = Value::keyword("b");
  check_equal(Value::map({{a, number(1)}, {b, number(2)}}),
              Value::map({{b, number(2)}, {a, number(1)}}));
  check_equal(Value::set({a, b, number(1)}), Value::set({number(1), b, a}));
  check_different(Value::map({{a, number(1)}}), Value::map({{a, Value::real(1)}}));
  check_different(Value::map({{a, Value()}}), Value::map({{b, Value()}}));
  check_different(Value::map({{a, number(1)}}), Value::map({{a, number(1)}, {b, number(1)}}));
  check_different(Value::set({number(1)}), Value::set({Value::real(1)}));
  check_different(Value::map(), Value::set());
  check_equal(Value::map({{Value::vector({number(1)}), a}}),
              Value::map({{Value::list({number(1)}), a}}));
}

TEST_CASE("kinds that look alike are different") {
  const std::vector<Value> all{Value(),
                               Value::boolean(false),
                               number(0),
                               Value::real(0),
                               Value::decimal({BigInteger(), 0}),
                               Value::character('a'),
                               Value::string("a"),
                               Value::symbol("a"),
                               Value::keyword("a"),
                               Value::keyword(Name("", "a")),
                               Value::regex("a"),
                               Value::uri("a"),
                               Value::bytes({'a'}),
                               Value::inst(0),
                               Value::uuid(Uuid{}),
                               Value::vector({}),
                               Value::map(),
                               Value::set(),
                               Value::array(ArrayKind::kLongs, {}),
                               Value::array(ArrayKind::kInts, {}),
                               Value::record("a", Value::map()),
                               Value::record("b", Value::map()),
                               Value::tagged("a", Value::map()),
                               Value::structure(Value::string("a"), {}),
                               Value::structure(Value::string("b"), {})};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK((all[i] == all[j]) == (i == j));
    }
  }
}

TEST_CASE("values beyond EDN are equal by content") {
  check_equal(Value::bytes({1, 2}), Value::bytes({1, 2}));
  check_equal(Value::regex("a+"), Value::regex("a+"));
  check_equal(Value::array(ArrayKind::kDoubles, {Value::real(1)}),
              Value::array(ArrayKind::kDoubles, {Value::real(1)}));
  check_equal(Value::record("r", Value::map({{number(1), number(2)}})),
              Value::record("r", Value::map({{number(1), number(2)}})));
  check_equal(Value::structure(Value::string("s"), {number(1)}),
              Value::structure(Value::string("s"), {number(1)}));
  check_different(Value::structure(Value::string("s"), {number(1)}),
                  Value::structure(Value::string("s"), {number(2)}));
}

TEST_CASE("a NaN is not equal even to itself, but a collection is to itself") {
  const Value nan = Value::real(std::nan(""));
  check_different(nan, nan);
  const Value vector = Value::vector({nan});
  check_equal(vector, vector);
  check_different(vector, Value::vector({nan}));
}

TEST_CASE("functions are equal to themselves only") {
  const Value a = Value::function(new FunctionNode);
  const Value b = Value::function(new FunctionNode);
  check_equal(a, a);
  check_different(a, b);
}

}  // namespace
}  // namespace ksv
