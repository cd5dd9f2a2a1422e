// The tags of EDN text: what each accepts, what it refuses, and unknown ones.
#include <doctest/doctest.h>
#include <string>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

void check_prints(std::string_view text, std::string_view printed) {
  CAPTURE(std::string(text));
  const Result<Value> value = read_edn(text);
  REQUIRE_OK(value);
  CHECK(print_edn(*value) == printed);
}

TEST_CASE("an unknown tag keeps its form") {
  const Result<Value> value = read_edn("#my.app/point [1 2]");
  REQUIRE_OK(value);
  REQUIRE(value->is(Kind::kTagged));
  CHECK(value->tag() == Name("my.app", "point"));
  CHECK(value->form() == *read_edn("[1 2]"));
}

TEST_CASE("an unknown tag within ksv is an error, not data") {
  const Result<Value> value = read_edn("[#ksv/byte \"00\"]");
  REQUIRE_ERROR(value, ErrorCode::kUsage);
  CHECK(value.error().message() == "EDN: unknown tag #ksv/byte at 1:2");
}

TEST_CASE("inst and uuid with a namespace are tags like any other") {
  CHECK(read_edn("#my/inst 5")->is(Kind::kTagged));
  CHECK(read_edn("#my/uuid 5")->is(Kind::kTagged));
}

TEST_CASE("short fields of a uuid are filled from the left, as Java does") {
  check_prints("#uuid \"1-2-3-4-5\"", "#uuid \"00000001-0002-0003-0004-000000000005\"");
  check_prints("#uuid \"123456789-2-3-4-5\"", "#uuid \"23456789-0002-0003-0004-000000000005\"");
  check_prints("#uuid \"+1-2-3-4-5\"", "#uuid \"00000001-0002-0003-0004-000000000005\"");
}

TEST_CASE("each tag of the notation gives its kind") {
  CHECK(*read_edn("#ksv/bytes \"00fF\"") == Value::bytes({0x00, 0xff}));
  CHECK(*read_edn("#ksv/float \"-1.5\"") == Value::real32(-1.5F));
  CHECK(read_edn("#ksv/float \"NaN\"")->is(Kind::kFloat));
  CHECK(read_edn("#ksv/seq (1 2)")->is(Kind::kSeq));
  CHECK(read_edn("#ksv/record [a.B {:x 1}]")->is(Kind::kRecord));
  CHECK(read_edn("#ksv/regex \"a+\"")->is(Kind::kRegex));
  CHECK(read_edn("#ksv/uri \"a:b\"")->is(Kind::kUri));
  CHECK(*read_edn("#ksv/inst -1") == Value::inst(-1));
  CHECK(*read_edn("#ksv/char 55357") == Value::character(0xd83d));
  CHECK(read_edn("#ksv/ints [1]")->array_kind() == ArrayKind::kInts);
  CHECK(read_edn("#ksv/longs [1]")->array_kind() == ArrayKind::kLongs);
  CHECK(read_edn("#ksv/doubles [1.0]")->array_kind() == ArrayKind::kDoubles);
  CHECK(read_edn("#ksv/floats [#ksv/float \"1\"]")->array_kind() == ArrayKind::kFloats);
  CHECK(read_edn("#ksv/booleans [true]")->array_kind() == ArrayKind::kBooleans);
  CHECK(read_edn("#ksv/objects [nil :a]")->array_kind() == ArrayKind::kObjects);
}

TEST_CASE("the tag of a structure may be any value") {
  const Result<Value> value = read_edn("#ksv/tagged [[1 :a] \"field\" nil]");
  REQUIRE_OK(value);
  CHECK(value->struct_tag() == *read_edn("[1 :a]"));
  CHECK(value->items().size() == 2);
}

TEST_CASE("forms that a tag cannot mean are refused with the tag in the message") {
  for (const char* text : {"#inst 5",
                           "#inst nil",
                           "#inst \"yesterday\"",
                           "#uuid 5",
                           "#uuid \"x\"",
                           "#uuid \"1-2-3-4\"",
                           "#uuid \"1-2-3-4-5-6\"",
                           "#uuid \"-2-3-4-5\"",
                           "#uuid \"8000000000000000-2-3-4-5\"",
                           "#uuid \"f81d4fae-7dec-11d0-a765-00a0c91e6bf60\"",
                           "#ksv/bytes \"0\"",
                           "#ksv/bytes \"0g\"",
                           "#ksv/bytes [0]",
                           "#ksv/float 1.5",
                           "#ksv/float \"\"",
                           "#ksv/float \"1.5x\"",
                           "#ksv/float \"+1\"",
                           "#ksv/float \"inf\"",
                           "#ksv/float \"-nan\"",
                           "#ksv/float \"1e99\"",
                           "#ksv/seq 1",
                           "#ksv/seq {1 2}",
                           "#ksv/record []",
                           "#ksv/record [a.B]",
                           "#ksv/record [\"a.B\" {}]",
                           "#ksv/record [a.B []]",
                           "#ksv/record [a.B {} 1]",
                           "#ksv/tagged []",
                           "#ksv/tagged (\"a\")",
                           "#ksv/regex a",
                           "#ksv/uri :a",
                           "#ksv/inst \"1\"",
                           "#ksv/char -1",
                           "#ksv/char 65536",
                           "#ksv/char \"a\"",
                           "#ksv/longs [1N]",
                           "#ksv/longs (1)",
                           "#ksv/ints [2147483648]",
                           "#ksv/ints [-2147483649]",
                           "#ksv/doubles [1]",
                           "#ksv/floats [1.5]",
                           "#ksv/booleans [nil]",
                           "#ksv/objects {}"}) {
    CAPTURE(text);
    const Result<Value> value = read_edn(text);
    REQUIRE_ERROR(value, ErrorCode::kUsage);
    const std::string& message = value.error().message();
    CHECK(message.find(std::string(text, std::string(text).find(' '))) != std::string::npos);
  }
}

TEST_CASE("a tag must be a symbol") {
  REQUIRE_ERROR(read_edn("#nil 1"), ErrorCode::kUsage);
  REQUIRE_ERROR(read_edn("#true 1"), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ksv
