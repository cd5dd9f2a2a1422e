// Frozen bytes that were damaged or made to harm: every input gives a value or an error, in bounded
// time and memory. Run under the sanitizers too.
#include <algorithm>
#include <doctest/doctest.h>
#include <memory>

#include "base/hex.h"
#include "codec/edn.h"
#include "codec/nippy.h"
#include "codec/snappy.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using nippy::Compressor;

// A block of the heap of just this size, so that AddressSanitizer sees a read behind the end.
Result<Value> thaw_exactly(BytesView bytes, bool without_header = true) {
  const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return nippy::thaw({copy.get(), bytes.size()}, {.without_header = without_header});
}

Bytes unhex(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const auto bytes = from_hex(text);
  REQUIRE(bytes);
  return *bytes;
}

const char* const kMany =
    "[1 300 70000 5000000000 1.5 \"text\" :ns/key sym [1 2] #{1} {:a 1} (1 2) 1/2 1.5M 12N \\a "
    "#uuid \"00000000-0000-0000-0000-000000000001\" #inst \"2020\" #ksv/bytes \"0102\" #ksv/regex "
    "\"a\" #ksv/uri \"a:b\" #ksv/ints [1] #ksv/longs [1] #ksv/floats [] #ksv/doubles [1.0] "
    "#ksv/objects [1] #ksv/record [a.B {:a 1}] #nippy/instant \"2020-01-01T00:00:00Z\" "
    "#nippy/sorted-map [[1 2]] #nippy/meta [{:a 1} [1]] #nippy/type [\"A\" 1] #nippy/cached [1] "
    "#nippy/cached [1] #nippy/serializable [\"a\" #ksv/bytes \"00\"] #my/tag 1]";

TEST_CASE("bytes that end early are an error, wherever they end") {
  const Result<Value> value = read_edn(kMany);
  REQUIRE_OK(value);
  for (const bool tight : {false, true}) {
    const Result<Bytes> bytes = nippy::freeze(*value, {.tight = tight, .without_header = true});
    REQUIRE_OK(bytes);
    REQUIRE_OK(thaw_exactly(*bytes));
    for (std::size_t length = 0; length < bytes->size(); ++length) {
      REQUIRE_FALSE(thaw_exactly(BytesView(*bytes).first(length)).has_value());
    }
  }
}

TEST_CASE("a changed byte gives a value or an error") {
  const Result<Value> value = read_edn(kMany);
  REQUIRE_OK(value);
  for (int packed = 0; packed < 5; ++packed) {
    const Result<Bytes> bytes =
        nippy::freeze(*value, {.compressor = static_cast<Compressor>(packed)});
    REQUIRE_OK(bytes);
    for (std::size_t at = 0; at < bytes->size(); ++at) {
      for (const int change : {1, 0x80, 0xff}) {
        Bytes changed = *bytes;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        const Result<Value> read = thaw_exactly(changed, false);
        if (!read.has_value()) CHECK_FALSE(read.error().message().empty());
      }
    }
  }
}

TEST_CASE("counts beyond the input take no memory") {
  for (const char* hex :
       {"157fffffff", "177fffffff", "1e7fffffff",   "147fffffff",   "187fffffff",      "1c7fffffff",
        "1f7fffffff", "1a7fffffff", "027fffffff00", "0d7fffffff00", "737fffffff",      "767fffffff",
        "777fffffff", "787fffffff", "797fffffff",   "2c7fffffff00", "3e7fffffff00",    "45ffff",
        "10ffff",     "6aff",       "30ff",         "7a690141ff",   "1b00000001030300"}) {
    CAPTURE(hex);
    REQUIRE_ERROR(thaw_exactly(unhex(hex)), ErrorCode::kCorrupt);
  }
}

TEST_CASE("nesting is bounded") {
  for (const char* level :
       {"6e01", "1c00000001", "1970016a01610367", "3b", "30014170016a0161", "3a"}) {
    CAPTURE(level);
    Bytes bytes;
    for (int i = 0; i < 100'000; ++i) append(bytes, unhex(level));
    CHECK_FALSE(thaw_exactly(bytes).has_value());
  }
  Bytes deep;
  for (int i = 0; i < 511; ++i) append(deep, unhex("6e01"));
  deep.push_back(0x11);
  CHECK_OK(thaw_exactly(deep));
}

TEST_CASE("references cannot make a value that is too large to walk") {
  // Two of what was before, again and again.
  Bytes doubling = unhex("4500c8");
  append(doubling, unhex("3b6e0264016401"));
  for (int index = 1; index < 100; ++index) {
    doubling.push_back(67);
    doubling.push_back(static_cast<std::uint8_t>(index));
    append(doubling, unhex("6e02"));
    for (int i = 0; i < 2; ++i) {
      doubling.push_back(67);
      doubling.push_back(static_cast<std::uint8_t>(index - 1));
    }
  }
  for (int i = 0; i < 100; ++i) doubling.push_back(3);
  REQUIRE_ERROR(thaw_exactly(doubling), ErrorCode::kCorrupt);
}

TEST_CASE("a reference to what it is in, or to what is not there, is an error") {
  REQUIRE_ERROR(thaw_exactly(unhex("3b6e013b")), ErrorCode::kCorrupt);
  REQUIRE_ERROR(thaw_exactly(unhex("3f")), ErrorCode::kCorrupt);
  REQUIRE_ERROR(thaw_exactly(unhex("43ff")), ErrorCode::kCorrupt);
}

TEST_CASE("keys that hold a NaN cannot make a map slow") {
  Bytes bytes = unhex("1700004e20");
  for (int i = 0; i < 20'000; ++i) append(bytes, unhex("3d7ff8000000000000"));
  REQUIRE_ERROR(thaw_exactly(bytes), ErrorCode::kUnsupported);
}

TEST_CASE("what unpacks to more than is allowed, or than it says, is refused") {
  for (const char* hex :
       {"4e505908ffffffff00", "4e5059084000000100", "4e5059083fffffff10ff",
        "4e50590b7ffffffffd377a585a00", "4e505901ffffffff0f00", "4e505901ffffff7f00",
        "4e50590105000000", "4e5059010104aa05aa", "4e50590a00", "4e505908000000"}) {
    CAPTURE(hex);
    CHECK_FALSE(thaw_exactly(unhex(hex), false).has_value());
  }
}

TEST_CASE("Snappy's elements of every size unpack, and copies may run into themselves") {
  const auto unpacked = [](const char* hex) {
    const Result<Bytes> bytes = snappy_decompress(unhex(hex), 1000);
    return bytes.has_value() ? to_hex(*bytes) : "error";
  };
  CHECK(unpacked("00") == "");
  CHECK(unpacked("03 08 616263") == "616263");
  CHECK(unpacked("08 00 61 0d 01") == "6161616161616161");
  CHECK(unpacked("06 04 6162 0e 0200") == "616261626162");
  CHECK(unpacked("06 04 6162 0f 02000000") == "616261626162");
  CHECK(unpacked("02 f0 01 6162") == "6162");
  CHECK(unpacked("06 04 6162 0e 0300") == "error");
  CHECK(unpacked("06 04 6162 0e 0000") == "error");
  CHECK(unpacked("05 04 6162 0e 0200") == "error");
  CHECK(unpacked("07 04 6162 0e 0200") == "error");
  CHECK(unpacked("02 f0 01 61") == "error");
  CHECK(unpacked("") == "error");
  CHECK(unpacked("e907 00") == "error");
}

TEST_CASE("long repetitive and odd bytes pass through Snappy") {
  Bytes bytes;
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < 200'000; ++i) {
    state = state * 1664525 + 1013904223;
    bytes.push_back(i % 3000 < 1500 ? static_cast<std::uint8_t>(state >> 24)
                                    : static_cast<std::uint8_t>(i % 7));
  }
  const Bytes packed = snappy_compress(bytes);
  CHECK(packed.size() < bytes.size());
  const Result<Bytes> back = snappy_decompress(packed, bytes.size());
  REQUIRE_OK(back);
  CHECK(*back == bytes);
}

}  // namespace
}  // namespace ksv
