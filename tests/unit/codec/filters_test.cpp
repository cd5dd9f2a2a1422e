// LZ4, zstd and AES: what is packed comes back, and damage is an error.
#include "codec/filters.h"

#include <doctest/doctest.h>
#include <string>

#include "base/hex.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

constexpr std::size_t kMax = std::size_t{64} << 20;

Bytes bytes_from(std::string_view hex) { return from_hex(hex).value_or(Bytes()); }

// Neither constant nor random: compresses to about half.
Bytes sample(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>((state >> 24) % 16);
  }
  return bytes;
}

Bytes noise(std::size_t size) {
  Bytes bytes(size);
  std::uint64_t state = 88172645463325252U;
  for (std::uint8_t& byte : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    byte = static_cast<std::uint8_t>(state >> 32);
  }
  return bytes;
}

void count_up(std::span<std::uint8_t> fill) {
  std::uint8_t next = 0;
  for (std::uint8_t& byte : fill) byte = next++;
}

TEST_CASE("LZ4 and zstd give back what they were given, at every size that matters") {
  const std::size_t block = std::size_t{4} << 20;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{13},
                                 std::size_t{70'000}, block - 1, block, block + 1, 2 * block + 5}) {
    CAPTURE(size);
    for (const Bytes& bytes : {noise(size), Bytes(size, 0)}) {
      const Result<Bytes> from_lz4 = lz4_decompress(lz4_compress(bytes), size);
      REQUIRE_OK(from_lz4);
      CHECK(*from_lz4 == bytes);
      const Result<Bytes> from_zstd = zstd_decompress(zstd_compress(bytes), size);
      REQUIRE_OK(from_zstd);
      CHECK(*from_zstd == bytes);
    }
  }
}

TEST_CASE("an LZ4 frame has lz4-java's header, stores what does not shrink, and ends with a mark") {
  CHECK(to_hex(lz4_compress({})) == "04224d1860707300000000");
  CHECK(to_hex(lz4_compress(bytes_of("abc"))) ==
        "04224d18607073"
        "03000080"
        "616263"
        "00000000");
}

TEST_CASE("an LZ4 frame may lack its end mark") {
  const Result<Bytes> bytes = lz4_decompress(bytes_from("04224d1860707303000080616263"), kMax);
  REQUIRE_OK(bytes);
  CHECK(text_of(*bytes) == "abc");
}

TEST_CASE("frames one after the other are one stream, and a tail that is no frame is left alone") {
  for (const bool is_lz4 : {true, false}) {
    CAPTURE(is_lz4);
    Bytes twice = is_lz4 ? lz4_compress(bytes_of("abc")) : zstd_compress(bytes_of("abc"));
    append(twice, is_lz4 ? lz4_compress(bytes_of("def")) : zstd_compress(bytes_of("def")));
    append(twice, bytes_of("tail of an older value"));
    const Result<Bytes> bytes = is_lz4 ? lz4_decompress(twice, kMax) : zstd_decompress(twice, kMax);
    REQUIRE_OK(bytes);
    CHECK(text_of(*bytes) == "abcdef");
  }
}

TEST_CASE("a frame that unpacks to more than the limit is refused") {
  const Bytes zeros(1'000'000, 0);
  for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, zeros.size() - 1}) {
    CAPTURE(limit);
    REQUIRE_ERROR(lz4_decompress(lz4_compress(zeros), limit), ErrorCode::kCorrupt);
    REQUIRE_ERROR(zstd_decompress(zstd_compress(zeros), limit), ErrorCode::kCorrupt);
  }
}

TEST_CASE("a zstd frame that asks for a huge window is refused") {
  // Magic, no flags, window 2^41, a raw block of one byte that is the last.
  REQUIRE_ERROR(zstd_decompress(bytes_from("28b52ffd00f80900007a"), kMax), ErrorCode::kCorrupt);
}

TEST_CASE("a frame cut short at any byte is an error, or what came before the cut") {
  const Bytes bytes = sample(3000);
  const Bytes lz4 = lz4_compress(bytes);
  const Bytes zstd = zstd_compress(bytes);
  for (std::size_t size = 0; size < lz4.size(); ++size) {
    const Result<Bytes> cut = lz4_decompress(BytesView(lz4).first(size), kMax);
    // Without the end mark it is whole; without any block it is empty.
    const bool is_at_boundary = size == 7 || size == lz4.size() - 4;
    CHECK(cut.has_value() == is_at_boundary);
  }
  for (std::size_t size = 0; size < zstd.size(); ++size) {
    REQUIRE_ERROR(zstd_decompress(BytesView(zstd).first(size), kMax), ErrorCode::kCorrupt);
  }
}

TEST_CASE("AES-CBC opens what it sealed, whatever value the key is") {
  const std::vector<Value> keys = {Value::string("secret"),
                                   Value::keyword("k"),
                                   Value::integer(7),
                                   Value::vector({Value::integer(1), Value()}),
                                   Value::map({{Value::keyword("a"), Value::string("b")}}),
                                   Value::bytes({1, 2, 255})};
  for (const Value& key : keys) {
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 1000U}) {
      const Bytes plain = sample(size);
      const Result<Bytes> sealed = aes_cbc_seal(plain, key, count_up);
      REQUIRE_OK(sealed);
      CHECK(sealed->size() == 64 + size / 16 * 16 + 16);
      const Result<Bytes> opened = aes_cbc_open(*sealed, key);
      REQUIRE_OK(opened);
      CHECK(*opened == plain);
    }
  }
}

TEST_CASE("AES-CBC with another key or a cut section is an error") {
  const Result<Bytes> sealed = aes_cbc_seal(bytes_of("text"), Value::string("secret"), count_up);
  REQUIRE_OK(sealed);
  const Result<Bytes> opened = aes_cbc_open(*sealed, Value::string("Secret"));
  REQUIRE_ERROR(opened, ErrorCode::kCorrupt);
  CHECK(opened.error().message() == "cannot be decrypted with the configured key (or is damaged)");
  for (std::size_t size = 0; size < sealed->size(); ++size) {
    REQUIRE_ERROR(aes_cbc_open(BytesView(*sealed).first(size), Value::string("secret")),
                  ErrorCode::kCorrupt);
  }
}

TEST_CASE("AES-GCM notices each changed bit, another place, and another key") {
  const Value key = Value::bytes(Bytes(32, 9));
  const Result<Bytes> sealed = aes_gcm_seal(bytes_of("text"), key, "place", count_up);
  REQUIRE_OK(sealed);
  CHECK(sealed->size() == 32 + 12 + 4 + 16);
  for (std::size_t bit = 0; bit < sealed->size() * 8; ++bit) {
    Bytes changed = *sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
    REQUIRE_ERROR(aes_gcm_open(changed, key, "place"), ErrorCode::kCorrupt);
  }
  REQUIRE_ERROR(aes_gcm_open(*sealed, key, "other"), ErrorCode::kCorrupt);
  REQUIRE_ERROR(aes_gcm_open(*sealed, Value::bytes(Bytes(32, 8)), "place"), ErrorCode::kCorrupt);
  REQUIRE_ERROR(aes_gcm_open(BytesView(*sealed).first(59), key, "place"), ErrorCode::kCorrupt);
}

TEST_CASE("a key that AES-GCM cannot use is a mistake of the user") {
  for (const Value& key : {Value::string("short"), Value::bytes(Bytes(16, 1)), Value::keyword("k"),
                           Value::string(std::string(64, 'g'))}) {
    REQUIRE_ERROR(aes_gcm_seal({}, key, "place", count_up), ErrorCode::kUsage);
  }
}

}  // namespace
}  // namespace ksv
