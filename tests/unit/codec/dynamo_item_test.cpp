// Values as items of DynamoDB, and back.
#include "codec/dynamo_item.h"

#include "codec/edn.h"
#include "codec/json_view.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

Value edn(std::string_view text) {
  auto value = read_edn(text);
  REQUIRE_OK(value);
  return *std::move(value);
}

std::string written(std::string_view text) {
  auto json = write_attribute(edn(text));
  REQUIRE_OK(json);
  return *json;
}

std::string read_back(std::string_view json, const ItemReading& reading = {}) {
  auto value = read_attribute(json, reading);
  REQUIRE_OK(value);
  return print_edn(*value);
}

Error refusal(std::string_view text) {
  auto json = write_attribute(edn(text));
  REQUIRE_ERROR(json, ErrorCode::kUsage);
  return json.error();
}

std::string nested(std::uint32_t depth) {
  return std::string(depth, '[') + "1" + std::string(depth, ']');
}

}  // namespace

TEST_CASE("each kind of value has its attribute, and comes back") {
  struct Row {
    const char* value;
    const char* attribute;
    const char* back;
  };
  const Row rows[] = {
      {"nil", R"({"NULL":true})", "nil"},
      {"true", R"({"BOOL":true})", "true"},
      {"false", R"({"BOOL":false})", "false"},
      {R"("")", R"({"S":""})", R"("")"},
      {R"("é\n")", R"({"S":"é\n"})", R"("é\n")"},
      {":a/b", R"({"S":"a/b"})", R"("a/b")"},
      {"42", R"({"N":"42"})", "42"},
      {"-9223372036854775808", R"({"N":"-9223372036854775808"})", "-9223372036854775808"},
      {"12345678901234567890123456789012345678N",
       R"({"N":"12345678901234567890123456789012345678"})",
       "12345678901234567890123456789012345678N"},
      {"1.50M", R"({"N":"1.50"})", "1.50M"},
      {"0.00000000000000000001M", R"({"N":"1E-20"})", "1E-20M"},
      {"1.5", R"({"N":"1.5"})", "1.5M"},
      {"1e30", R"({"N":"1.0E30"})", "1.0E+30M"},
      {"-0.0", R"({"N":"0"})", "0"},
      {"#ksv/bytes \"00ff\"", R"({"B":"AP8="})", "#ksv/bytes \"00ff\""},
      {"#ksv/bytes \"\"", R"({"B":""})", "#ksv/bytes \"\""},
      {"[]", R"({"L":[]})", "[]"},
      {"[1 [nil] {:a 1}]", R"({"L":[{"N":"1"},{"L":[{"NULL":true}]},{"M":{"a":{"N":"1"}}}]})",
       "[1 [nil] {:a 1}]"},
      {"(1 2)", R"({"L":[{"N":"1"},{"N":"2"}]})", "[1 2]"},
      {"{}", R"({"M":{}})", "{}"},
      {R"({"k" 1 :a/b 2})", R"({"M":{"k":{"N":"1"},"a/b":{"N":"2"}}})", "{:k 1, :a/b 2}"},
      {R"(#{"a"})", R"({"SS":["a"]})", R"(#{"a"})"},
      {"#{1.50M}", R"({"NS":["1.50"]})", "#{1.50M}"},
      {"#{#ksv/bytes \"61\"}", R"({"BS":["YQ=="]})", "#{#ksv/bytes \"61\"}"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    const std::string json = written(row.value);
    CHECK(json == row.attribute);
    CHECK(read_back(json) == row.back);
  }
}

TEST_CASE("an item as the service gives it is read without the loss of a digit") {
  constexpr std::string_view kItem =
      R"({"ss":{"SS":["a","b"]},"big":{"N":"12345678901234567890123456789012345678"},)"
      R"("b":{"B":"AP8="},"nul":{"NULL":true},"ns":{"NS":["1","2","3"]},"l":{"L":[]},)"
      R"("m":{"M":{"e":{"M":{}},"k":{"L":[{"N":"1"},{"NULL":true},{"BOOL":false}]}}},)"
      R"("n":{"N":"1.5"},"s":{"S":"\uD83D\uDE00"},"tiny":{"N":"0.00000000000000000001"}})";
  auto item = read_item(kItem);
  REQUIRE_OK(item);
  CHECK(
      print_edn(*item) ==
      "{:ss #{\"a\" \"b\"}, :big 12345678901234567890123456789012345678N, :b #ksv/bytes \"00ff\", "
      ":nul nil, :ns #{1 2 3}, :l [], :m {:e {}, :k [1 nil false]}, :n 1.5M, :s \"\U0001F600\", "
      ":tiny 1E-20M}");
  CHECK(print_json(*item).find("\"big\":12345678901234567890123456789012345678") !=
        std::string::npos);
  auto again = write_item(*item);
  REQUIRE_OK(again);
  auto twice = read_item(*again);
  REQUIRE_OK(twice);
  CHECK(*twice == *item);
}

TEST_CASE("what has no form is refused, with what to write instead") {
  struct Row {
    const char* value;
    const char* message;
    const char* hint;
  };
  const Row rows[] = {
      {"1/3", "a ratio has no form", "decimal"},
      {"sym", "a symbol has no form", "string"},
      {"\\a", "a character has no form", "string"},
      {"#uuid \"550e8400-e29b-41d4-a716-446655440000\"", "no form", "#ksv/frozen"},
      {"#inst \"2020-01-01\"", "no form", "#ksv/frozen"},
      {"#my/tag 1", "no form", "#ksv/frozen"},
      {"#ksv/longs [1]", "no form", "vector"},
      {"##NaN", "neither NaN nor infinities", ""},
      {"##Inf", "neither NaN nor infinities", ""},
      {"#{}", "an empty set", "nil or []"},
      {"#{1 \"a\"}", "only one kind", "vector"},
      {"#{nil}", "only one kind", "vector"},
      {"#{:a \"a\"}", "in a set twice", ""},
      {"#{1 1.0M}", "in a set twice", ""},
      {"{:a 1 \"a\" 2}", "both named \"a\"", ""},
      {"{1 2}", "named by keywords or strings", ""},
      {"{\"\" 2}", "without a name", ""},
      {"\"\\uD83D\"", "no UTF-8", "#ksv/frozen"},
      {"123456789012345678901234567890123456789N", "39 significant digits", ""},
      {"1e126", "beyond 9.99E+125", ""},
      {"1e-131", "nearer to zero", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    const Error error = refusal(row.value);
    CAPTURE(error.message());
    CAPTURE(error.hint());
    CHECK(error.message().find(row.message) != std::string::npos);
    CHECK(error.hint().find(row.hint) != std::string::npos);
  }
  auto place = write_item(edn("{:a {:b [1 1/2]}}"));
  REQUIRE_FALSE(place.has_value());
  CHECK(place.error().message() == ":a: :b: 1: a ratio has no form in DynamoDB");
  REQUIRE_ERROR(write_item(edn("[1]")), ErrorCode::kUsage);
}

TEST_CASE("numbers at the ends of the range are taken, and trailing zeros cost no digits") {
  CHECK(written("9.9999999999999999999999999999999999999E125M").size() > 40);
  CHECK(written("1E-130M") == R"({"N":"1E-130"})");
  CHECK(written("1000000000000000000000000000000000000000000N").size() > 40);
  CHECK(refusal("1.00000000000000000000000000000000000001M").message().find("39") !=
        std::string::npos);
}

TEST_CASE("lists and maps nest thirty-two deep, the item being the first") {
  const std::string deepest = nested(kItemDepthMax - 1);
  CHECK(read_back(written(deepest)) == deepest);
  REQUIRE_OK(write_item(edn("{:a " + deepest + "}")));
  CHECK(refusal(nested(kItemDepthMax)).message().find("32 levels") != std::string::npos);
  REQUIRE_ERROR(write_item(edn("{:a " + nested(kItemDepthMax) + "}")), ErrorCode::kUsage);
}

TEST_CASE("an item of more than 400 KB is refused, as the service counts") {
  Value item = edn("{:id 1}");
  // id and its number take four bytes, the other name one.
  item.put(Value::keyword("v"), Value::string(std::string(kItemBytesMax - 5, 'x')));
  CHECK(item_bytes(item) == kItemBytesMax);
  REQUIRE_OK(write_item(item));
  item.put(Value::keyword("v"), Value::string(std::string(kItemBytesMax - 4, 'x')));
  auto json = write_item(item);
  REQUIRE_ERROR(json, ErrorCode::kUsage);
  CHECK(json.error().message().find("409601 bytes") != std::string::npos);
}

TEST_CASE("frozen bytes are thawed, kept as frozen, or kept as bytes") {
  const std::string json = written("#ksv/frozen [1 #{}]");
  CHECK(json.starts_with(R"({"B":"TlBZ)"));
  CHECK(read_back(json) == "[1 #{}]");
  CHECK(read_back(json, {.frozen = Frozen::kTagged}) == "#ksv/frozen [1 #{}]");
  CHECK(read_back(json, {.frozen = Frozen::kBytes}).starts_with("#ksv/bytes \"4e5059"));
  // No header, so no frozen value.
  CHECK(read_back(R"({"B":"TlBZ"})") == "#ksv/bytes \"4e5059\"");
  auto damaged = read_attribute(R"({"B":"TlBZAH8="})");
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().message().starts_with("frozen bytes: "));
}

TEST_CASE("JSON that is no item is damage") {
  for (const char* json :
       {"", "[]", "1", R"({"a":1})", R"({"a":{}})", R"({"a":{"S":"x","N":"1"}})",
        R"({"a":{"S":1}})", R"({"a":{"N":"x"}})", R"({"a":{"N":""}})", R"({"a":{"B":"?"}})",
        R"({"a":{"BOOL":"true"}})", R"({"a":{"NULL":false}})", R"({"a":{"SS":[]}})",
        R"({"a":{"SS":[1]}})", R"({"a":{"L":{}}})", R"({"a":{"M":[]}})", R"({"a":{"X":1}})",
        R"({"a":{"N":"1)", R"({"a":{"N":"NaN"}})"}) {
    CAPTURE(json);
    REQUIRE_ERROR(read_item(json), ErrorCode::kCorrupt);
  }
  REQUIRE_ERROR(read_typed_json(R"({"a":1})"), ErrorCode::kUsage);
  const std::string many(2000, '1');
  REQUIRE_ERROR(read_item(R"({"a":{"N":")" + many + R"("}})"), ErrorCode::kCorrupt);
  std::string deep = R"({"N":"1"})";
  for (int i = 0; i < 400; ++i) deep = R"({"L":[)" + deep + "]}";
  REQUIRE_ERROR(read_attribute(deep), ErrorCode::kCorrupt);
}

TEST_CASE("plain JSON keeps every digit") {
  auto item =
      read_plain_json(R"({"id":1,"n":0.10000000000000000000000000000000000001,"a/b":[null]})");
  REQUIRE_OK(item);
  CHECK(print_edn(*item) == "{:id 1, :n 0.10000000000000000000000000000000000001M, :a/b [nil]}");
  auto json = write_item(*item);
  REQUIRE_OK(json);
  CHECK(*json == R"({"id":{"N":"1"},"n":{"N":"0.10000000000000000000000000000000000001"},)"
                 R"("a/b":{"L":[{"NULL":true}]}})");
}

}  // namespace ksv
