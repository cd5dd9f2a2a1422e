// Items as text: what is equal to the service has one text, and what changes is said by name.
#include <doctest/doctest.h>

#include "backend/dynamodb/dynamo_item_text.h"
#include "support/result_checks.h"

namespace ksv::dynamodb {
namespace {

std::string canonical(std::string_view item) {
  auto text = canonical_item(item);
  return text.has_value() ? *text : "error";
}
std::string number(const std::string& text) {
  const std::string whole = canonical("{\"n\":{\"N\":\"" + text + "\"}}");
  return whole.substr(11, whole.size() - 14);
}
JsonMembers members(const std::string& item) {
  auto read = json_members(item);
  REQUIRE_OK(read);
  return *read;
}

}  // namespace

TEST_CASE("attributes and sets are sorted, lists are not, strings are escaped in one way") {
  CHECK(canonical(R"~({"b":{"L":[{"N":"2"},{"N":"1"}]},"a":{"SS":["y","x"]}})~") ==
        R"~({"a":{"SS":["x","y"]},"b":{"L":[{"N":"2"},{"N":"1"}]}})~");
  CHECK(canonical(R"~({"s":{"S":"\u00e9\/"}})~") == canonical("{\"s\":{\"S\":\"\xc3\xa9/\"}}"));
  CHECK(canonical(R"~({"b":{"N":"1"},"a":{"N":"1"},"a":{"N":"2"}})~") ==
        R"~({"a":{"N":"2"},"b":{"N":"1"}})~");
  CHECK(canonical(R"~({"m":{"M":{"z":{"NULL":true},"y":{"BOOL":false}}}})~") ==
        R"~({"m":{"M":{"y":{"BOOL":false},"z":{"NULL":true}}}})~");
}

TEST_CASE("a number has the digits that the service gives back") {
  CHECK(number("1.50") == "1.5");
  CHECK(number("1e3") == "1000");
  CHECK(number("+007") == "7");
  CHECK(number("-0.0") == "0");
  CHECK(number("-1.5E-3") == "-0.0015");
  CHECK(number("12e-1") == "1.2");
  CHECK(number("100000000000000000000") == "100000000000000000000");
  CHECK(number("1e999") == "1e999");
  CHECK(number("x") == "x");
  CHECK(canonical(R"~({"n":{"NS":["2","1.0"]}})~") == R"~({"n":{"NS":["1","2"]}})~");
}

TEST_CASE("what is no item is an error, however deep") {
  CHECK(canonical("[]") == "error");
  CHECK(canonical(R"~({"a":{"S":"x","N":"1"}})~") == "error");
  std::string deep = R"~({"N":"1"})~";
  for (int i = 0; i < 40; ++i) deep = "{\"L\":[" + deep + "]}";
  CHECK(canonical("{\"a\":" + deep + "}") == "error");
}

TEST_CASE("all attributes are compared, those that differ are written") {
  const std::string before = R"~({"a":{"N":"1"},"b":{"S":"x"},"c":{"N":"3"}})~";
  const std::string after = R"~({"a":{"N":"1"},"b":{"S":"y"},"d":{"N":"4"}})~";
  Expression expression;
  auto condition = equals_item(members(before), &expression);
  REQUIRE_OK(condition);
  CHECK(*condition == "#n0 = :v0 AND #n1 = :v1 AND #n2 = :v2");
  auto update = changes_of(members(before), members(after), &expression);
  REQUIRE_OK(update);
  CHECK(*update == "SET #n3 = :v3, #n4 = :v4 REMOVE #n5");
  CHECK(expression.placeholders().names ==
        R"~({"#n0":"a","#n1":"b","#n2":"c","#n3":"b","#n4":"d","#n5":"c"})~");
}

TEST_CASE("an item with more attributes than a condition takes is refused") {
  std::string item = "{";
  for (int i = 0; i < 200; ++i) {
    item += (i > 0 ? ",\"a" : "\"a") + std::to_string(i) + "\":{\"N\":\"1\"}";
  }
  item += "}";
  Expression expression;
  REQUIRE_ERROR(equals_item(members(item), &expression), ErrorCode::kUnsupported);
}

}  // namespace ksv::dynamodb
