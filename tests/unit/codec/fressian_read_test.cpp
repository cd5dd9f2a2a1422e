// Reading Fressian: forms that konserve's own writer does not use, caches, and errors.
#include <doctest/doctest.h>

#include "support/fressian_checks.h"

namespace ksv {
namespace {

using testing::error_of_hex;
using testing::value_of_hex;

Value integers(std::initializer_list<std::int64_t> numbers) {
  Values items;
  for (const std::int64_t number : numbers) items.push_back(Value::integer(number));
  return Value::seq(std::move(items));
}

TEST_CASE("an integer may take more bytes than it needs") {
  for (const char* hex : {"05", "5005", "680005", "72000005", "7600000005", "7a0000000005",
                          "7e000000000005", "f80000000000000005"}) {
    CAPTURE(hex);
    CHECK(value_of_hex(hex) == Value::integer(5));
  }
  for (const char* hex : {"ff", "4fff", "67ffff", "71ffffff", "75ffffffff", "79ffffffffff",
                          "7dffffffffffff", "f8ffffffffffffffff"}) {
    CAPTURE(hex);
    CHECK(value_of_hex(hex) == Value::integer(-1));
  }
}

TEST_CASE("each form of list is a plain list") {
  for (const char* hex : {"e60102", "ec020102", "ed0102fd", "ee0102fd", "ee0102", "ec50020102"}) {
    CAPTURE(hex);
    const Value value = value_of_hex(hex);
    CHECK(value.is(Kind::kSeq));
    CHECK(value == integers({1, 2}));
  }
}

TEST_CASE("the end of input closes an open list only between its elements") {
  CHECK(value_of_hex("ee") == integers({}));
  CHECK(value_of_hex("c0 ee 01 02") == Value::map({{Value::integer(1), Value::integer(2)}}));
  CHECK(error_of_hex("ee 01 50").message() == "Fressian: unexpected end at byte 3");
  CHECK(error_of_hex("ed 01").message() == "Fressian: unexpected end at byte 2");
  CHECK(error_of_hex("e6 ee 01").message() == "Fressian: unexpected end at byte 3");
}

TEST_CASE("pieces of strings and byte strings are joined") {
  CHECK(value_of_hex("e2 02 6162 e2 01 63 dc 6465") == Value::string("abcde"));
  CHECK(value_of_hex("e2 02 6162 e3 00") == Value::string("ab"));
  CHECK(value_of_hex("d8 02 0102 d8 01 03 d9 00") == Value::bytes({1, 2, 3}));
  // As in konserve, the short form does not end a byte string in pieces.
  CHECK(error_of_hex("d8 02 0102 d1 03").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("e2 02 6162 05").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("e2 02 6162").message() == "Fressian: unexpected end at byte 4");
}

TEST_CASE("surrogates are joined, within a piece and across pieces") {
  CHECK(value_of_hex("e0 eda0bdedb880") == Value::string("\xf0\x9f\x98\x80"));
  CHECK(value_of_hex("e2 03 eda0bd dd edb880") == Value::string("\xf0\x9f\x98\x80"));
}

TEST_CASE("an unpaired surrogate is kept") {
  for (const char* text : {"\xed\xa0\xbd", "\xed\xb8\x80", "\xed\xb8\x80\xed\xa0\xbd",
                           "a\xed\xa0\xbd"
                           "b",
                           "\xed\xa0\xbd\xed\xa0\xbd"}) {
    const Result<Bytes> written = write_fressian(Value::string(text));
    REQUIRE_OK(written);
    const Result<Value> back = read_fressian(*written);
    REQUIRE_OK(back);
    CHECK(back->as_string() == text);
  }
}

TEST_CASE("NUL may be stored in two bytes, as in Java's modified UTF-8") {
  CHECK(value_of_hex("dc c080") == Value::string(std::string(1, '\0')));
}

TEST_CASE("malformed text is refused") {
  for (const char* hex :
       {"db 80", "db c3", "dc c361", "dd e28261", "dc e282", "de f09f9880", "e2 01 c3 db a9"}) {
    CAPTURE(hex);
    CHECK(error_of_hex(hex).code() == ErrorCode::kCorrupt);
  }
}

TEST_CASE("a cached object is numbered before those within it") {
  // 0 is the list, 1 the string in it.
  CHECK(value_of_hex("e7 cd e5 cd dc6162 80 81") ==
        Value::seq({Value::seq({Value::string("ab")}), Value::seq({Value::string("ab")}),
                    Value::string("ab")}));
}

TEST_CASE("references beyond the cache, and to an object within itself, are refused") {
  CHECK(error_of_hex("80").message() ==
        "Fressian: reference 0 beyond the 0 cached objects at byte 1");
  CHECK(error_of_hex("cc 5fff").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("cc ff").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("cd e5 80").message() ==
        "Fressian: reference 0 to an object within itself at byte 3");
  CHECK(error_of_hex("a0").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("f0 ff").code() == ErrorCode::kCorrupt);
}

TEST_CASE("emptied caches number from 0 again") {
  CHECK(value_of_hex("e7 cd dc6162 fe cd dc6364 80") ==
        Value::seq({Value::string("ab"), Value::string("cd"), Value::string("cd")}));
  CHECK(value_of_hex("fe fe fe 05") == Value::integer(5));
  CHECK(error_of_hex("e6 cd dc6162 fe 80").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("cd fe 05").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("e6 ef dd666f6f 00 fe a0").code() == ErrorCode::kCorrupt);
}

TEST_CASE("a keyword made before the caches were emptied is not taken for a later one") {
  const Value a = Value::keyword(Name("a"));
  const Value b = Value::keyword(Name("b"));
  CHECK(value_of_hex("e8 ca f7 cd db61 ca f7 80 fe ca f7 cd db62 ca f7 80") ==
        Value::seq({a, a, b, b}));
}

TEST_CASE("names are shared between keywords, symbols and namespaces") {
  CHECK(value_of_hex("ea ca cddb61 cddb62 ca 80 81 c9 80 81 ca 81 80 ca f7 81 ca 80 81") ==
        Value::seq({Value::keyword(Name("a", "b")), Value::keyword(Name("a", "b")),
                    Value::symbol(Name("a", "b")), Value::keyword(Name("b", "a")),
                    Value::keyword(Name("b")), Value::keyword(Name("a", "b"))}));
}

TEST_CASE("a footer is checked for its length, and the object after it is read") {
  CHECK(value_of_hex("e6 01 02") == integers({1, 2}));
  CHECK(value_of_hex("e6 01 cfcfcfcf 00000002 12345678 02") == integers({1, 2}));
  CHECK(value_of_hex("e7 01 cfcfcfcf 00000002 00000000 02 cfcfcfcf 00000001 00000000 03") ==
        integers({1, 2, 3}));
  CHECK(error_of_hex("e6 01 cfcfcfcf 00000003 00000000 02").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("cfcfcf00 00000000 00000000 02").code() == ErrorCode::kCorrupt);
  CHECK(error_of_hex("cf").message() == "Fressian: unexpected end at byte 1");
}

TEST_CASE("tags that opcodes stand for may be spelled out") {
  CHECK(value_of_hex("ef dd6b6579 02 f7 db61") == Value::keyword(Name("a")));
  CHECK(value_of_hex("ef dd6d6170 01 e6 01 02") ==
        Value::map({{Value::integer(1), Value::integer(2)}}));
  CHECK(value_of_hex("ef e06c6f6e675b5d 02 02 01 02").is(Kind::kArray));
}

TEST_CASE("a struct of unknown tag keeps its tag and its declared number of fields") {
  const Value value = value_of_hex("e6 ef dd666f6f 02 01 f7 a0 02 f6");
  const Value first = Value::structure(Value::string("foo"), {Value::integer(1), Value()});
  const Value second =
      Value::structure(Value::string("foo"), {Value::integer(2), Value::boolean(false)});
  CHECK(value == Value::seq({first, second}));
  CHECK(value.items()[0].is(Kind::kStruct));
}

TEST_CASE("a record in data.fressian's form is a record, or else a struct") {
  const Value record = value_of_hex("ef e07265636f7264 02 c9f7dd612e42 c0 e6 caf7db78 01");
  CHECK(record ==
        Value::record(Name("a.B"), Value::map({{Value::keyword("x"), Value::integer(1)}})));
  const Value other = value_of_hex("ef e07265636f7264 02 01 02");
  CHECK(other.is(Kind::kStruct));
  CHECK(testing::fressian_hex(other) == "efe07265636f7264020102");
}

TEST_CASE("numbers that their kind cannot hold are refused") {
  CHECK(error_of_hex("ef de63686172 01 ff").code() == ErrorCode::kCorrupt);      // char -1
  CHECK(error_of_hex("ef de63686172 01 690000").code() == ErrorCode::kCorrupt);  // char 65536
  CHECK(error_of_hex("ef de62797465 01 5080").code() == ErrorCode::kCorrupt);    // byte 128
  CHECK(error_of_hex("b3 01 7680000000").code() == ErrorCode::kCorrupt);         // int 2^31
  CHECK(error_of_hex("ef df726174696f 02 c6d101 c6d100").code() == ErrorCode::kCorrupt);  // 1/0
  CHECK(error_of_hex("c6 d0").code() == ErrorCode::kCorrupt);  // a number of no bytes
  CHECK(error_of_hex("c7 d101 72100000").code() == ErrorCode::kUnsupported);  // scale 2^20
  CHECK(error_of_hex("c3 d9 0f 000102030405060708090a0b0c0d0e").code() == ErrorCode::kCorrupt);
}

TEST_CASE("a part of another kind than asked for is refused with its place") {
  CHECK(error_of_hex("ca 05 db61").message() ==
        "Fressian: expected a namespace, got integer at byte 1");
  CHECK(error_of_hex("ca f7 05").message() == "Fressian: expected a name, got integer at byte 1");
  CHECK(error_of_hex("c0 05").message() ==
        "Fressian: expected a list of keys and values, got integer at byte 1");
  CHECK(error_of_hex("c8 da").message() == "Fressian: expected an integer, got string at byte 1");
  CHECK(error_of_hex("b1 01 05").message() == "Fressian: expected a double, got integer at byte 2");
  CHECK(error_of_hex("fd").message() == "Fressian: expected an object, got opcode fd at byte 0");
}

TEST_CASE("opcodes that are defined but read by nobody are unsupported") {
  for (const char* hex : {"f1", "f4", "ce"})
    CHECK(error_of_hex(hex).code() == ErrorCode::kUnsupported);
  for (const char* hex : {"f2", "f3", "c2", "cb", "b6", "bf"}) {
    CHECK(error_of_hex(hex).code() == ErrorCode::kCorrupt);
  }
}

TEST_CASE("equal keys: the first counts in a map of fewer than eight, the last in a larger one") {
  CHECK(
      value_of_hex("c0 ea 01 02 05 06 01 03") ==
      Value::map({{Value::integer(1), Value::integer(2)}, {Value::integer(5), Value::integer(6)}}));
  CHECK(value_of_hex("c0 ed 01 02 01 03 fd") ==
        Value::map({{Value::integer(1), Value::integer(2)}}));
  CHECK(value_of_hex("c0 ec 10 0000 0101 0202 0303 0404 0505 0606 0007")
            .table()
            .value_of(Value::integer(0))
            ->as_long() == 7);
}

TEST_CASE("what follows the object is ignored") {
  CHECK(value_of_hex("05 ffff") == Value::integer(5));
}

}  // namespace
}  // namespace ksv
