// JSON as a view of values: the table of the header, and reading.
#include "codec/json_view.h"

#include <doctest/doctest.h>
#include <limits>
#include <string>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

void check_json(std::string_view edn, std::string_view json) {
  CAPTURE(std::string(edn));
  const Result<Value> value = read_edn(edn);
  REQUIRE_OK(value);
  CHECK(print_json(*value) == json);
  CHECK_OK(read_json(print_json(*value), JsonKeys::kStrings));
}

TEST_CASE("each kind has the JSON form of the table") {
  check_json("nil", "null");
  check_json("[true false]", "[true,false]");
  check_json("-9223372036854775808", "-9223372036854775808");
  check_json("123456789012345678901234567890N", "123456789012345678901234567890");
  check_json("[1.5 1e10 -0.0]", "[1.5,1.0E10,-0.0]");
  check_json("[##NaN ##Inf ##-Inf]", R"(["NaN","Infinity","-Infinity"])");
  check_json("[#ksv/float \"1.1\" #ksv/float \"NaN\"]", R"([1.1,"NaN"])");
  check_json("[1.50M 1E+3M 1E-10M]", "[1.50,1E+3,1E-10]");
  check_json("1/3", R"("1/3")");
  check_json("[\"a\\\"\\n\" \\x \\newline]", R"(["a\"\n","x","\n"])");
  check_json("[:a :a/b sym my/sym]", R"(["a","a/b","sym","my/sym"])");
  check_json("#inst \"2020-01-01T00:00:00.500\"", R"("2020-01-01T00:00:00.500Z")");
  check_json("#uuid \"1-2-3-4-5\"", R"("00000001-0002-0003-0004-000000000005")");
  check_json("[#ksv/uri \"a:b\" #ksv/regex \"a+\"]", R"(["a:b","a+"])");
  check_json("#ksv/bytes \"00ff10\"", R"("AP8Q")");
  check_json("[(1) [2] #{3} #ksv/seq (4) #ksv/longs [5]]", "[[1],[2],[3],[4],[5]]");
  check_json("#ksv/record [a.B {:x 1}]", R"({"x":1})");
  check_json("#my/tag {:x 1}", R"({"#my/tag":{"x":1}})");
  check_json("#ksv/tagged [\"pss/leaf\" 1 [2]]", R"({"#pss/leaf":[1,[2]]})");
  check_json("#ksv/tagged [:t]", R"({"#t":[]})");
  check_json("[() {} #{}]", "[[],{},[]]");
}

TEST_CASE("half a surrogate pair becomes an escape") {
  CHECK(print_json(Value::string("\xed\xa0\xbd")) == R"("\ud83d")");
  CHECK(print_json(Value::character(0xd83d)) == R"("\ud83d")");
}

TEST_CASE("keys that are strings in JSON stay so, others are their EDN text") {
  check_json("{:a 1, \"b\" 2, c 3, :d/e 4}", R"({"a":1,"b":2,"c":3,"d/e":4})");
  check_json("{1 :x, [1 \"s\"] :y, nil :z, true :t}",
             R"({"1":"x","[1 \"s\"]":"y","nil":"z","true":"t"})");
  check_json("{#uuid \"1-2-3-4-5\" 1}", R"({"00000001-0002-0003-0004-000000000005":1})");
}

TEST_CASE("keys that would meet in one name are kept apart") {
  check_json("{:a 1, \"a\" 2}", R"({"a":1,"\"a\"":2})");
  check_json("{\"a\" 1, :a 2, a 3}", R"({"a":1,":a":2,"a":3})");
}

TEST_CASE("the indented form has a part a line") {
  CHECK(print_json_pretty(*read_edn("{:a [1 {}], :b {:c []}}")) ==
        "{\n"
        "  \"a\": [\n"
        "    1,\n"
        "    {}\n"
        "  ],\n"
        "  \"b\": {\n"
        "    \"c\": []\n"
        "  }\n"
        "}");
}

TEST_CASE("JSON reads as strings, longs, bigints, doubles, vectors and maps") {
  const Result<Value> value =
      read_json(R"({"a": [1, -0, 1.0, 1e2, 9223372036854775808], "b/c": null, "d": true})",
                JsonKeys::kStrings);
  REQUIRE_OK(value);
  CHECK(print_edn(*value) == R"({"a" [1 0 1.0 100.0 9223372036854775808N], "b/c" nil, "d" true})");
}

TEST_CASE("object keys become keywords when asked, with their namespaces") {
  const Result<Value> value = read_json(R"({"a": {"b/c": ":d"}})", JsonKeys::kKeywords);
  REQUIRE_OK(value);
  CHECK(*value == *read_edn("{:a {:b/c \":d\"}}"));
}

TEST_CASE("of two equal keys the later counts") {
  CHECK(*read_json(R"({"a": 1, "a": 2})", JsonKeys::kStrings) == *read_edn("{\"a\" 2}"));
}

TEST_CASE("escapes of surrogates read without loss") {
  CHECK(*read_json(R"("\ud83d\ude00")", JsonKeys::kStrings) == Value::string("😀"));
  CHECK(*read_json(R"("\ud83d")", JsonKeys::kStrings) == Value::string("\xed\xa0\xbd"));
}

TEST_CASE("what is no JSON, or too much of it, is refused") {
  const std::string deep(limits::kDepthMax + 1, '[');
  const std::string long_number(limits::kNumberDigitsMax + 1, '1');
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[1,]"), std::string("nil"), std::string("01"),
        std::string("1e999"), std::string("-1e999"), deep, long_number, long_number + ".5"}) {
    REQUIRE_ERROR(read_json(text, JsonKeys::kStrings), ErrorCode::kUsage);
  }
}

}  // namespace
}  // namespace ksv
