// AES-GCM sections made from the published construction: master key, associated text, plaintext,
// section.
#include <doctest/doctest.h>
#include <fstream>
#include <string>

#include "base/hex.h"
#include "codec/filters.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

TEST_CASE("AES-GCM sections open with their key and place, and with no other") {
  std::ifstream file(std::string(KSV_GOLDEN_DIR) + "/aes-gcm/vectors.txt");
  std::string master;
  std::string place;
  std::string plain_hex;
  std::string section_hex;
  int count = 0;
  while (file >> master >> place >> plain_hex >> section_hex) {
    CAPTURE(place);
    const Bytes section = from_hex(section_hex).value_or(Bytes());
    const Bytes plain = from_hex(plain_hex).value_or(Bytes());
    const Bytes key_bytes = from_hex(master).value_or(Bytes());
    for (const Value& key : {Value::string(master), Value::bytes(key_bytes)}) {
      const Result<Bytes> opened = aes_gcm_open(section, key, place);
      REQUIRE_OK(opened);
      CHECK(*opened == plain);
    }
    REQUIRE_ERROR(aes_gcm_open(section, Value::string(master), place + "x"), ErrorCode::kCorrupt);

    // Sealed again with the same salt and nonce, it is the same section.
    std::size_t at = 0;
    const RandomSource same = [&](std::span<std::uint8_t> fill) {
      for (std::uint8_t& byte : fill) byte = section[at++];
    };
    const Result<Bytes> sealed = aes_gcm_seal(plain, Value::string(master), place, same);
    REQUIRE_OK(sealed);
    CHECK(*sealed == section);
    ++count;
  }
  CHECK(count == 6);
}

}  // namespace
}  // namespace ksv
