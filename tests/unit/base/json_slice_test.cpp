// The parts of a JSON text as they stand in it, and CRC-32.
#include "base/json_slice.h"

#include "base/crc32.h"
#include "support/result_checks.h"

namespace ksv {

TEST_CASE("the members of an object are as they stand") {
  constexpr std::string_view kText =
      " { \"a\" : {\"x\":[\"}\",\"\\\"]\"]} , \"b\\u0041\":1.50, \"c\":null,\"a\":\"last\" } ";
  const auto members = json_members(kText);
  REQUIRE_OK(members);
  REQUIRE(members->size() == 4);
  CHECK((*members)[0].second == "{\"x\":[\"}\",\"\\\"]\"]}");
  CHECK((*members)[1].first == "bA");
  CHECK((*members)[1].second == "1.50");
  CHECK(*find_member(*members, "a") == "\"last\"");
  CHECK_FALSE(find_member(*members, "d").has_value());
  CHECK(json_members("{}")->empty());
}

TEST_CASE("the elements of an array are as they stand") {
  const auto elements = json_elements(R"([1, {"a":[]},"," ,[] ])");
  REQUIRE_OK(elements);
  CHECK(*elements == std::vector<std::string_view>{"1", R"({"a":[]})", R"(",")", "[]"});
  CHECK(json_elements(" [ ] ")->empty());
}

TEST_CASE("texts that are cut off or have more at their end are damage") {
  for (const char* text :
       {"", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":\"x}", "{\"a\":\"x\\",
        "{} x", "{a:1}", "[1}", "{\"a\":1]", "{\"a\":}", "{,}"}) {
    CAPTURE(text);
    REQUIRE_ERROR(json_members(text), ErrorCode::kCorrupt);
  }
  for (const char* text : {"", "[", "[1", "[1,", "[\"", "[] x", "{}", "[,]", "[1}"}) {
    CAPTURE(text);
    REQUIRE_ERROR(json_elements(text), ErrorCode::kCorrupt);
  }
}

TEST_CASE("strings, integers and booleans are read, and nothing else for them") {
  CHECK(*json_string(R"("a\n\u00e9")") == "a\n\xC3\xA9");
  CHECK(*json_string(R"("plain")") == "plain");
  REQUIRE_ERROR(json_string("1"), ErrorCode::kCorrupt);
  REQUIRE_ERROR(json_string("\"\xFF\""), ErrorCode::kCorrupt);
  REQUIRE_ERROR(json_string("\""), ErrorCode::kCorrupt);
  CHECK(*json_integer("-12") == -12);
  REQUIRE_ERROR(json_integer("1.0"), ErrorCode::kCorrupt);
  CHECK(*json_boolean("true"));
  REQUIRE_ERROR(json_boolean("1"), ErrorCode::kCorrupt);
}

TEST_CASE("the CRC-32 of any length is that of the standard's check value") {
  CHECK(crc32({}) == 0);
  CHECK(crc32(bytes_of("123456789")) == 0xCBF43926);
  CHECK(crc32(bytes_of("{\"TableNames\":[]}")) == 1315925753);
  CHECK(crc32(bytes_of("{}")) == 2745614147);
}

}  // namespace ksv
