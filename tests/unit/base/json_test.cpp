// JSON text.
#include "base/json.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support/result_checks.h"

namespace ksv {
namespace {

constexpr std::uint32_t kDepth = 16;

// A tree in a notation that shows its types: numbers as <text>.
std::string shown(const Json& json) {
  if (std::holds_alternative<std::nullptr_t>(json.content)) return "null";
  if (const auto* boolean = std::get_if<bool>(&json.content)) return *boolean ? "true" : "false";
  if (const auto* number = std::get_if<Json::Number>(&json.content))
    return fmt::format("<{}>", number->text);
  if (const auto* string = std::get_if<std::string>(&json.content))
    return fmt::format("'{}'", *string);
  std::string text;
  if (const auto* array = std::get_if<Json::Array>(&json.content)) {
    for (const Json& item : *array)
      text += fmt::format("{}{}", text.empty() ? "" : " ", shown(item));
    return fmt::format("[{}]", text);
  }
  for (const auto& [name, value] : *std::get_if<Json::Object>(&json.content)) {
    text += fmt::format("{}{}:{}", text.empty() ? "" : " ", name, shown(value));
  }
  return fmt::format("{{{}}}", text);
}

std::string parsed(std::string_view text) {
  const Result<Json> json = parse_json(text, kDepth);
  return json.has_value() ? shown(*json) : json.error().message();
}

std::string literal(std::string_view text) {
  std::string to;
  append_json_string(to, text);
  return to;
}

TEST_CASE("all kinds of JSON are read") {
  CHECK(parsed("null") == "null");
  CHECK(parsed(" true ") == "true");
  CHECK(parsed("\tfalse\r\n") == "false");
  CHECK(parsed("\"\"") == "''");
  CHECK(parsed("[]") == "[]");
  CHECK(parsed("[ ]") == "[]");
  CHECK(parsed("{ }") == "{}");
  CHECK(parsed("[1,[2,{}],\"x\" , null]") == "[<1> [<2> {}] 'x' null]");
  CHECK(parsed("{\"a\":1, \"b\" : {\"a\":[true]}}") == "{a:<1> b:{a:[true]}}");
}

TEST_CASE("the order of names and duplicates are kept") {
  CHECK(parsed("{\"b\":1,\"a\":2,\"b\":3}") == "{b:<1> a:<2> b:<3>}");
}

TEST_CASE("numbers keep every digit") {
  const std::string digits(400, '7');
  for (const std::string& number :
       {std::string("0"), std::string("-0"), std::string("-1.50"), std::string("1e400"),
        std::string("1E+5"), std::string("12e-3"), digits, "0." + digits + "e-" + "99999999"}) {
    CHECK(parsed(number) == "<" + number + ">");
  }
}

TEST_CASE("escapes become UTF-8") {
  CHECK(parsed(R"("\"\\\/\b\f\n\r\t")") == "'\"\\/\b\f\n\r\t'");
  CHECK(parsed(R"("\u0041\u00e4\u20AC\uD83D\uDE00")") == "'A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80'");
  CHECK(parsed(R"("\u0000")") == std::string("'\0'", 3));
  CHECK(parsed("\"\xc3\xa4\"") == "'\xc3\xa4'");
}

TEST_CASE("escapes of unpaired surrogates are kept") {
  CHECK(parsed(R"("\ud83d")") == "'\xed\xa0\xbd'");
  CHECK(parsed(R"("\ude00x")") == "'\xed\xb8\x80x'");
  CHECK(parsed(R"("\ud83d\u0041")") ==
        "'\xed\xa0\xbd"
        "A'");
  CHECK(parsed(R"("\ud83d\ud83d\ude00")") == "'\xed\xa0\xbd\xf0\x9f\x98\x80'");
  CHECK(parsed(R"("\ud83d\\")") == "'\xed\xa0\xbd\\'");
}

TEST_CASE("what is no JSON is refused with line and column") {
  CHECK(parsed("") == "JSON, line 1 column 1: the text ends where a value is expected");
  CHECK(parsed("[1,\n 2,\n x]") == "JSON, line 3 column 2: expected a value");
  CHECK(parsed("{\"a\" 1}") == "JSON, line 1 column 6: expected ':'");
  CHECK(parsed("[1 2]") == "JSON, line 1 column 4: expected ',' or ']'");
  CHECK(parsed("{\"a\":1") == "JSON, line 1 column 7: the text ends where ',' or '}' is expected");
  CHECK(parsed("\n\"ab") == "JSON, line 2 column 1: this string does not end");
  for (const char* text : {"1 2",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{,}",
                           "[,1]",
                           "tru",
                           "nul",
                           "True",
                           "+1",
                           "01",
                           ".5",
                           "1.",
                           "1e",
                           "1e+",
                           "-",
                           "- 1",
                           "--1",
                           "0x1",
                           "1.e5",
                           "NaN",
                           "Infinity",
                           "'a'",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\",
                           "\"a\nb\"",
                           "\"\x01\"",
                           "\"\xff\"",
                           "\"\xed\xa0\xbd\"",
                           "\xef\xbb\xbf"
                           "1",
                           "// 1",
                           "[1] x",
                           "]",
                           "}",
                           ":",
                           ",",
                           "nulll"}) {
    CAPTURE(text);
    REQUIRE_ERROR(parse_json(text, kDepth), ErrorCode::kUsage);
  }
  REQUIRE_ERROR(parse_json(std::string_view("1\0", 2), kDepth), ErrorCode::kUsage);
}

TEST_CASE("nesting is bounded, however deep the text") {
  const std::string open(kDepth, '[');
  const std::string close(kDepth, ']');
  CHECK_OK(parse_json(open + close, kDepth));
  REQUIRE_ERROR(parse_json("[" + open + close + "]", kDepth), ErrorCode::kUsage);
  REQUIRE_ERROR(parse_json(std::string(1'000'000, '['), kDepth), ErrorCode::kUsage);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  REQUIRE_ERROR(parse_json(objects, kDepth), ErrorCode::kUsage);
  CHECK_OK(parse_json("1", 0));
  REQUIRE_ERROR(parse_json("[]", 0), ErrorCode::kUsage);
}

TEST_CASE("string literals are valid JSON and UTF-8 whatever goes in") {
  CHECK(literal("") == "\"\"");
  CHECK(literal("a\"b\\c/") == R"("a\"b\\c/")");
  CHECK(literal("\b\f\n\r\t\x01\x1f\x7f") == R"("\b\f\n\r\t\u0001\u001f\u007f")");
  CHECK(literal(std::string_view("\0", 1)) == R"("\u0000")");
  CHECK(literal("\xc3\xa4\xf0\x9f\x98\x80") == "\"\xc3\xa4\xf0\x9f\x98\x80\"");
  CHECK(literal("\xed\xa0\xbdx\xed\xb8\x80") == R"("\ud83dx\ude00")");
  CHECK(literal("\xff(\xc3") == "\"\xef\xbf\xbd(\xef\xbf\xbd\"");
}

TEST_CASE("a string literal reads back as what was written") {
  for (const std::string& text :
       {std::string("plain"), std::string("\0\x1f\"\\", 4), std::string("\xed\xa0\xbd\xed\xa0\xbd"),
        std::string("\xf0\x9f\x98\x80\xed\xb8\x80")}) {
    CHECK(parsed(literal(text)) == "'" + text + "'");
  }
}

}  // namespace
}  // namespace ksv
