// hasch by kind of value, with the worked examples of doc/format.
#include "codec/hasch.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "base/hex.h"
#include "support/result_checks.h"
#include "support/value_generator.h"

namespace ksv {
namespace {

std::string coerced_hex(const Value& value) {
  const Result<Bytes> coerced = hasch_coerce(value);
  REQUIRE_OK(coerced);
  return to_hex(*coerced);
}

std::string file_stem(const Value& value) {
  const Result<Sha512Digest> hash = hasch(value);
  REQUIRE_OK(hash);
  return uuid_text(hasch_uuid(*hash));
}

TEST_CASE("the examples of the description hash as it says") {
  const Value one = Value::integer(1);
  const Value two = Value::integer(2);
  const Value three = Value::integer(3);
  CHECK(file_stem(Value()) == "38244d02-8981-5693-af7b-456af8efa4ca");
  CHECK(file_stem(Value::boolean(true)) == "1ddffc2c-6730-53c7-87b8-9cbbc98c2363");
  CHECK(file_stem(Value::string("")) == "245bf581-7ddf-54aa-af7a-407071f0eedc");
  CHECK(file_stem(Value::keyword(Name("foo", "bar"))) == "3c9182c4-1e68-5a14-baa3-d4118026a99a");
  CHECK(file_stem(Value::symbol("a")) == "29476570-2f5c-547e-8716-23cabe5d4271");
  CHECK(file_stem(Value::real(1.0)) == "26be7558-dc4b-58a8-bb4c-c6194c5f73ba");
  CHECK(file_stem(Value::vector({one, two, three})) == "00bd2dcb-5c15-555e-a1c8-6166a78fc808");
  CHECK(file_stem(Value::list({one, two, three})) == "3469ba6e-b775-534e-8639-fb84857286af");
  CHECK(file_stem(Value::map({{Value::keyword("a"), one}})) ==
        "01e0dbfc-72c9-5525-b23a-92319a00b69a");
}

TEST_CASE("bytes of 1 to 29 are marked in the mask") {
  CHECK(coerced_hex(Value::string("a\n")) == "03610a0001");
  CHECK(coerced_hex(Value::bytes({0x00, 0x01, 0x1d, 0x1e, 0xff})) == "0d00011d1eff0001010000");
}

TEST_CASE("text of 1024 bytes and more is hashed") {
  CHECK(coerced_hex(Value::string(std::string(1023, 'a'))).size() == 2 + 4 * 1023);
  CHECK(coerced_hex(Value::string(std::string(1024, 'a'))).size() == 2 + 128);
  // The limit counts bytes, not characters.
  std::string text;
  for (int i = 0; i < 512; ++i) text += "\xc3\xa9";
  CHECK(coerced_hex(Value::string(text)).size() == 2 + 128);
}

TEST_CASE("doubles hash by the shortest text that reads back, as of JDK 19") {
  CHECK(coerced_hex(Value::real(2e23)) == "02" + to_hex(bytes_of("2.0E23")));
}

TEST_CASE("numbers of different kinds and equal text share a hash") {
  CHECK(coerced_hex(Value::integer(1)) == coerced_hex(Value::bigint(1)));
  CHECK(coerced_hex(Value::real(1.5)) == coerced_hex(Value::real32(1.5F)));
  CHECK(coerced_hex(Value::integer(1)) != coerced_hex(Value::real(1.0)));
  CHECK(coerced_hex(Value::real(0.0)) != coerced_hex(Value::real(-0.0)));
}

TEST_CASE("an unpaired surrogate counts as a question mark") {
  CHECK(coerced_hex(Value::string("a\xed\xa0\xbd"
                                  "b")) == coerced_hex(Value::string("a?b")));
  CHECK(coerced_hex(Value::string("\xed\xb8\x80")) == coerced_hex(Value::string("?")));
  CHECK(coerced_hex(Value::character(0xd83d)) == coerced_hex(Value::string("?")));
  CHECK(coerced_hex(Value::keyword("\xed\xb8\x80")) == coerced_hex(Value::keyword("?")));
  CHECK(coerced_hex(Value::string("\xed\x9f\xbf")) != coerced_hex(Value::string("?")));
}

TEST_CASE("a sequence without items hashes as one of a nil") {
  CHECK(coerced_hex(Value::vector({})) == coerced_hex(Value::vector({Value()})));
  CHECK(coerced_hex(Value::list({})) == coerced_hex(Value::list({Value()})));
  CHECK(coerced_hex(Value::map()) == "0a");
  CHECK(coerced_hex(Value::set()) == "0b");
}

TEST_CASE("the order of entries does not count") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    testing::ValueGenerator generator(seed, testing::GeneratedKinds::kHashable);
    std::vector<std::pair<Value, Value>> entries;
    for (int i = 0; i < 12; ++i) entries.emplace_back(generator.next(2), generator.next(2));
    // Of equal keys, or equal values of other kinds, only one may stay.
    Table unique;
    for (auto& [key, value] : entries) {
      if (unique.find(key) == nullptr) unique.put(key, value);
    }
    Table reversed;
    Values keys;
    for (std::size_t i = unique.size(); i-- > 0;) {
      reversed.put(unique[i].key, unique[i].value);
      keys.push_back(unique[i].key);
    }
    const Value forward_set = Value::set(keys);
    std::reverse(keys.begin(), keys.end());
    CHECK(file_stem(Value::map(unique)) == file_stem(Value::map(reversed)));
    CHECK(file_stem(forward_set) == file_stem(Value::set(keys)));
  }
}

TEST_CASE("a tagged element hashes as a record") {
  const Value fields = Value::map({{Value::keyword("x"), Value::integer(1)}});
  CHECK(file_stem(Value::record(Name("a.B"), fields)) ==
        file_stem(Value::tagged(Name("a.B"), fields)));
}

TEST_CASE("kinds that hasch cannot hash are refused with a hint") {
  const Value one = Value::integer(1);
  for (const Value& value :
       {Value::ratio({1, 3}), Value::regex("a"), Value::uri("a:b"), Value::seq({one}),
        Value::array(ArrayKind::kLongs, {one}), Value::structure(Value::string("s"), {one}),
        Value::function(new FunctionNode)}) {
    CAPTURE(kind_name(value.kind()));
    for (const Value& key :
         {value, Value::vector({one, value}), Value::map({{one, value}}), Value::set({value})}) {
      const Result<Sha512Digest> hash = hasch(key);
      REQUIRE_ERROR(hash, ErrorCode::kUsage);
      CHECK(hash.error().message().find(kind_name(value.kind())) != std::string::npos);
      CHECK_FALSE(hash.error().hint().empty());
    }
  }
}

TEST_CASE("a key nests up to the limit, and not beyond") {
  Value value;
  for (int i = 0; i < 512; ++i) value = Value::vector({value});
  CHECK_OK(hasch(value));
  REQUIRE_ERROR(hasch(Value::vector({value})), ErrorCode::kUsage);
}

TEST_CASE("every hash is made a uuid of version 5") {
  Sha512Digest hash{};
  hash.fill(0xff);
  CHECK(uuid_text(hasch_uuid(hash)) == "3fffffff-ffff-5fff-bfff-ffffffffffff");
  hash.fill(0);
  CHECK(uuid_text(hasch_uuid(hash)) == "00000000-0000-5000-8000-000000000000");
}

}  // namespace
}  // namespace ksv
