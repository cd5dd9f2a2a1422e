// Hexadecimal, base64 and uuid text.
#include "base/hex.h"

#include <doctest/doctest.h>

#include "ksv/bytes.h"

namespace ksv {
namespace {

Bytes bytes(std::string_view text) { return copy_of(bytes_of(text)); }

TEST_CASE("hexadecimal text is lower case and reads back in either case") {
  CHECK(to_hex({}) == "");
  CHECK(to_hex(Bytes{0x00, 0x0f, 0xab, 0xff}) == "000fabff");
  CHECK(from_hex("") == Bytes{});
  CHECK(from_hex("000FabFf") == Bytes{0x00, 0x0f, 0xab, 0xff});
}

TEST_CASE("malformed hexadecimal text gives nothing") {
  for (const char* text : {"0", "abc", "0g", "g0", " 00", "00 ", "0x00", "-1", "\xc3\xa4"}) {
    CAPTURE(text);
    CHECK_FALSE(from_hex(text).has_value());
  }
}

TEST_CASE("base64 agrees with the examples of RFC 4648") {
  CHECK(to_base64({}) == "");
  CHECK(to_base64(bytes("f")) == "Zg==");
  CHECK(to_base64(bytes("fo")) == "Zm8=");
  CHECK(to_base64(bytes("foo")) == "Zm9v");
  CHECK(to_base64(bytes("foob")) == "Zm9vYg==");
  CHECK(to_base64(bytes("fooba")) == "Zm9vYmE=");
  CHECK(to_base64(bytes("foobar")) == "Zm9vYmFy");
  CHECK(to_base64(Bytes{0xfb, 0xff, 0xbf}) == "+/+/");
}

TEST_CASE("base64 reads back with or without padding") {
  CHECK(from_base64("") == Bytes{});
  CHECK(from_base64("Zg==") == bytes("f"));
  CHECK(from_base64("Zg") == bytes("f"));
  CHECK(from_base64("Zm8=") == bytes("fo"));
  CHECK(from_base64("Zm8") == bytes("fo"));
  CHECK(from_base64("Zm9vYmFy") == bytes("foobar"));
  Bytes all;
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::uint8_t>(i));
    CHECK(from_base64(to_base64(all)) == all);
  }
}

TEST_CASE("malformed base64 gives nothing") {
  for (const char* text : {"Z", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v=", "Z g=", "Zm9\n",
                           "Zm-_", "Zh==", "Zm9=", "Zg==Zg=="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text).has_value());
  }
}

TEST_CASE("a uuid reads back from its text in either case") {
  const auto uuid = parse_uuid("123E4567-e89b-12d3-A456-426614174000");
  REQUIRE(uuid.has_value());
  CHECK((*uuid)[0] == 0x12);
  CHECK((*uuid)[15] == 0x00);
  CHECK(uuid_text(*uuid) == "123e4567-e89b-12d3-a456-426614174000");
}

TEST_CASE("malformed uuids give nothing") {
  for (const char* text :
       {"", "123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456-4266141740000",
        "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g",
        "123e4567-e89b-12d3-a4564266-14174000", "{23e4567-e89b-12d3-a456-42661417400}",
        "123e4567-e89b-12d3-a456+426614174000", "-23e4567-e89b-12d3-a456-426614174000"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_uuid(text).has_value());
  }
}

}  // namespace
}  // namespace ksv
