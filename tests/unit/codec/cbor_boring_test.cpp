// boring's CBOR: what each kind looks like, what comes back, and what is refused.
#include <cmath>
#include <doctest/doctest.h>
#include <string>

#include "ksv/limits.h"

#include "base/hex.h"
#include "codec/cbor.h"
#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

Bytes bytes_from(std::string_view hex) {
  std::optional<Bytes> bytes = from_hex(hex);
  REQUIRE(bytes.has_value());
  return *std::move(bytes);
}

Value edn(std::string_view text) {
  Result<Value> value = read_edn(text);
  REQUIRE_OK(value);
  return *std::move(value);
}

std::string read_text(std::string_view hex) {
  const Result<Value> value = read_boring(bytes_from(hex));
  return value ? print_edn(*value) : "error: " + value.error().message();
}

std::string written_hex(const Value& value) {
  const Result<Bytes> bytes = write_boring(value);
  return bytes ? to_hex(*bytes) : "error: " + bytes.error().message();
}

struct Row {
  const char* edn;
  const char* hex;
};

TEST_CASE("each kind of value is written as boring writes it, and read back the same") {
  const std::vector<Row> rows = {
      {"nil", "f6"},
      {"true", "f5"},
      {"false", "f4"},
      {"0", "00"},
      {"23", "17"},
      {"24", "1818"},
      {"255", "18ff"},
      {"256", "190100"},
      {"65536", "1a00010000"},
      {"4294967296", "1b0000000100000000"},
      {"-1", "20"},
      {"-256", "38ff"},
      {"-9223372036854775808", "3b7fffffffffffffff"},
      {"0N", "c24100"},
      {"-1N", "c34100"},
      {"18446744073709551616N", "c249010000000000000000"},
      {"-18446744073709551617N", "c349010000000000000000"},
      {"128N", "c24180"},
      {"1.5", "fb3ff8000000000000"},
      {"-0.0", "fb8000000000000000"},
      {"##Inf", "fb7ff0000000000000"},
      {"#ksv/float \"1.5\"", "fa3fc00000"},
      {"1.50M", "c482211896"},
      {"1.5M", "c482200f"},
      {"1E+3M", "c4820301"},
      {"12345678901234567890123M", "c48200c24a029d42b64e76714244cb"},
      {"22/7", "d81e821607"},
      {"\"\"", "60"},
      {"\"h\u00e9llo\"", "6668c3a96c6c6f"},
      {"\"\U0001F4A9\"", "64f09f92a9"},
      {":kw", "d827633a6b77"},
      {":some.ns/kw", "d8276b3a736f6d652e6e732f6b77"},
      {"sym", "d8276373796d"},
      {"/", "d827612f"},
      {"\\a", "d81b826c636c6f6a7572652f636861726161"},
      {"#inst \"2009-02-13T23:31:30.123-00:00\"",
       "c07818323030392d30322d31335432333a33313a33302e3132335a"},
      {"#inst \"2009-02-13T23:31:30.000-00:00\"", "c074323030392d30322d31335432333a33313a33305a"},
      {"#uuid \"9682952b-fafa-4b41-8e4a-31ae948d6f08\"", "d825509682952bfafa4b418e4a31ae948d6f08"},
      {"#ksv/bytes \"0102\"", "420102"},
      {"#ksv/uri \"https://clojure.org\"", "d8207368747470733a2f2f636c6f6a7572652e6f7267"},
      {"#ksv/regex \"^a.*z$\"", "d823665e612e2a7a24"},
      {"[]", "80"},
      {"[1 [2]]", "82018102"},
      {"{}", "a0"},
      {"{:b 1, :a \"x\"}", "a2d827623a6201d827623a616178"},
      {"#{}", "d9010280"},
      {"#{:c :a}", "d9010282d827623a63d827623a61"},
      {"#ksv/longs [1 -2]", "d84f500100000000000000feffffffffffffff"},
      {"#ksv/ints [1 -2]", "d84e4801000000feffffff"},
      {"#ksv/doubles [1.5]", "d85648000000000000f83f"},
      {"#ksv/floats [#ksv/float \"1.5\" #ksv/float \"-2.5\"]", "d855480000c03f000020c0"},
      {"#ksv/booleans [true false]", "d81b82726a6176612f626f6f6c65616e2d617272617982f5f4"},
      {"#ksv/objects [1 :k]", "d81b82716a6176612f6f626a6563742d61727261798201d827623a6b"},
      {"#ksv/record [some.Other {:z 9}]", "d81b826a736f6d652e4f74686572a1d827623a7a09"},
      {"#my-ns/tag [1 2]", "d81b82696d792d6e732f746167820102"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.edn);
    const Value value = edn(row.edn);
    CHECK(written_hex(value) == row.hex);
    const Result<Value> back = read_boring(bytes_from(row.hex));
    REQUIRE_OK(back);
    CHECK(print_edn(*back) == print_edn(value));
    CHECK(back->kind() == value.kind());
  }
}

TEST_CASE("lists become arrays, which read as vectors") {
  CHECK(written_hex(edn("(1 2)")) == "820102");
  CHECK(written_hex(edn("#ksv/seq (1 2)")) == "820102");
}

TEST_CASE("shorter floats than boring writes are read") {
  CHECK(read_text("f93e00") == "#ksv/float \"1.5\"");
  CHECK(read_text("f98000") == "#ksv/float \"-0.0\"");
  CHECK(read_text("f90001") == "#ksv/float \"5.9604645E-8\"");
  CHECK(read_text("f97bff") == "#ksv/float \"65504.0\"");
  CHECK(read_text("f9fc00") == "#ksv/float \"-Infinity\"");
  const Result<Value> nan = read_boring(bytes_from("f97e00"));
  REQUIRE_OK(nan);
  CHECK(std::isnan(nan->as_float()));
}

TEST_CASE("integers above the range of long are big integers") {
  CHECK(read_text("1bffffffffffffffff") == "18446744073709551615N");
  CHECK(read_text("3bffffffffffffffff") == "-18446744073709551616N");
  CHECK(read_text("1b7fffffffffffffff") == "9223372036854775807");
}

TEST_CASE("lengths may be left open") {
  CHECK(read_text("9f019f02ffff") == "[1 [2]]");
  CHECK(read_text("bf6161019fff02ff") == "{\"a\" 1, [] 2}");
  CHECK(read_text("7f6261626163ff") == "\"abc\"");
}

TEST_CASE("strings are referred to by number within their namespace") {
  CHECK(read_text("d9010082a1d8276a3a61747472696275746501a1d827d8190002") ==
        "[{:attribute 1} {:attribute 2}]");
  // Byte strings count too; a string shorter than a reference does not.
  CHECK(read_text("d90100834501020304056461626364d81901") ==
        "[#ksv/bytes \"0102030405\" \"abcd\" \"abcd\"]");
  CHECK(read_text("d9010084626162636364656463646566d81901") ==
        "[\"ab\" \"cde\" \"cdef\" \"cdef\"]");
  // An inner namespace counts from zero, and the outer one goes on after it.
  CHECK(read_text("d90100846361626382d901008263646566d8190001d81900f6") ==
        "[\"abc\" [[\"def\" \"def\"] 1] \"abc\" nil]");
}

TEST_CASE("a reference to nothing, or outside any namespace, is an error") {
  for (const char* hex : {"d81900", "d901008263616263d81901", "d90100d81920"}) {
    CAPTURE(hex);
    REQUIRE_ERROR(read_boring(bytes_from(hex)), ErrorCode::kCorrupt);
  }
}

TEST_CASE("sorted collections, queues and metadata read as the nearest kind") {
  CHECK(read_text("d81b8272636c6f6a7572652f736f727465642d6d6170a2d827623a6101d827623a6202") ==
        "{:a 1, :b 2}");
  CHECK(read_text("d81b8272636c6f6a7572652f736f727465642d73657483010203") == "#{1 2 3}");
  CHECK(read_text("d81b826d636c6f6a7572652f717565756582d827623a61d827623a62") == "(:a :b)");
  CHECK(read_text("d81b8271636c6f6a7572652f776974682d6d65746182a1d827623a6df5820102") == "[1 2]");
}

TEST_CASE("maps with the same keys may share them") {
  CHECK(read_text("d99ae18282d827623a65d827623a61828203d827617882046179") ==
        "[{:e 3, :a x} {:e 4, :a \"y\"}]");
}

TEST_CASE("what ksv has no meaning for is kept, and written back unchanged") {
  for (const char* hex : {"f7", "f8c8", "e0",                                // simple values
                          "d903ec6a323032302d30312d3031", "d903eaa1011864",  // date, duration
                          "dbffffffffffffffff01",                            // the largest tag
                          "d84d460100feff0300",                              // short[]
                          "d81b826b6a6176612f706572696f6467503159314d3144",  // period
                          "d81b826f636c6f6a7572652f65782d696e666f8364626f6f6da1d827623a6101f6",
                          "d81b8361610102",  // three elements
                          "d81b826f736f6d652e506f736974696f6e616c83010203"}) {
    CAPTURE(hex);
    const Result<Value> value = read_boring(bytes_from(hex));
    REQUIRE_OK(value);
    CHECK(written_hex(*value) == hex);
    // Also by way of text, as an editor of values would have it.
    CHECK(written_hex(edn(print_edn(*value))) == hex);
  }
}

TEST_CASE("what follows the first item is left alone") {
  CHECK(read_text("01d81b826c626f72696e672f696e64657886") == "1");
}

TEST_CASE("damaged bytes are an error") {
  for (const char* hex : {"",
                          "18",
                          "1c",
                          "1f",
                          "ff",
                          "f81f",
                          "61",
                          "61ff",
                          "5f01ff",
                          "5f5f4101ffff",
                          "7f",
                          "81",
                          "9f",
                          "a1",
                          "a101",
                          "a201010102",
                          "d90102820101",
                          "9bffffffffffffffff",
                          "bb7fffffffffffffff",
                          "5bffffffffffffffff",
                          "c0",
                          "c001",
                          "c06161",
                          "c26161",
                          "c48201f6",
                          "c48301",
                          "c4821a7fffffff01",
                          "d81e820100",
                          "d8254100",
                          "d82701",
                          "d82061ff",
                          "d81b826c636c6f6a7572652f63686172626162",  // a char of two
                          "d81b82726a6176612f626f6f6c65616e2d61727261798101",
                          "d84e4101",
                          "d99ae1828181018180"}) {
    CAPTURE(hex);
    const Result<Value> value = read_boring(bytes_from(hex));
    REQUIRE_ERROR(value, ErrorCode::kCorrupt);
  }
}

TEST_CASE("nesting is limited, and a value at the limit is read and written") {
  Bytes deepest(limits::kDepthMax, 0x81);
  deepest.push_back(0x80);
  REQUIRE_ERROR(read_boring(deepest), ErrorCode::kCorrupt);
  deepest.erase(deepest.begin());
  const Result<Value> value = read_boring(deepest);
  REQUIRE_OK(value);
  const Result<Bytes> written = write_boring(*value);
  REQUIRE_OK(written);
  CHECK(*written == deepest);
  REQUIRE_ERROR(read_boring(Bytes(100'000, 0xc6)), ErrorCode::kCorrupt);
  REQUIRE_ERROR(read_boring(Bytes(100'000, 0x9f)), ErrorCode::kCorrupt);
}

TEST_CASE("what is written can be read, however deep its kind makes it") {
  for (const char* innermost :
       {"1", ":k", "#{}", "1.5M", "\\a", "#ksv/record [r {}]", "#ksv/objects [[]]",
        "#ksv/longs [1]", "12345678901234567890123M"}) {
    CAPTURE(innermost);
    int written_count = 0;
    for (const bool is_set : {false, true}) {
      Value value = edn(innermost);
      for (std::uint32_t level = 0; level < limits::kDepthMax; ++level) {
        value = is_set ? Value::set({value}) : Value::vector({value});
        // Where two levels a value reach the limit, and where one does.
        const bool is_near = (level > 245 && level < 262) || level > limits::kDepthMax - 16;
        if (!is_near) continue;
        const Result<Bytes> bytes = write_boring(value);
        if (!bytes) continue;
        written_count += 1;
        CHECK_OK(read_boring(*bytes));
      }
    }
    CHECK(written_count > 20);
  }
}

TEST_CASE("nested claims of long arrays take no memory") {
  Bytes claims;
  for (int level = 0; level < 500; ++level) append(claims, bytes_from("9a000fffff"));
  claims.resize(1'100'000, 0);
  // Each level claims a million items, which the input could hold once.
  CHECK_FALSE(read_boring(claims).has_value());
}

TEST_CASE("references that add up to too much are refused") {
  Bytes bytes = bytes_from("d901009f");
  append(bytes, bytes_from("5a00100000"));  // a mebibyte
  bytes.resize(bytes.size() + (std::size_t{1} << 20), 0);
  for (int i = 0; i < 1100; ++i) append(bytes, bytes_from("d81900"));
  bytes.push_back(0xff);
  REQUIRE_ERROR(read_boring(bytes), ErrorCode::kCorrupt);
}

TEST_CASE("values that boring cannot hold are a mistake of the user") {
  REQUIRE_ERROR(write_boring(Value::string("\xed\xa0\x80")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(Value::character(0xd800)), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(Value::inst(253'402'300'800'000)), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(Value::inst(-62'167'219'200'001)), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#ksv/tagged [\"pss/leaf\" {}]")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#ksv/tagged [cbor/simple 24]")), ErrorCode::kUsage);
  // Written as they stand they could not be read again.
  REQUIRE_ERROR(write_boring(edn("#ksv/tagged [2 5]")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#ksv/tagged [25 0]")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#ksv/tagged [27 [\"clojure/char\" 5]]")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#ksv/tagged [-1 5]")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#clojure/char \"ab\"")), ErrorCode::kUsage);
  REQUIRE_ERROR(write_boring(edn("#java/boolean-array [1]")), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ksv
