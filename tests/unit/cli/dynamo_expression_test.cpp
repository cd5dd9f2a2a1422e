// Expressions as they are written, and as the service takes them.
#include "cli/dynamo_expression.h"

#include <doctest/doctest.h>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv::cli {
namespace {

Value edn(std::string_view text) {
  auto value = read_edn(text);
  REQUIRE_OK(value);
  return *value;
}

// The text with its placeholders, and what they stand for.
std::string made(std::string_view text, std::string_view names = "{}",
                 std::string_view values = "{}") {
  auto expressions = Expressions::make(edn(names), edn(values));
  REQUIRE_OK(expressions);
  auto result = expressions->add_either("--filter", text);
  if (!result.has_value()) return result.error().message();
  const Status used = expressions->check_used();
  if (!used.has_value()) return used.error().message();
  return *result + " " + expressions->names_json() + " " + expressions->values_json();
}

}  // namespace

TEST_CASE("names and literals become placeholders, the same one for the same thing") {
  CHECK(made("age > 5 and age < 7") ==
        R"~(#n0 > :v0 AND #n0 < :v1 {"#n0":"age"} {":v0":{"N":"5"},":v1":{"N":"7"}})~");
  CHECK(made("a = 5 OR b = 5") ==
        R"~(#n0 = :v0 OR #n1 = :v0 {"#n0":"a","#n1":"b"} {":v0":{"N":"5"}})~");
}

TEST_CASE("an expression without a word is refused, not left out") {
  CHECK(made("") == "--filter is empty");
  CHECK(made(" \t\n") == "--filter is empty");
}

TEST_CASE("paths keep their dots and indexes") {
  CHECK(made("a.name[0].b = true") ==
        R"~(#n0.#n1[0].#n2 = :v0 {"#n0":"a","#n2":"b","#n1":"name"} {":v0":{"BOOL":true}})~");
  CHECK(made("a.set = nil") == R"~(#n0.#n1 = :v0 {"#n0":"a","#n1":"set"} {":v0":{"NULL":true}})~");
}

TEST_CASE("functions and words stay, in any case, and names in backquotes are names") {
  CHECK(made("attribute_not_exists(id) AND NOT begins_with(`and`, \"x, y)\")") ==
        R"~(attribute_not_exists(#n0) AND NOT begins_with(#n1, :v0) {"#n1":"and","#n0":"id"} )~"
        R"~({":v0":{"S":"x, y)"}})~");
  CHECK(
      made("set n = n + 1, m = m - 1 remove `first name`") ==
      R"~(SET #n0 = #n0 + :v0, #n1 = #n1 - :v0 REMOVE #n2 {"#n2":"first name","#n1":"m","#n0":"n"} )~"
      R"~({":v0":{"N":"1"}})~");
}

TEST_CASE("a minus before a digit is a sign where an operand begins, and within a name a hyphen") {
  CHECK(made("a = -5") == R"~(#n0 = :v0 {"#n0":"a"} {":v0":{"N":"-5"}})~");
  CHECK(made("last-name = 1") == R"~(#n0 = :v0 {"#n0":"last-name"} {":v0":{"N":"1"}})~");
  CHECK(made("a IN (-1, 2)") ==
        R"~(#n0 IN (:v0, :v1) {"#n0":"a"} {":v0":{"N":"-1"},":v1":{"N":"2"}})~");
}

TEST_CASE("collections are values where an operand begins") {
  CHECK(made("a = [1 2]") == R"~(#n0 = :v0 {"#n0":"a"} {":v0":{"L":[{"N":"1"},{"N":"2"}]}})~");
  CHECK(made("ADD tags #{\"a\"}") == R"~(ADD #n0 :v0 {"#n0":"tags"} {":v0":{"SS":["a"]}})~");
}

TEST_CASE("what the user names is put in, and must be used") {
  CHECK(made("#n = :min", R"~({"#n" "odd name"})~", "{:min 5}") ==
        R"~(#n0 = :v0 {"#n0":"odd name"} {":v0":{"N":"5"}})~");
  CHECK(made("a = 1", "{}", "{:min 5}") == "no expression says :min");
  CHECK(made("a = :max", "{}", "{:min 5}") == "--filter: --values has no :max at column 5");
}

TEST_CASE("a map of conditions is an expression") {
  CHECK(
      made("{:a 1 :b [:begins-with \"x\"] :c [:between 1 2] :d [:null]}") ==
      R"~(#n0 = :v0 AND begins_with(#n1, :v1) AND #n2 BETWEEN :v0 AND :v2 AND attribute_not_exists(#n3) )~"
      R"~({"#n0":"a","#n1":"b","#n2":"c","#n3":"d"} {":v0":{"N":"1"},":v1":{"S":"x"},":v2":{"N":"2"}})~");
  CHECK(made("{:a [:like 1]}") == "--filter: [:like 1] is no condition");
}

TEST_CASE("mistakes are told with their column") {
  CHECK(made("foo(a)") == "--filter: there is no function foo at column 1");
  CHECK(made("a[x] = 1") == "--filter: an index is a whole number: [0] at column 2");
  CHECK(made("`a = 1") == "--filter: a ` without its end at column 1");
  CHECK(made("a = \"x").starts_with("--filter: no value"));
}

}  // namespace ksv::cli
