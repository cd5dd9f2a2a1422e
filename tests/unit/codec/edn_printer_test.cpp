// Printing EDN: one line as pr-str, several lines for people, excerpts for messages.
#include <doctest/doctest.h>
#include <limits>
#include <string>

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

void check_reads_back(const Value& value) {
  const std::string text = print_edn(value);
  CAPTURE(text);
  const Result<Value> again = read_edn(text);
  REQUIRE_OK(again);
  CHECK(again->kind() == value.kind());
  CHECK(*again == value);
  CHECK(print_edn(*again) == text);
}

TEST_CASE("strings escape what Clojure escapes and nothing else") {
  CHECK(print_edn(Value::string("\"\\\n\t\r\f\b\x01\x7f/é")) ==
        "\"\\\"\\\\\\n\\t\\r\\f\\b\x01\x7f/é\"");
  check_reads_back(Value::string(std::string("\0\x1b\x80", 2) + "\xed\x9f\xbf\xee\x80\x80"));
}

TEST_CASE("half a surrogate pair in a string prints as an escape and reads back") {
  CHECK(print_edn(Value::string("a\xed\xa0\xbdz")) == R"("a\uD83Dz")");
  check_reads_back(Value::string("\xed\xb8\x80\xed\xa0\xbd"));
}

TEST_CASE("every character reads back") {
  std::size_t equal_count = 0;
  for (std::uint32_t unit = 0; unit <= 0xffff; ++unit) {
    const Value value = Value::character(static_cast<std::uint16_t>(unit));
    const Result<Value> again = read_edn("[" + print_edn(value) + "]");
    if (again && again->items()[0] == value) ++equal_count;
  }
  CHECK(equal_count == 0x10000);
  CHECK(print_edn(Value::character(' ')) == "\\space");
  CHECK(print_edn(Value::character(0xd83d)) == "#ksv/char 55357");
}

TEST_CASE("numbers print as Clojure prints them") {
  CHECK(print_edn(Value::real(1e21)) == "1.0E21");
  CHECK(print_edn(Value::real(std::numeric_limits<double>::quiet_NaN())) == "##NaN");
  CHECK(print_edn(Value::real(-std::numeric_limits<double>::infinity())) == "##-Inf");
  CHECK(print_edn(Value::bigint(BigInteger(42))) == "42N");
  CHECK(print_edn(Value::decimal({.unscaled = BigInteger(150), .scale = 2})) == "1.50M");
  CHECK(print_edn(Value::ratio({.numerator = BigInteger(-1), .denominator = BigInteger(3)})) ==
        "-1/3");
}

TEST_CASE("values that EDN has no literal for print in the tagged notation and read back") {
  const Value one = Value::integer(1);
  check_reads_back(Value::bytes({0x00, 0xff, 0x10}));
  check_reads_back(Value::real32(1.5F));
  check_reads_back(Value::real32(-std::numeric_limits<float>::infinity()));
  check_reads_back(Value::real32(std::numeric_limits<float>::denorm_min()));
  check_reads_back(Value::seq({one, Value::string("x")}));
  check_reads_back(Value::record(Name("my.ns.Rec"), Value::map({{Value::keyword("a"), one}})));
  check_reads_back(Value::structure(Value::string("pss/leaf"), {one, Value::vector({})}));
  check_reads_back(Value::structure(Value::keyword("odd"), {}));
  check_reads_back(Value::regex("a\"+\\d"));
  check_reads_back(Value::uri("https://example.com/x?y=1"));
  check_reads_back(Value::array(ArrayKind::kLongs, {one}));
  check_reads_back(Value::array(ArrayKind::kInts, {one}));
  check_reads_back(Value::array(ArrayKind::kDoubles, {Value::real(2.5)}));
  check_reads_back(Value::array(ArrayKind::kFloats, {Value::real32(2.5F)}));
  check_reads_back(Value::array(ArrayKind::kBooleans, {Value::boolean(true)}));
  check_reads_back(Value::array(ArrayKind::kObjects, {one, Value()}));
  check_reads_back(Value::tagged(Name("my", "tag"), Value::vector({one})));
  check_reads_back(Value::inst(std::numeric_limits<std::int64_t>::min()));
  check_reads_back(Value::inst(std::numeric_limits<std::int64_t>::max()));
}

TEST_CASE("entries print in the order they are held") {
  CHECK(print_edn(Value::map({{Value::keyword("b"), Value::integer(1)},
                              {Value::keyword("a"), Value::integer(2)}})) == "{:b 1, :a 2}");
}

TEST_CASE("a value that fits the width stays on one line") {
  const Value value = *read_edn("{:a [1 2 3], :b \"x\"}");
  CHECK(print_edn_pretty(value, 20) == "{:a [1 2 3], :b \"x\"}");
  CHECK(print_edn_pretty(value, 19) == "{:a [1 2 3],\n :b \"x\"}");
}

TEST_CASE("a value that does not fit breaks between its parts and lines them up") {
  CHECK(print_edn_pretty(*read_edn("{:name \"Ann\" :tags #{:one :two} :list (10 20 30)}"), 18) ==
        "{:name \"Ann\",\n"
        " :tags #{:one\n"
        "         :two},\n"
        " :list (10 20 30)}");
  CHECK(print_edn_pretty(*read_edn("#ksv/record [a.B {:x 1 :y 2}]"), 25) ==
        "#ksv/record [a.B {:x 1,\n"
        "                  :y 2}]");
  CHECK(print_edn_pretty(*read_edn("#ksv/tagged [\"t\" 1 [2]]"), 10) ==
        "#ksv/tagged [\"t\"\n"
        "             1\n"
        "             [2]]");
}

TEST_CASE("a value after a long key goes to a line of its own") {
  CHECK(print_edn_pretty(*read_edn("{:a-rather-long-key [1 2 3 4 5 6]}"), 24) ==
        "{:a-rather-long-key\n"
        "  [1 2 3 4 5 6]}");
}

TEST_CASE("a name is whole however narrow the lines") {
  const Value value = *read_edn("[:abcdefghij/klmnopqrst symbol]");
  for (std::size_t width = 0; width < 30; ++width) {
    CHECK(*read_edn(print_edn_pretty(value, width)) == value);
  }
}

TEST_CASE("a number is whole however narrow the lines") {
  const std::string digits(50, '7');
  CHECK(print_edn_pretty(*read_edn("[" + digits + " 1]"), 20) == "[" + digits + "N\n 1]");
}

TEST_CASE("what is printed over lines reads back, at any width") {
  const Value value = *read_edn(
      "{:a {:b [1 2 {:c #{\"é\" \\x}}] :d #my/tag (1 2)} [:k] #ksv/longs [1 2 3], nil ()}");
  for (std::size_t width = 0; width < 100; ++width) {
    const Result<Value> again = read_edn(print_edn_pretty(value, width));
    REQUIRE_OK(again);
    CHECK(*again == value);
  }
}

TEST_CASE("an excerpt is the whole text where that is short") {
  CHECK(edn_excerpt(*read_edn("{:a [1 2]}")) == "{:a [1 2]}");
}

TEST_CASE("an excerpt is cut at its length in characters and stays one line") {
  const std::string long_text(1'000'000, 'x');
  CHECK(edn_excerpt(Value::string(long_text)) == "\"" + long_text.substr(0, 199) + "...");
  std::string accents;
  for (int i = 0; i < 300; ++i) accents += "é";
  CHECK(edn_excerpt(Value::string(accents)) == "\"" + accents.substr(0, 398) + "...");
  CHECK(edn_excerpt(Value::string("a\x1b[2J\xed\xa0\xbd")) == R"("a\u001B[2J\uD83D")");
}

TEST_CASE("an excerpt does not work through what it leaves out") {
  Values items(300'000, Value::string("item"));
  CHECK(edn_excerpt(Value::vector(std::move(items))).size() == 203);
  CHECK(edn_excerpt(Value::bigint(pow10(100'000))) == "<332193 bits>N");
}

}  // namespace
}  // namespace ksv
