// Nippy: what the recorded bytes do not show.
#include "codec/nippy.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "base/hex.h"
#include "codec/edn.h"
#include "support/result_checks.h"
#include "support/value_generator.h"

namespace ksv {
namespace {

using nippy::Compressor;
using nippy::FreezeOptions;
using nippy::ThawOptions;
using testing::ValueGenerator;

Value edn(std::string_view text) {
  const Result<Value> value = read_edn(text);
  REQUIRE_OK(value);
  return *value;
}

std::string thawed(std::string hex) {
  hex.erase(std::remove(hex.begin(), hex.end(), ' '), hex.end());
  const auto bytes = from_hex(hex);
  REQUIRE(bytes);
  const Result<Value> value = nippy::thaw(*bytes, {.without_header = true});
  return value.has_value() ? print_edn(*value) : "error: " + value.error().message();
}

std::string frozen(std::string_view text) {
  const Result<Bytes> bytes = nippy::freeze(edn(text), {.without_header = true});
  return bytes.has_value() ? to_hex(*bytes) : "error: " + bytes.error().message();
}

TEST_CASE("random values thaw as they were, in both forms and with every compressor") {
  ValueGenerator generator(20);
  int done = 0;
  for (int i = 0; i < 2000; ++i) {
    const Value value = generator.next();
    FreezeOptions options;
    options.tight = i % 2 == 0;
    options.compressor = static_cast<Compressor>(i % 5);
    const Result<Bytes> bytes = nippy::freeze(value, options);
    if (!bytes.has_value()) {
      // Structs, arrays of booleans, half surrogate pairs.
      REQUIRE(bytes.error().code() == ErrorCode::kUsage);
      continue;
    }
    ++done;
    const Result<Value> back = nippy::thaw(*bytes);
    REQUIRE_OK(back);
    const Result<Bytes> again = nippy::freeze(*back, options);
    REQUIRE_OK(again);
    REQUIRE(to_hex(*again) == to_hex(*bytes));
  }
  CHECK(done > 1000);
}

TEST_CASE("values of tags come back as they were given") {
  for (const char* text : {"#nippy/byte -128",
                           "#nippy/short 300",
                           "#nippy/int -70000",
                           "#nippy/biginteger \"-1\"",
                           "#nippy/sql-date 86400000",
                           "#nippy/queue [1 [2]]",
                           "#nippy/map-entry [:k nil]",
                           "#nippy/meta [{:a 1} #nippy/meta [{:b 2} foo]]",
                           "#nippy/strings [\"a\" nil]",
                           "#nippy/type [\"my.Type\" 1 \"x\"]",
                           "#nippy/serializable [\"a.B\" #ksv/bytes \"aced\"]",
                           "#nippy/sorted-map [[[1] :a] [[1 2] :b]]",
                           "#nippy/sorted-set [#nippy/int 2 #nippy/int 1]",
                           "#nippy/instant \"1969-12-31T23:59:59.999999999Z\"",
                           "#nippy/instant \"-0001-02-03T04:05:06Z\"",
                           "#nippy/instant \"2024-05-06T07:08:09.120Z\"",
                           "#nippy/duration \"PT0S\"",
                           "#nippy/duration \"PT-0.5S\"",
                           "#nippy/duration \"PT-1H-2M-3.000000001S\"",
                           "#nippy/duration \"PT25H\"",
                           "#nippy/period \"P0D\"",
                           "#nippy/period \"P-1Y14M2D\"",
                           "#my/tag {:a 1}",
                           "#ksv/longs [1 -1]",
                           "#ksv/objects [1 \"x\" nil]",
                           "\\a"}) {
    CAPTURE(text);
    CHECK(thawed(frozen(text)) == text);
  }
}

TEST_CASE("a tag that says something else is refused") {
  CHECK(frozen("#nippy/byte 128") == "error: Nippy: #nippy/byte expects an integer of at most 127");
  CHECK(frozen("#nippy/other 1") == "error: Nippy: unknown tag #nippy/other");
  for (const char* text : {"#nippy/short 40000",
                           "#nippy/int 3000000000",
                           "#nippy/int \"1\"",
                           "#nippy/biginteger \"x\"",
                           "#nippy/instant \"2024\"",
                           "#nippy/instant \"2024-05-06T07:08:09.1234567890Z\"",
                           "#nippy/duration \"PT\"",
                           "#nippy/duration \"1H\"",
                           "#nippy/duration \"PT1M1H\"",
                           "#nippy/period \"P\"",
                           "#nippy/period \"P3000000000D\"",
                           "#nippy/map-entry [1]",
                           "#nippy/meta [1 2]",
                           "#nippy/strings [1]",
                           "#nippy/sorted-map [[1]]",
                           "#nippy/ratio [1 0]",
                           "#nippy/type [1]",
                           "#nippy/serializable [\"a\" 1]",
                           "#nippy/floats [1]",
                           "#nippy/bytes \"0\"",
                           "#ksv/booleans [true]",
                           "#ksv/tagged [\"a\" 1]"}) {
    CAPTURE(text);
    CHECK(frozen(text).starts_with("error: Nippy: "));
  }
}

TEST_CASE("half of a surrogate pair is refused, not written as a question mark") {
  const Result<Bytes> bytes = nippy::freeze(Value::string("\xed\xa0\xbd"));
  REQUIRE_ERROR(bytes, ErrorCode::kUsage);
}

TEST_CASE("sorted collections are sorted when they are read, and equal keys met") {
  CHECK(thawed("1c 00000003 6403 6401 6403") == "#nippy/sorted-set [1 3]");
  CHECK(thawed("1f 00000003 6402 08 6401 09 6402 03") == "#nippy/sorted-map [[1 false] [2 nil]]");
}

TEST_CASE("the placeholder in metadata is dropped, and metadata of nothing else with it") {
  CHECK(thawed("19 7001 68 08 6401") == "1");
  CHECK(thawed("19 7002 68 08 6a0161 09 11") == "#nippy/meta [{:a false} []]");
}

TEST_CASE("a deftype has its class and its fields") {
  CHECK(thawed("7a 6901 41 82 6401 03") == "#nippy/type [\"A\" 1 nil]");
}

TEST_CASE("the default compresses above 8192 bytes and not below") {
  const Result<Bytes> small = nippy::freeze(Value::string(std::string(8189, 'x')));
  const Result<Bytes> large = nippy::freeze(Value::string(std::string(8190, 'x')));
  REQUIRE_OK(small);
  REQUIRE_OK(large);
  CHECK((*small)[3] == 0);
  CHECK((*large)[3] == 8);
  CHECK(large->size() < 100);
}

TEST_CASE("what a password sealed is opened by it, in each mode") {
  for (const auto mode : {nippy::PasswordMode::kSalted, nippy::PasswordMode::kCached}) {
    FreezeOptions options;
    options.password = nippy::Password{.text = "pässword", .mode = mode};
    options.random = [](std::span<std::uint8_t> fill) {
      for (std::uint8_t& byte : fill) byte = 7;
    };
    const Result<Bytes> bytes = nippy::freeze(edn("[1 :a]"), options);
    REQUIRE_OK(bytes);
    CHECK((*bytes)[3] == 14);
    ThawOptions open;
    REQUIRE_ERROR(nippy::thaw(*bytes, open), ErrorCode::kDenied);
    open.password = options.password;
    const Result<Value> value = nippy::thaw(*bytes, open);
    REQUIRE_OK(value);
    CHECK(*value == edn("[1 :a]"));
    Bytes damaged = *bytes;
    damaged.back() ^= 1;
    REQUIRE_ERROR(nippy::thaw(damaged, open), ErrorCode::kCorrupt);
  }
}

TEST_CASE("frozen bytes are told by their beginning") {
  CHECK(nippy::is_frozen(*from_hex("4e50590003")));
  CHECK_FALSE(nippy::is_frozen(*from_hex("4e505900")));
  CHECK_FALSE(nippy::is_frozen(*from_hex("4e50580003")));
}

}  // namespace
}  // namespace ksv
