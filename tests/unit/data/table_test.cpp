// Tables: order, lookup, erasing, and size.
#include <algorithm>
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "ksv/value.h"

namespace ksv {
namespace {

Value number(std::int64_t value) { return Value::integer(value); }

std::vector<std::int64_t> keys_of(const Table& table) {
  std::vector<std::int64_t> keys;
  for (const Table::Entry& entry : table) keys.push_back(entry.key.as_long());
  return keys;
}

// Every key in `expected`, in that order, is found with its tenfold as value; nothing else is.
void check_holds(const Table& table, const std::vector<std::int64_t>& expected) {
  REQUIRE(keys_of(table) == expected);
  for (const std::int64_t key : expected) {
    const Value* value = table.value_of(number(key));
    REQUIRE(value != nullptr);
    REQUIRE(*value == number(key * 10));
  }
}

TEST_CASE("entries keep the order in which they were first put") {
  for (const std::int64_t count : {0, 1, 8, 9, 10, 100}) {
    Table table;
    std::vector<std::int64_t> expected;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t key = i * 7919 % 1009;
      CHECK(table.put(number(key), number(key * 10)));
      expected.push_back(key);
    }
    check_holds(table, expected);
    CHECK(table.find(number(-1)) == nullptr);
  }
}

TEST_CASE("an equal key stays in its place and takes the new value") {
  for (const std::int64_t count : {3, 30}) {
    Table table;
    for (std::int64_t i = 0; i < count; ++i) table.put(number(i), Value());
    CHECK_FALSE(table.put(Value::bigint(BigInteger(1)), Value::string("new")));
    CHECK(table.size() == static_cast<std::size_t>(count));
    CHECK(table[1].key.is(Kind::kLong));
    CHECK(*table.value_of(number(1)) == Value::string("new"));
  }
}

TEST_CASE("erasing closes the gap and keeps the order, in any sequence") {
  std::uint64_t random = 12345;
  const auto below = [&random](std::size_t bound) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(random >> 33) % bound;
  };
  Table table;
  std::vector<std::int64_t> expected;
  for (int step = 0; step < 20'000; ++step) {
    const bool grow = step / 2'000 % 2 == 0;
    const auto key = static_cast<std::int64_t>(below(400));
    const auto found = std::find(expected.begin(), expected.end(), key);
    if (below(10) < (grow ? 7U : 3U)) {
      REQUIRE(table.put(number(key), number(key * 10)) == (found == expected.end()));
      if (found == expected.end()) expected.push_back(key);
    } else {
      REQUIRE(table.erase(number(key)) == (found != expected.end()));
      if (found != expected.end()) expected.erase(found);
    }
    if (step % 97 == 0) check_holds(table, expected);
  }
  check_holds(table, expected);
}

TEST_CASE("erasing everything from either end leaves an empty table that can be filled again") {
  for (const bool from_front : {true, false}) {
    Table table;
    for (std::int64_t i = 0; i < 200; ++i) table.put(number(i), number(i * 10));
    while (!table.empty()) {
      const Value key = table[from_front ? 0 : table.size() - 1].key;
      REQUIRE(table.erase(key));
      REQUIRE(table.find(key) == nullptr);
    }
    CHECK_FALSE(table.erase(number(1)));
    table.put(number(5), number(50));
    check_holds(table, {5});
  }
}

TEST_CASE("a copy of a table is independent") {
  Table table;
  for (std::int64_t i = 0; i < 20; ++i) table.put(number(i), number(i * 10));
  Table copy = table;
  copy.erase(number(0));
  copy.put(number(99), number(990));
  CHECK(table.size() == 20);
  CHECK(table.find(number(0)) != nullptr);
  CHECK(table.find(number(99)) == nullptr);
}

TEST_CASE("a hundred thousand entries are put, found and counted") {
  constexpr std::int64_t kCount = 100'000;
  Value map = Value::map();
  for (std::int64_t i = 0; i < kCount; ++i) {
    map.put(Value::string("key " + std::to_string(i)), number(i));
  }
  REQUIRE(map.table().size() == kCount);
  for (std::int64_t i = 0; i < kCount; i += 7) {
    const Value* value = map.table().value_of(Value::string("key " + std::to_string(i)));
    REQUIRE(value != nullptr);
    REQUIRE(value->as_long() == i);
  }
  for (std::int64_t i = kCount - 1; i >= kCount / 2; --i) {
    REQUIRE(map.erase(Value::string("key " + std::to_string(i))));
  }
  for (std::int64_t i = 0; i < 100; ++i) {
    REQUIRE(map.erase(Value::string("key " + std::to_string(i))));
  }
  CHECK(map.table().size() == kCount / 2 - 100);
  CHECK(map.table()[0].value == number(100));
}

TEST_CASE("keys of every kind are found again") {
  const std::vector<Value> keys{Value(),
                                Value::boolean(false),
                                Value::boolean(true),
                                number(0),
                                Value::real(0.0),
                                Value::decimal({BigInteger(), 0}),
                                Value::ratio({BigInteger(1), BigInteger(2)}),
                                Value::character('a'),
                                Value::string("a"),
                                Value::symbol("a"),
                                Value::keyword("a"),
                                Value::keyword(Name("a", "a")),
                                Value::inst(0),
                                Value::uuid(Uuid{}),
                                Value::bytes({}),
                                Value::regex("a"),
                                Value::uri("a"),
                                Value::list({}),
                                Value::map(),
                                Value::set(),
                                Value::array(ArrayKind::kLongs, {}),
                                Value::record("a", Value::map()),
                                Value::tagged("a", Value::map()),
                                Value::structure(Value::string("a"), {})};
  Table table;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    REQUIRE(table.put(keys[i], number(static_cast<std::int64_t>(i))));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    REQUIRE(table.value_of(keys[i]) != nullptr);
    CHECK(*table.value_of(keys[i]) == number(static_cast<std::int64_t>(i)));
  }
}

}  // namespace
}  // namespace ksv
