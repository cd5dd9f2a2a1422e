// clj-cbor, which konserve wrote before boring: read only.
#include <doctest/doctest.h>
#include <string>

#include "base/hex.h"
#include "codec/cbor.h"
#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

std::string read_text(std::string_view hex) {
  const std::optional<Bytes> bytes = from_hex(hex);
  REQUIRE(bytes.has_value());
  const Result<Value> value = read_clj_cbor(*bytes);
  return value ? print_edn(*value) : "error: " + value.error().message();
}

TEST_CASE("what clj-cbor writes is read as it reads it") {
  CHECK(read_text("d827633a6b77") == ":kw");
  CHECK(read_text("d8276373796d") == "sym");
  CHECK(read_text("d9010282d827623a6101") == "#{:a 1}");
  CHECK(read_text("d825509682952bfafa4b418e4a31ae948d6f08") ==
        "#uuid \"9682952b-fafa-4b41-8e4a-31ae948d6f08\"");
  CHECK(read_text("c249010000000000000000") == "18446744073709551616N");
  CHECK(read_text("c482211896") == "1.50M");
  CHECK(read_text("d81e821607") == "22/7");
  CHECK(read_text("c1fb41d452d9ec200000") == "#inst \"2013-03-21T20:04:00.500-00:00\"");
  CHECK(read_text("c11a514b67b0") == "#inst \"2013-03-21T20:04:00.000-00:00\"");
  CHECK(read_text("c074323031332d30332d32315432303a30343a30305a") ==
        "#inst \"2013-03-21T20:04:00.000-00:00\"");
  CHECK(read_text("d81b82666d792f746167a0") == "#my/tag {}");
  CHECK(read_text("d81b82d827666d792f74616701") == "#my/tag 1");
  CHECK(read_text("d9d9f701") == "1");
}

TEST_CASE("fractions of a millisecond are cut off, as the JVM cuts them") {
  // 0.0019999 and -0.0019999 seconds.
  CHECK(read_text("c1fb3f606218230c7483") == "#inst \"1970-01-01T00:00:00.001-00:00\"");
  CHECK(read_text("c1fbbf606218230c7483") == "#inst \"1969-12-31T23:59:59.999-00:00\"");
}

TEST_CASE("string references and boring's names mean nothing to clj-cbor") {
  CHECK(read_text("d9010001") == "#ksv/tagged [256 1]");
  CHECK(read_text("d81b826c636c6f6a7572652f636861726161") == "#clojure/char \"a\"");
  CHECK(read_text("d84f480100000000000000") == "#ksv/tagged [79 #ksv/bytes \"0100000000000000\"]");
}

TEST_CASE("an instant that is no number or out of range is damage") {
  for (const char* hex :
       {"c1f6", "c16161", "c1fb7ff8000000000000", "c1fb7fefffffffffffff", "c11b7fffffffffffffff"}) {
    CAPTURE(hex);
    const Result<Value> value = read_clj_cbor(from_hex(hex).value_or(Bytes()));
    REQUIRE_ERROR(value, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace ksv
