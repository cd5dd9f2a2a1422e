// Paths into values.
#include "data/value_path.h"

#include <doctest/doctest.h>

#include "ksv/limits.h"

#include "data/numbers.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

Value key(const char* name) { return Value::keyword(name); }
Value number(std::int64_t value) { return Value::integer(value); }

bool gives(const Result<Value>& result, const Value& expected) {
  return result.has_value() && *result == expected;
}

TEST_CASE("get looks into each kind of collection as Clojure does") {
  const Value map = Value::map({{key("a"), number(1)}, {Value(), number(2)}, {key("n"), Value()}});
  CHECK(get_value(map, key("a")) == number(1));
  CHECK(get_value(map, Value()) == number(2));
  CHECK(get_value(map, key("n")) == Value());
  CHECK_FALSE(get_value(map, key("b")).has_value());

  const Value vector = Value::vector({number(5), number(6)});
  CHECK(get_value(vector, number(1)) == number(6));
  CHECK(get_value(vector, Value::bigint(BigInteger(0))) == number(5));
  for (const Value& miss :
       {number(2), number(-1), Value::real(0.0), Value(), key("a"), Value::bigint(pow10(30))}) {
    CHECK_FALSE(get_value(vector, miss).has_value());
  }

  CHECK(get_value(Value::set({number(1)}), number(1)) == number(1));
  CHECK_FALSE(get_value(Value::set({number(1)}), number(2)).has_value());
  CHECK(get_value(Value::record("my.Rec", map), key("a")) == number(1));
  CHECK(get_value(Value::tagged("t", number(3)), key("form")) == number(3));
  CHECK(get_value(Value::tagged("t", number(3)), key("tag")) == Value::symbol("t"));
  CHECK(get_value(Value::array(ArrayKind::kLongs, {number(4)}), number(0)) == number(4));
  CHECK(get_value(Value::bytes({0x01, 0xfe}), number(1)) == number(-2));
}

TEST_CASE("get takes UTF-16 code units out of strings") {
  const Value text = Value::string("a\xf0\x9f\x98\x80");
  CHECK(get_value(text, number(0)) == Value::character('a'));
  CHECK(get_value(text, number(2)) == Value::character(0xde00));
  CHECK(get_value(text, Value::real(0.7)) == Value::character('a'));
  CHECK_FALSE(get_value(text, number(3)).has_value());
  CHECK_FALSE(get_value(text, number(-1)).has_value());
  CHECK_FALSE(get_value(text, Value::string("a")).has_value());
  CHECK_FALSE(get_value(text, Value::real(1e300)).has_value());
}

TEST_CASE("get finds nothing in what is no collection") {
  for (const Value& none :
       {Value(), number(1), key("a"), Value::list({number(1)}), Value::boolean(true)}) {
    CHECK_FALSE(get_value(none, number(0)).has_value());
  }
}

TEST_CASE("get-in follows a path") {
  const Value root = Value::map({{key("a"), Value::vector({Value::string("xyz")})}});
  CHECK(get_in(root, {}) == root);
  CHECK(get_in(root, {key("a"), number(0), number(1)}) == Value::character('y'));
  CHECK_FALSE(get_in(root, {key("b"), number(0)}).has_value());
}

TEST_CASE("assoc-in makes maps on the way and leaves the rest alone") {
  CHECK(gives(assoc_in(Value(), {key("a"), key("b")}, number(1)),
              Value::map({{key("a"), Value::map({{key("b"), number(1)}})}})));
  CHECK(gives(assoc_in(number(5), {}, number(1)), number(1)));
  const Value before = Value::map({{key("x"), number(0)}, {key("v"), Value::vector({number(1)})}});
  const Value kept = before;
  CHECK(gives(
      assoc_in(before, {key("v"), number(1), key("y")}, number(2)),
      Value::map({{key("x"), number(0)},
                  {key("v"), Value::vector({number(1), Value::map({{key("y"), number(2)}})})}})));
  CHECK(before == kept);
  CHECK(before.table()[1].value.items().size() == 1);
}

TEST_CASE("a vector takes indices up to its count") {
  const Value vector = Value::vector({number(1), number(2)});
  CHECK(gives(assoc_value(vector, number(0), number(9)), Value::vector({number(9), number(2)})));
  CHECK(gives(assoc_value(vector, number(2), number(3)),
              Value::vector({number(1), number(2), number(3)})));
  CHECK(gives(assoc_value(vector, Value::bigint(BigInteger(1)), number(3)),
              Value::vector({number(1), number(3)})));
  for (const Value& bad : {number(3), number(-1), Value::real(0.0), key("a"), Value()}) {
    REQUIRE_ERROR(assoc_value(vector, bad, number(0)), ErrorCode::kFunction);
  }
}

TEST_CASE("a record keeps its tag") {
  const Value record = Value::record("my.Rec", Value::map({{key("a"), number(1)}}));
  CHECK(gives(assoc_in(record, {key("a")}, number(2)),
              Value::record("my.Rec", Value::map({{key("a"), number(2)}}))));
  CHECK(gives(dissoc_in(record, {key("a")}), Value::record("my.Rec", Value::map())));
}

TEST_CASE("an error names the part of the path that leads to the culprit") {
  const Value root = Value::map({{key("a"), Value::vector({number(5)})}});
  const Result<Value> scalar = assoc_in(root, {key("a"), number(0), Value::string("b")}, number(1));
  REQUIRE_ERROR(scalar, ErrorCode::kFunction);
  CHECK(scalar.error().message() == "at [:a 0]: an integer cannot hold the key \"b\"");
  const Result<Value> index = assoc_in(root, {key("a"), number(7)}, number(1));
  REQUIRE_ERROR(index, ErrorCode::kFunction);
  CHECK(index.error().message() ==
        "at [:a]: 7 is no index into a vector of 1, where 0 to 1 can be set");
  const Result<Value> first = assoc_in(Value::string("s"), {number(0)}, number(1));
  REQUIRE_ERROR(first, ErrorCode::kFunction);
  CHECK(first.error().message() == "a string cannot hold the key 0");
  for (const Value& bad :
       {Value::list({number(1)}), Value::set({number(1)}), Value::boolean(false)}) {
    REQUIRE_ERROR(assoc_in(bad, {number(0)}, number(1)), ErrorCode::kFunction);
  }
}

TEST_CASE("update-in hands over what is there, or nil") {
  const Value root = Value::map({{key("n"), number(1)}});
  CHECK(gives(update_in(root, {key("n")}, [](const Value& old) { return increment(old); }),
              Value::map({{key("n"), number(2)}})));
  CHECK(gives(
      update_in(root, {key("x"), key("y")},
                [](const Value& old) -> Result<Value> { return Value::boolean(old.is_nil()); }),
      Value::map(
          {{key("n"), number(1)}, {key("x"), Value::map({{key("y"), Value::boolean(true)}})}})));
  const auto fail = [](const Value&) -> Result<Value> { return Error(ErrorCode::kFunction, "no"); };
  REQUIRE_ERROR(update_in(root, {key("n")}, fail), ErrorCode::kFunction);
}

TEST_CASE("dissoc-in takes the last key out, and nothing else") {
  const Value inner = Value::map({{key("b"), number(1)}, {key("c"), number(2)}});
  const Value root =
      Value::map({{key("a"), inner}, {key("s"), Value::set({number(1), number(2)})}});
  CHECK(get_in(*dissoc_in(root, {key("a"), key("b")}), {key("a")}) ==
        Value::map({{key("c"), number(2)}}));
  CHECK(get_in(*dissoc_in(root, {key("s"), number(1)}), {key("s")}) == Value::set({number(2)}));
  CHECK(gives(dissoc_in(root, {key("a"), key("x")}), root));
  CHECK(gives(dissoc_in(root, {key("x"), key("y")}), root));
  CHECK(gives(dissoc_in(Value(), {key("y")}), Value()));
  REQUIRE_ERROR(dissoc_in(Value::vector({number(1)}), {number(0)}), ErrorCode::kFunction);
  REQUIRE_ERROR(dissoc_in(Value::map({{key("a"), number(1)}}), {key("a"), key("b")}),
                ErrorCode::kFunction);
  CHECK(root.table()[0].value == inner);
}

TEST_CASE("a path deeper than values may nest is refused") {
  const Values deepest(limits::kDepthMax, key("a"));
  CHECK_OK(assoc_in(Value(), deepest, number(1)));
  Values deeper = deepest;
  deeper.push_back(key("a"));
  REQUIRE_ERROR(assoc_in(Value(), deeper, number(1)), ErrorCode::kFunction);
  REQUIRE_ERROR(assoc_in(Value(), Values(100'000, key("a")), number(1)), ErrorCode::kFunction);
}

TEST_CASE("a path in a message is short and plain") {
  CHECK(path_text({}) == "[]");
  CHECK(path_text({key("a"), number(0), Value::string("b"), Value(), Value::symbol(Name("n", "s")),
                   Value::map()}) == "[:a 0 \"b\" nil n/s <map>]");
  const std::string cut = path_text({Value::string(std::string(199, 'x') + "\xc3\xa4")});
  CHECK(cut.size() <= limits::kExcerptChars + 3);
  CHECK(cut.ends_with("x..."));
}

}  // namespace
}  // namespace ksv
