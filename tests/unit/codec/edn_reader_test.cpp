// Reading EDN: what is refused and how it is said, bounds, streams, discards, metadata.
#include <doctest/doctest.h>
#include <optional>
#include <string>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

void check_refused(std::string_view text, std::string_view message) {
  CAPTURE(std::string(text));
  const Result<Value> value = read_edn(text);
  REQUIRE_ERROR(value, ErrorCode::kUsage);
  CHECK(value.error().message() == message);
}

TEST_CASE("errors say what is wrong and where, in one line") {
  check_refused("[1 2 )", "EDN: unexpected ) at 1:6");
  check_refused("{:a 1\n :b}", "EDN: a map needs an even number of forms, this one has 3, at 1:1");
  check_refused("(1\n  [2 3", "EDN: missing ] for the [ at 2:3");
  check_refused("{:a 1 :a 2}", "EDN: duplicate key :a in the map at 1:1");
  check_refused("[#{1 2 1N}]", "EDN: duplicate element 1N in the set at 1:2");
  check_refused("1 2", "EDN: unexpected 2 after the value at 1:3");
  check_refused("1 #_2 #_ [3] :four", "EDN: unexpected :four after the value at 1:14");
  check_refused(" \"abc", "EDN: unclosed string, begun at 1:2");
  check_refused("\"a\\qb\"", "EDN: invalid escape \\q in a string at 1:3");
  check_refused("\"a\\\n\"", "EDN: invalid escape \\\\u000a in a string at 1:3");
  check_refused("[1a]", "EDN: invalid number 1a at 1:2");
  check_refused(":a/", "EDN: invalid name :a/ at 1:1");
  check_refused("\\abc", "EDN: invalid character \\abc at 1:1");
  check_refused("#(inc %)", "EDN: #( is not EDN at 1:1");
  check_refused("@a", "EDN: unexpected @ at 1:1");
  check_refused("^:a 1", "EDN: metadata on an integer, which cannot have any, at 1:1");
  check_refused("#inst 5", "EDN: #inst expects a string, not an integer at 1:1");
  check_refused("[1 #_]", "EDN: unexpected ] at 1:6");
  check_refused("#foo", "EDN: unexpected end of text after # at 1:5");
  check_refused("", "EDN: empty text, expected a value");
  check_refused("#_1 ; nothing", "EDN: no value in the text");
}

TEST_CASE("columns count characters, not bytes") {
  check_refused("[\"日本\" é )", "EDN: unexpected ) at 1:9");
}

TEST_CASE("bytes that are not UTF-8 are refused wherever they stand") {
  check_refused("\xff", "EDN: bytes that are not UTF-8 at 1:1");
  check_refused("[1 \"a\xc3\"]", "EDN: bytes that are not UTF-8 at 1:6");
  check_refused("a\xe2\x82", "EDN: bytes that are not UTF-8 at 1:2");
  check_refused("\\\xf0\x28\x8c\xbc", "EDN: bytes that are not UTF-8 at 1:2");
}

TEST_CASE("nesting is bounded at any mixture of brackets, tags, metadata and discards") {
  const std::size_t levels = limits::kDepthMax;
  const Result<Value> deepest = read_edn(repeated("[", levels) + repeated("]", levels));
  REQUIRE_OK(deepest);
  CHECK(deepest->depth() == levels);
  REQUIRE_ERROR(read_edn(repeated("[", levels + 1) + repeated("]", levels + 1)), ErrorCode::kUsage);
  for (const char* piece : {"[", "(", "{", "#{", "{1 ", "#a ", "#_", "#_ [", "^", "^{", "#^a ",
                            "##", "#:a{", "#ksv/seq (", "#ksv/record [a {1 "}) {
    CAPTURE(piece);
    const Result<Value> value = read_edn(repeated(piece, 20'000));
    REQUIRE_ERROR(value, ErrorCode::kUsage);
  }
}

TEST_CASE("whatever prints within the nesting limit reads back") {
  Value record = Value::map();
  for (std::uint32_t level = 3; level < limits::kDepthMax; level += 2) {
    record = Value::record(Name("a.B"), Value::map({{Value::keyword("x"), record}}));
  }
  REQUIRE(record.depth() <= limits::kDepthMax);
  const Result<Value> again = read_edn(print_edn(record));
  REQUIRE_OK(again);
  CHECK(*again == record);
}

TEST_CASE("a limit of nesting can be lower than the default") {
  CHECK_OK(read_edn("[[1]]", {.depth_max = 2}));
  REQUIRE_ERROR(read_edn("[[[1]]]", {.depth_max = 2}), ErrorCode::kUsage);
}

TEST_CASE("a text beyond the limit of size is refused unread") {
  CHECK_OK(read_edn("[1 2]", {.bytes_max = 5}));
  REQUIRE_ERROR(read_edn("[1 2] ", {.bytes_max = 5}), ErrorCode::kUsage);
}

TEST_CASE("numbers that would take too long to compute with are refused") {
  const std::string most(limits::kNumberDigitsMax, '7');
  const Result<Value> big = read_edn(most);
  REQUIRE_OK(big);
  CHECK(big->is(Kind::kBigInt));
  CHECK_OK(read_edn("1e100000M"));
  CHECK_OK(read_edn("1e-100000M"));
  for (const std::string& text :
       {most + "7", most + "7N", most + "7M", "1." + most + "M", "1/" + most + "7", most + "7.5",
        "16r" + most + "7", "0x" + most + "7", std::string("1e100001M"), std::string("1e-100001M"),
        std::string("1e99999999999999999999999M"), std::string("1e-99999999999999999999999M")}) {
    REQUIRE_ERROR(read_edn(text), ErrorCode::kUsage);
  }
}

TEST_CASE("doubles beyond the range become infinite or zero, on the right side") {
  CHECK(print_edn(*read_edn("1e99999999999999999999")) == "##Inf");
  CHECK(print_edn(*read_edn("-1e309")) == "##-Inf");
  CHECK(print_edn(*read_edn("0.0000001e400")) == "##Inf");
  CHECK(print_edn(*read_edn("10000000e-400")) == "0.0");
  CHECK(print_edn(*read_edn("-1e-99999999999999999999")) == "-0.0");
  CHECK(print_edn(*read_edn("0e99999999999999999999")) == "0.0");
}

TEST_CASE("integers have the kind that their size and suffix ask for") {
  CHECK(read_edn("42")->is(Kind::kLong));
  CHECK(read_edn("42N")->is(Kind::kBigInt));
  CHECK(read_edn("-9223372036854775808")->is(Kind::kLong));
  CHECK(read_edn("9223372036854775808")->is(Kind::kBigInt));
  CHECK(read_edn("4/2")->is(Kind::kLong));
  CHECK(print_edn(*read_edn("100000000000000000000/50000000000000000000")) == "2N");
}

TEST_CASE("surrogate escapes that belong together become one character") {
  CHECK(read_edn(R"("\uD83D\uDE00")")->as_string() == "😀");
  CHECK(read_edn("\"\xed\xa0\xbd\xed\xb8\x80\"")->as_string() == "😀");
  CHECK(read_edn("\"\\ud83d\xed\xb8\x80\"")->as_string() == "😀");
  CHECK(read_edn(R"("\uD83Dx\uDE00")")->as_string() == "\xed\xa0\xbdx\xed\xb8\x80");
}

TEST_CASE("a stream gives its values one after the other and then nothing") {
  EdnStream stream(" 1 #_2 [3] ; four\n:five #_six");
  std::string seen;
  for (;;) {
    const Result<std::optional<Value>> value = stream.next();
    REQUIRE_OK(value);
    if (!value->has_value()) break;
    seen += print_edn(**value) + "@" + std::to_string(stream.position()) + " ";
  }
  CHECK(seen == "1@2 [3]@10 :five@23 ");
}

TEST_CASE("a stream ends after an error") {
  EdnStream stream("1 ) 2");
  REQUIRE_OK(stream.next());
  const Result<std::optional<Value>> second = stream.next();
  REQUIRE_ERROR(second, ErrorCode::kUsage);
  const Result<std::optional<Value>> after = stream.next();
  REQUIRE_OK(after);
  CHECK_FALSE(after->has_value());
}

}  // namespace
}  // namespace ksv
