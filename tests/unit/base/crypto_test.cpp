// Hashes, ciphers and key derivation against published vectors.
#include "base/crypto.h"

#include <doctest/doctest.h>
#include <string>

#include "base/ciphers.h"
#include "base/hex.h"

namespace ksv {
namespace {

Bytes hex(std::string_view text) {
  const auto bytes = from_hex(text);
  REQUIRE(bytes.has_value());
  return *bytes;
}

TEST_CASE("SHA-2 agrees with FIPS 180-4") {
  CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256(bytes_of("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha512(bytes_of("abc"))) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("MD5 agrees with RFC 1321") {
  CHECK(to_hex(md5({})) == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(to_hex(md5(bytes_of("message digest"))) == "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST_CASE("a stream of pieces hashes as the whole") {
  const std::string text(100'000, 'x');
  Sha256Stream stream;
  stream.add({});
  for (std::size_t at = 0, size = 1; at < text.size(); at += size, size = size * 3 % 1009 + 1) {
    stream.add(bytes_of(std::string_view(text).substr(at, size)));
  }
  CHECK(stream.finish() == sha256(bytes_of(text)));
}

TEST_CASE("HMAC-SHA-256 agrees with RFC 4231") {
  CHECK(to_hex(hmac_sha256(Bytes(20, 0x0b), bytes_of("Hi There"))) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(to_hex(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(to_hex(hmac_sha256(Bytes(131, 0xaa),
                           bytes_of("Test Using Larger Than Block-Size Key - Hash Key First"))) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("HKDF agrees with RFC 5869") {
  const Bytes key(22, 0x0b);
  CHECK(to_hex(
            hkdf_sha256(key, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(to_hex(hkdf_sha256(key, {}, {}, 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  CHECK(hkdf_sha256(key, {}, {}, 0).empty());
  CHECK(hkdf_sha256(key, {}, {}, 8160).size() == 8160);
}

TEST_CASE("AES-256-CBC agrees with NIST SP 800-38A and pads as PKCS#7") {
  const Bytes key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const Bytes iv = hex("000102030405060708090a0b0c0d0e0f");
  const Bytes plain = hex("6bc1bee22e409f96e93d7e117393172a");
  const Bytes cipher = aes256_cbc_encrypt(key, iv, plain);
  REQUIRE(cipher.size() == 32);
  CHECK(to_hex(BytesView(cipher).first(16)) == "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
  for (std::size_t size = 0; size < 50; ++size) {
    const Bytes text(size, 0x5a);
    const Bytes sealed = aes256_cbc_encrypt(key, iv, text);
    CHECK(sealed.size() == (size / 16 + 1) * 16);
    CHECK(aes256_cbc_decrypt(key, iv, sealed) == text);
  }
}

TEST_CASE("AES-256-CBC refuses what has no whole blocks or no padding") {
  const Bytes key(32, 1);
  const Bytes iv(16, 2);
  CHECK_FALSE(aes256_cbc_decrypt(key, iv, {}).has_value());
  CHECK_FALSE(aes256_cbc_decrypt(key, iv, Bytes(15, 0)).has_value());
  CHECK_FALSE(aes256_cbc_decrypt(key, iv, Bytes(17, 0)).has_value());
  // Without its last block, the text that is left ends in no padding.
  Bytes sealed = aes256_cbc_encrypt(key, iv, Bytes(32, 0));
  sealed.resize(32);
  CHECK_FALSE(aes256_cbc_decrypt(key, iv, sealed).has_value());
}

TEST_CASE("AES-256-GCM agrees with the vectors of its specification") {
  const Bytes key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  const Bytes nonce = hex("cafebabefacedbaddecaf888");
  const Bytes associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const Bytes plain =
      hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24"
          "49a6b525"
          "b16aedf5aa0de657ba637b39");
  const Bytes sealed = aes256_gcm_encrypt(key, nonce, associated, plain);
  CHECK(to_hex(sealed) ==
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
        "828838"
        "c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b");
  CHECK(aes256_gcm_decrypt(key, nonce, associated, sealed) == plain);
  CHECK(aes256_gcm_decrypt(key, nonce, {}, aes256_gcm_encrypt(key, nonce, {}, {})) == Bytes{});
}

TEST_CASE("AES-256-GCM refuses bytes that were changed anywhere") {
  const Bytes key(32, 1);
  const Bytes nonce(12, 2);
  const Bytes associated(3, 3);
  const Bytes sealed = aes256_gcm_encrypt(key, nonce, associated, Bytes(20, 4));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 1;
    CHECK_FALSE(aes256_gcm_decrypt(key, nonce, associated, changed).has_value());
  }
  CHECK_FALSE(aes256_gcm_decrypt(key, nonce, Bytes(3, 9), sealed).has_value());
  CHECK_FALSE(aes256_gcm_decrypt(key, nonce, associated, Bytes(15, 0)).has_value());
  CHECK_FALSE(aes256_gcm_decrypt(key, nonce, associated, {}).has_value());
}

}  // namespace
}  // namespace ksv
