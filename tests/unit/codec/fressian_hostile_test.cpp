// Fressian that was damaged or made to harm: every input gives a value or an error, in bounded time
// and memory. Run under the sanitizers too.
#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <utility>

#include "support/fressian_checks.h"
#include "support/value_generator.h"

namespace ksv {
namespace {

using testing::error_of_hex;
using testing::unhex;
using testing::ValueGenerator;

// A block of the heap of just this size, so that AddressSanitizer sees a read behind the end.
Result<Value> read_exactly(BytesView bytes) {
  const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return read_fressian({copy.get(), bytes.size()});
}

// Forty encodings with every opcode that konserve reads.
std::vector<Bytes> representative_encodings() {
  std::vector<Bytes> encodings;
  for (const char* hex : {
           "e7 ca f7 cd db61 ca f7 80 c9 cd db62 80",
           "c0 e8 caf7cddb61 01 caf7cddb62 caf780",
           "c0 ed 01 c1 e5 02 fd",
           "ee 5005 680005 72000005 7600000005 7a0000000005 7e000000000005 f80000000000000005 ff",
           "e2 03 616263 e2 03 eda0bd dd edb880",
           "d8 02 0102 d8 01 03 d9 03 040506",
           "e6 01 cfcfcfcf 00000002 12345678 02",
           "e7 cd e5 cd dc6162 80 81",
           "e7 cd dc6162 fe cd dc6364 cc 00",
           "ef dd666f6f 02 01 ef e3087073732f6c656166 01 c0 e4",
           "e8 ef dd666f6f 01 07 a0 08 f0 00 09 f5",
           "ef de70766563 02 03 01 a0 01 02 a0 00",
           "ef df706c697374 02 02 f6 f7",
           "ef e1697265636f7264 02 01 c9f7dd612e42 e6 caf7db78 01",
           "ef e07265636f7264 02 cd c9f7 cd dd612e42 c0 ed cd ca f7 cd db78 01 fd",
           "e6 ef de63686172 01 5061 a0 5062",
           "ef df726174696f 02 c6d101 c6d102",
           "ef de62797465 01 07",
           "e6 c3 d9 10 000102030405060708090a0b0c0d0e0f c4 dd612a62",
           "e8 c5 dd2f612f c7 d2 0102 02 c8 7ba1fd8c697b c6 d9 09 ff0000000000000000",
           "b0 03 01 4ffe 7a174876e7ff",
           "b1 03 fb fc fa4004000000000000",
           "b2 02 f5 f6",
           "b3 03 01 4ffe 512c",
           "b4 01 f93fc00000",
           "b5 03 01 db61 caf7cddb62",
           "e6 ef dd6d6170 01 e6 01 02 ef e06c6f6e675b5d 02 02 01 02",
       }) {
    encodings.push_back(unhex(hex));
  }
  ValueGenerator generator(7);
  while (encodings.size() < 40) {
    const Result<Bytes> written = write_fressian(generator.next());
    REQUIRE_OK(written);
    if (written->size() > 20 && written->size() < 400) encodings.push_back(*written);
  }
  return encodings;
}

// Whatever could be read can be written, read again, and is then the same.
void check_stable(const Value& value) {
  const Result<Bytes> written = write_fressian(value);
  REQUIRE_OK(written);
  const Result<Value> back = read_fressian(*written);
  REQUIRE_OK(back);
  const Result<Bytes> again = write_fressian(*back);
  REQUIRE_OK(again);
  CHECK(*again == *written);
}

TEST_CASE("every truncation gives a value or an error") {
  int errors = 0;
  for (const Bytes& bytes : representative_encodings()) {
    REQUIRE_OK(read_exactly(bytes));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      const Result<Value> value = read_exactly(BytesView(bytes).first(length));
      if (value) {
        check_stable(*value);
      } else {
        CHECK(value.error().code() == ErrorCode::kCorrupt);
        ++errors;
      }
    }
  }
  CHECK(errors > 500);
}

TEST_CASE("every flipped bit gives a value or an error") {
  int values = 0;
  for (Bytes bytes : representative_encodings()) {
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto flip = static_cast<std::uint8_t>(1U << (bit % 8));
      bytes[bit / 8] ^= flip;
      if (const Result<Value> value = read_exactly(bytes)) {
        check_stable(*value);
        ++values;
      }
      bytes[bit / 8] ^= flip;
    }
  }
  CHECK(values > 1000);
}

TEST_CASE("counts beyond the input are refused before memory is taken") {
  for (const char* hex : {
           "ec 7a7fffffffff",              // list
           "ec 7677359400",                // list of 2^31 - something
           "ef de70766563 02 7677359400",  // vector
           "ef e1697265636f7264 02 7677359400 c9f7db61",
           "ef dd666f6f 7677359400",  // fields
           "c0 ec 7677359400",
           "c1 ec 7677359400",
           "b0 7677359400",
           "b5 7677359400",
           "e3 7677359400",
           "e2 7677359400",
           "d9 7677359400",
           "d8 7677359400",
           "ec ff",
           "e3 ff",
           "d9 ff",
           "ef de70766563 02 ff",
           "ef dd666f6f ff",
           "ec f87fffffffffffffff",
           "e3 f88000000000000000",
       }) {
    CAPTURE(hex);
    CHECK(error_of_hex(hex).code() == ErrorCode::kCorrupt);
  }
}

TEST_CASE("every way to nest without end is refused") {
  for (const char* unit : {"e5",
                           "ed",
                           "ee",
                           "c1e5",
                           "c0ed",
                           "c0",
                           "c1",
                           "c3",
                           "c4",
                           "c6",
                           "c7",
                           "c8",
                           "ca",
                           "c9f7",
                           "cd",
                           "cc",
                           "ec",
                           "b0",
                           "b501",
                           "b1 01",
                           "ef",
                           "f0",
                           "d9",
                           "e3",
                           "c0 e6",
                           "c0 e6 01",
                           "ef de70766563 02 01",
                           "ef df726174696f 02",
                           "ef e07265636f7264 02",
                           "ef e1697265636f7264 02 01",
                           "ef db61 01"}) {
    CAPTURE(unit);
    const Bytes once = unhex(unit);
    Bytes bytes;
    while (bytes.size() < 200'000) append(bytes, once);
    CHECK_FALSE(read_fressian(bytes).has_value());
  }
}

TEST_CASE("many resets and footers in a row need no stack") {
  CHECK(read_fressian(Bytes(1'000'000, 0xfe)).error().message() ==
        "Fressian: unexpected end at byte 1000000");
  Bytes footers;
  for (int i = 0; i < 100'000; ++i) append(footers, unhex("cfcfcfcf 00000000 00000000"));
  footers.push_back(5);
  CHECK_OK(read_fressian(footers));
}

TEST_CASE("cached objects that hold the one before do not nest without end") {
  // Each is a list of one reference: depth grows, recursion does not.
  Bytes bytes = unhex("ec 6903e8 cd e4");
  for (int i = 0; i < 66535; ++i) {
    append(bytes, unhex("cd e5 cc"));
    const Result<Bytes> index = write_fressian(Value::integer(i));
    REQUIRE_OK(index);
    append(bytes, *index);
  }
  const Result<Value> value = read_fressian(bytes);
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().message().find("nesting of more than 512 levels") != std::string::npos);
}

// Level i is a cached list of two references to level i - 1.
Bytes laughs(int levels, std::string_view before, std::string_view after) {
  Bytes bytes = unhex(before);
  append(bytes, unhex("cd e4"));
  for (int i = 0; i < levels; ++i) {
    append(bytes, unhex("cd e6"));
    for (int twice = 0; twice < 2; ++twice) {
      append(bytes, unhex("cc"));
      const Result<Bytes> index = write_fressian(Value::integer(i));
      REQUIRE_OK(index);
      append(bytes, *index);
    }
  }
  append(bytes, unhex(after));
  return bytes;
}

TEST_CASE("references that double the value again and again are refused") {
  // A list; a set, whose elements are hashed.
  for (const char* around : {"ec 5065", "c1 ec 5065"}) {
    const Result<Value> value = read_fressian(laughs(100, around, ""));
    REQUIRE_ERROR(value, ErrorCode::kCorrupt);
    CHECK(value.error().message().find("expand to more than") != std::string::npos);
  }
  CHECK_OK(read_fressian(laughs(15, "ec 10", "")));
}

TEST_CASE("a long name referred to often is refused, a short one is not") {
  const auto repeated = [](std::size_t name_length) {
    Bytes bytes = unhex("ed cd");
    const Result<Bytes> name = write_fressian(Value::string(std::string(name_length, 'n')));
    REQUIRE_OK(name);
    append(bytes, *name);
    for (int i = 0; i < 50'000; ++i) append(bytes, unhex("ca 80 80"));
    bytes.push_back(0xfd);
    return read_fressian(bytes);
  };
  CHECK_OK(repeated(100));
  REQUIRE_ERROR(repeated(10'000), ErrorCode::kCorrupt);
}

TEST_CASE("a long struct tag referred to often is refused") {
  Bytes bytes = unhex("ed ef");
  const Result<Bytes> tag = write_fressian(Value::string(std::string(10'000, 't')));
  REQUIRE_OK(tag);
  append(bytes, *tag);
  bytes.push_back(0);
  bytes.insert(bytes.end(), 50'000, 0xa0);
  bytes.push_back(0xfd);
  REQUIRE_ERROR(read_fressian(bytes), ErrorCode::kCorrupt);
}

TEST_CASE("keys that are NaN take no more than linear time") {
  for (const char* start : {"c1 ed", "c0 ed"}) {
    Bytes bytes = unhex(start);
    append(bytes, unhex("cd fa7ff8000000000000"));
    bytes.insert(bytes.end(), 999'999, 0x80);
    bytes.push_back(0xfd);
    REQUIRE_ERROR(read_fressian(bytes), ErrorCode::kUnsupported);
  }
  Bytes set = unhex("c1 ec 690000 cd fa7ff8000000000000");
  set.insert(set.end(), 65535, 0x80);
  REQUIRE_ERROR(read_fressian(set), ErrorCode::kUnsupported);
  // A few are no harm, nor are many elsewhere than in keys.
  CHECK(testing::value_of_hex("c1 e6 fa7ff8000000000000 fa7ff8000000000000").table().size() == 2);
  Bytes list = unhex("ed cd fa7ff8000000000000");
  list.insert(list.end(), 100'000, 0x80);
  list.push_back(0xfd);
  CHECK_OK(read_fressian(list));
}

TEST_CASE("numbers of more digits than ksv computes with are refused") {
  const auto number = [](std::size_t length) {
    Bytes digits(length, 0x7f);
    Bytes bytes = {0xc6};
    const Result<Bytes> written = write_fressian(Value::bytes(digits));
    REQUIRE_OK(written);
    append(bytes, *written);
    return read_fressian(bytes);
  };
  CHECK_OK(number(41'000));
  REQUIRE_ERROR(number(42'000), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace ksv
