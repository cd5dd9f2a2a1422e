// Values: content, copy on write, depth.
#include "ksv/value.h"

#include <doctest/doctest.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ksv/limits.h"

namespace ksv {
namespace {

Value number(std::int64_t value) { return Value::integer(value); }

TEST_CASE("a value gives back what it was made of") {
  CHECK(Value().is_nil());
  CHECK(Value::boolean(true).as_boolean());
  CHECK(Value::integer(-5).as_long() == -5);
  CHECK(Value::bigint(pow10(20)).as_bigint() == pow10(20));
  CHECK(Value::real(1.5).as_double() == 1.5);
  CHECK(Value::real32(1.5F).as_float() == 1.5F);
  CHECK(Value::decimal({BigInteger(150), 2}).as_decimal().scale == 2);
  CHECK(Value::ratio({BigInteger(1), BigInteger(3)}).as_ratio().denominator == BigInteger(3));
  CHECK(Value::character(0xd83d).as_char() == 0xd83d);
  CHECK(Value::string("s").as_string() == "s");
  CHECK(Value::regex("r").as_string() == "r");
  CHECK(Value::uri("u").as_string() == "u");
  CHECK(Value::symbol(Name("n", "s")).as_name().text() == "n/s");
  CHECK(Value::keyword("k").as_name() == Name("k"));
  CHECK(Value::inst(-1).as_inst() == -1);
  CHECK(Value::uuid(Uuid{7}).as_uuid() == Uuid{7});
  CHECK(Value::bytes({1, 2}).as_bytes() == Bytes{1, 2});
  CHECK(Value::array(ArrayKind::kInts, {number(1)}).array_kind() == ArrayKind::kInts);
  CHECK(Value::record("r", Value::map()).tag() == Name("r"));
  CHECK(Value::tagged("t", number(1)).form() == number(1));
  CHECK(Value::structure(Value::string("s"), {number(1)}).struct_tag() == Value::string("s"));
}

TEST_CASE("only nil and false are not true") {
  CHECK_FALSE(Value().is_truthy());
  CHECK_FALSE(Value::boolean(false).is_truthy());
  for (const Value& value :
       {Value::boolean(true), number(0), Value::string(""), Value::list({}), Value::map()}) {
    CHECK(value.is_truthy());
  }
}

TEST_CASE("editing a copy of a vector never shows in the original") {
  const Value original = Value::vector({number(1), number(2)});
  Value copy = original;
  copy.push_item(number(3));
  CHECK(original == Value::vector({number(1), number(2)}));
  CHECK(copy == Value::vector({number(1), number(2), number(3)}));
  copy = original;
  copy.set_item(0, number(9));
  CHECK(original.items()[0] == number(1));
  CHECK(copy.items()[0] == number(9));
  copy = original;
  copy.pop_item();
  CHECK(original.items().size() == 2);
  CHECK(copy.items().size() == 1);
}

TEST_CASE("editing a copy of a map or set never shows in the original") {
  const Value map = Value::map({{Value::keyword("a"), number(1)}});
  Value copy = map;
  copy.put(Value::keyword("b"), number(2));
  CHECK(map.table().size() == 1);
  copy = map;
  copy.put(Value::keyword("a"), number(2));
  CHECK(*field(map, "a") == number(1));
  copy = map;
  CHECK(copy.erase(Value::keyword("a")));
  CHECK_FALSE(copy.erase(Value::keyword("a")));
  CHECK(map.table().size() == 1);
  CHECK(copy.table().empty());

  const Value set = Value::set({number(1)});
  Value other = set;
  CHECK(other.put_element(number(2)));
  CHECK_FALSE(other.put_element(number(2)));
  CHECK(set.table().size() == 1);
  CHECK(other.table().size() == 2);
}

TEST_CASE("what is nested in a shared value stays as it was") {
  const Value root = Value::map({{Value::keyword("v"), Value::vector({number(1)})}});
  Value inner = *field(root, "v");
  inner.push_item(number(2));
  CHECK(field(root, "v")->items().size() == 1);
  Value changed = root;
  changed.put(Value::keyword("v"), inner);
  CHECK(field(root, "v")->items().size() == 1);
  CHECK(field(changed, "v")->items().size() == 2);
}

TEST_CASE("a value may be put into itself, and erased by a key of its own") {
  Value vector = Value::vector({number(1)});
  vector.push_item(vector);
  CHECK(vector == Value::vector({number(1), Value::vector({number(1)})}));
  Value map = Value::map(
      {{Value::string("a long enough key"), number(1)}, {Value::string("b"), number(2)}});
  map.put(Value::string("self"), map);
  CHECK(map.table().size() == 3);
  CHECK(map.erase(map.table()[0].key));
  CHECK(map.table()[0].key == Value::string("b"));
  Value same = map;
  const Value& alias = same;
  same = alias;
  CHECK(same == map);
}

TEST_CASE("a value that was moved from is nil") {
  Value from = Value::string("text");
  const Value to = std::move(from);
  CHECK(from.is_nil());  // NOLINT: the moved-from state is promised
  CHECK(to == Value::string("text"));
}

TEST_CASE("depth is known without a walk and follows edits") {
  CHECK(number(1).depth() == 0);
  CHECK(Value::string("s").depth() == 0);
  CHECK(Value::vector({}).depth() == 1);
  CHECK(Value::map().depth() == 1);
  CHECK(Value::vector({Value::set({Value::list({})})}).depth() == 3);
  CHECK(Value::map({{Value::vector({}), number(1)}}).depth() == 2);
  CHECK(Value::tagged("t", Value::vector({})).depth() == 2);
  CHECK(Value::record("r", Value::map()).depth() == 2);
  CHECK(Value::structure(Value::string("s"), {Value::vector({})}).depth() == 2);
  Value map = Value::map();
  map.put(number(1), Value::vector({Value::vector({})}));
  CHECK(map.depth() == 3);
  Value set = Value::set();
  set.put_element(map);
  CHECK(set.depth() == 4);
  Value vector = Value::vector({number(1)});
  vector.set_item(0, set);
  CHECK(vector.depth() == 5);
}

TEST_CASE("values as deep as the limit are compared, hashed, copied and freed") {
  Value deep = number(0);
  Value twin = number(0);
  for (std::uint32_t i = 0; i < limits::kDepthMax; ++i) {
    deep = Value::vector({std::move(deep)});
    twin = Value::list({std::move(twin)});
  }
  CHECK(deep.depth() == limits::kDepthMax);
  CHECK(deep == twin);
  CHECK(hash_of(deep) == hash_of(twin));
}

TEST_CASE("threads may read, copy and edit their own copies of one value") {
  const Value shared =
      Value::vector(Values(1000, Value::string("text that is too long to be kept inline")));
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&shared] {
      for (int i = 0; i < 100; ++i) {
        Value mine = shared;
        mine.push_item(mine.items()[0]);
      }
    });
  }
  threads.clear();
  CHECK(shared.items().size() == 1000);
}

TEST_CASE("every kind has a word of its own in messages") {
  CHECK(kind_phrase(Kind::kNil) == "nil");
  CHECK(kind_phrase(Kind::kLong) == "an integer");
  CHECK(kind_phrase(Kind::kInst) == "an instant");
  CHECK(kind_phrase(Kind::kUuid) == "a uuid");
  for (int kind = 0; kind <= static_cast<int>(Kind::kFunction); ++kind) {
    CHECK(kind_name(static_cast<Kind>(kind)) != "value");
  }
}

TEST_CASE("fields of a map are found by keyword") {
  const Value map = Value::map({{Value::keyword("a"), number(1)}, {Value::string("b"), number(2)}});
  REQUIRE(field(map, "a") != nullptr);
  CHECK(*field(map, "a") == number(1));
  CHECK(field(map, "b") == nullptr);
  CHECK(field(number(1), "a") == nullptr);
}

}  // namespace
}  // namespace ksv
