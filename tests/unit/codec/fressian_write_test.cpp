// Writing Fressian: caches beyond their short forms, struct types, what cannot be written.
#include <bit>
#include <doctest/doctest.h>

#include "support/fressian_checks.h"

namespace ksv {
namespace {

using testing::fressian_hex;

Value written_and_read(const Value& value) {
  const Result<Bytes> written = write_fressian(value);
  REQUIRE_OK(written);
  Result<Value> back = read_fressian(*written);
  REQUIRE_OK(back);
  return *std::move(back);
}

TEST_CASE("the 33rd name and those after it are referred to in the long form") {
  Values items;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 300; ++i) items.push_back(Value::keyword(Name("k" + std::to_string(i))));
  }
  const Value value = Value::seq(std::move(items));
  const std::string hex = fressian_hex(value);
  CHECK(hex.find("caf79fcaf7cc20caf7cc21") != std::string::npos);
  CHECK(hex.ends_with("caf7cc512b"));  // number 299
  CHECK(written_and_read(value) == value);
}

TEST_CASE("the 17th struct type and those after it are referred to in the long form") {
  Values items;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 20; ++i) {
      items.push_back(Value::structure(Value::string("t" + std::to_string(i)), {Value()}));
    }
  }
  const Value value = Value::seq(std::move(items));
  CHECK(fressian_hex(value).ends_with("aff7f010f7f011f7f012f7f013f7"));
  CHECK(written_and_read(value) == value);
}

TEST_CASE("structs of one tag and different numbers of fields are two types") {
  const auto of = [](Values fields) {
    return Value::structure(Value::string("s"), std::move(fields));
  };
  const Value value =
      Value::seq({of({}), of({Value::integer(1)}), of({}), of({Value::integer(2)})});
  CHECK(fressian_hex(value) == "e8efdb7300efdb730101a0a102");
  CHECK(written_and_read(value) == value);
}

TEST_CASE("a struct whose tag is no string is defined each time") {
  const Value tag = Value::symbol(Name("s"));
  const Value value = Value::seq({Value::structure(tag, {}), Value::structure(tag, {}),
                                  Value::structure(Value::string("t"), {}),
                                  Value::structure(Value::string("t"), {})});
  CHECK(fressian_hex(value) == "e8efc9f7cddb7300efc9f78000efdb7400a2");
  CHECK(written_and_read(value) == value);
}

TEST_CASE("types within the tag of a struct are numbered before it") {
  const Value inner = Value::structure(Value::string("t"), {});
  const Value value = Value::seq({Value::structure(inner, {}), inner, Value::structure(inner, {})});
  CHECK(fressian_hex(value) == "e7efefdb740000a0efa000");
  CHECK(written_and_read(value) == value);
}

TEST_CASE("an empty name or namespace is not cached") {
  CHECK(fressian_hex(Value::seq({Value::keyword(Name("", "b")), Value::keyword(Name("", "b"))})) ==
        "e6cadacddb62cada80");
  CHECK(fressian_hex(Value::symbol(Name(""))) == "c9f7da");
}

TEST_CASE("strings are not cached, and equal ones are written twice") {
  CHECK(fressian_hex(Value::vector(
            {Value::string("ab"), Value::keyword(Name("ab")), Value::string("ab")})) ==
        "efde707665630203dc6162caf7cddc6162dc6162");
}

TEST_CASE("a piece of a string ends between code units") {
  for (const char* unit : {"a", "\xc3\xa9", "\xe6\xbc\xa2", "\xf0\x9f\x98\x80"}) {
    for (const std::size_t start : {0U, 1U, 2U, 5U}) {
      std::string text(start, 'x');
      while (text.size() < 140000) text += unit;
      const Value value = Value::string(text);
      const Result<Bytes> written = write_fressian(value);
      REQUIRE_OK(written);
      // A piece holds as many code units as go into 65536 bytes.
      CHECK((*written)[0] == 0xe2);
      CHECK((*written)[1] <= 0x69);
      CHECK(written_and_read(value) == value);
    }
  }
}

TEST_CASE("malformed UTF-8 is written as U+FFFD") {
  CHECK(fressian_hex(Value::string("a\xff"
                                   "b")) == "df61efbfbd62");
}

TEST_CASE("NaNs are written as the canonical one") {
  const double payload = std::bit_cast<double>(std::uint64_t{0xfff8000000001234});
  CHECK(fressian_hex(Value::real(payload)) == "fa7ff8000000000000");
  const float payload32 = std::bit_cast<float>(0xffc01234U);
  CHECK(fressian_hex(Value::real32(payload32)) == "f97fc00000");
}

TEST_CASE("an unknown tag before a map is written as a record, before anything else refused") {
  const Value fields = Value::map({{Value::keyword("x"), Value::integer(1)}});
  CHECK(written_and_read(Value::tagged(Name("my", "tag"), fields)) ==
        Value::record(Name("my", "tag"), fields));
  REQUIRE_ERROR(write_fressian(Value::tagged(Name("my", "tag"), Value())), ErrorCode::kUsage);
}

TEST_CASE("a function and a struct with a tag that means something else are refused") {
  const Value function = Value::function(new FunctionNode);
  REQUIRE_ERROR(write_fressian(function), ErrorCode::kUsage);
  REQUIRE_ERROR(write_fressian(Value::vector({function})), ErrorCode::kUsage);
  REQUIRE_ERROR(write_fressian(Value::structure(Value::string("pvec"),
                                                {Value::integer(1), Value::integer(2)})),
                ErrorCode::kUsage);
}

Value nested(std::uint32_t levels, Value (*around)(Value)) {
  Value value = Value::integer(1);
  for (std::uint32_t i = 0; i < levels; ++i) value = around(std::move(value));
  return value;
}

Value in_vector(Value inner) { return Value::vector({std::move(inner)}); }
Value in_list(Value inner) { return Value::list({std::move(inner)}); }
Value in_seq(Value inner) { return Value::seq({std::move(inner)}); }
Value in_set(Value inner) { return Value::set({std::move(inner)}); }
Value in_map(Value inner) { return Value::map({{Value::keyword("k"), std::move(inner)}}); }
Value in_key(Value inner) { return Value::map({{std::move(inner), Value::keyword("v")}}); }
Value in_array(Value inner) { return Value::array(ArrayKind::kObjects, {std::move(inner)}); }
Value in_struct(Value inner) { return Value::structure(Value::string("s"), {std::move(inner)}); }
Value in_record(Value inner) { return Value::record(Name("r"), in_map(std::move(inner))); }

TEST_CASE("values nest up to the limit, and not beyond, both ways") {
  for (const auto around :
       {in_vector, in_list, in_seq, in_set, in_map, in_key, in_array, in_struct}) {
    const Value deepest = nested(512, around);
    CHECK(written_and_read(deepest).depth() == 512);
    REQUIRE_ERROR(write_fressian(nested(513, around)), ErrorCode::kUsage);
  }
  // A record counts twice, for it holds a map.
  CHECK(written_and_read(nested(256, in_record)).depth() == 512);
  REQUIRE_ERROR(write_fressian(nested(257, in_record)), ErrorCode::kUsage);
}

}  // namespace
}  // namespace ksv
