// Damaged blobs of every encoding: an error or another value, never a crash.
#include <doctest/doctest.h>
#include <string>

#include "ksv/codec.h"

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

const char* const kName = "11111111-2222-5333-8444-555555555555.ksv";

void count_up(std::span<std::uint8_t> fill) {
  std::uint8_t next = 0;
  for (std::uint8_t& byte : fill) byte = next++;
}

bool is_damage(const Error& error) {
  return error.code() == ErrorCode::kCorrupt ||
         error.code() == ErrorCode::kUnsupported;  // a changed bit may ask for a key
}

// Both sections of `blob`; what is read can be printed and written.
void read_all(BytesView blob, const Encoding& encoding) {
  const Result<BlobHeader> header = parse_blob_header(blob);
  if (!header) {
    CHECK(is_damage(header.error()));
    return;
  }
  for (const Section section : {Section::kMeta, Section::kValue}) {
    const Result<BytesView> stored = blob_section(*header, section, blob);
    if (!stored) {
      CHECK(is_damage(stored.error()));
      continue;
    }
    const Result<Value> value = decode_section(*header, section, *stored, encoding, kName);
    if (!value) {
      CHECK(is_damage(value.error()));
      continue;
    }
    CHECK_FALSE(print_edn(*value).empty());
    const Result<Bytes> again = encode_blob(*value, *value, Encoding{}, kName, count_up);
    CHECK((again.has_value() || again.error().code() == ErrorCode::kUsage));
  }
}

// Each serializer, compressor and encryptor, and all three at once.
std::vector<Encoding> encodings() {
  const Value key = Value::string(std::string(64, 'a'));
  return {Encoding{},
          Encoding{.serializer = SerializerId::kBoring},
          Encoding{.compressor = CompressorId::kLz4},
          Encoding{.compressor = CompressorId::kZstd},
          Encoding{.encryptor = EncryptorId::kAesCbc, .key = key},
          Encoding{.encryptor = EncryptorId::kAesGcm, .key = key},
          Encoding{.serializer = SerializerId::kBoring,
                   .compressor = CompressorId::kZstd,
                   .encryptor = EncryptorId::kAesCbc,
                   .key = key}};
}

Bytes sample_blob(const Encoding& encoding) {
  const Result<Value> meta = read_edn("{:key :a, :type :edn, :last-write #inst \"2026-01-02\"}");
  const Result<Value> value = read_edn(
      "{:text \"a text, a text, a text\", :n [1 -70000 2N 1.5 1.50M 1/3], :s #{:a b/c}, \\c (nil "
      "true), "
      "#uuid \"9682952b-fafa-4b41-8e4a-31ae948d6f08\" #ksv/record [r.R {:x #ksv/bytes \"00ff\"}], "
      "#ksv/longs [1 2] #ksv/regex \"x\"}");
  REQUIRE_OK(meta);
  REQUIRE_OK(value);
  Result<Bytes> blob = encode_blob(*meta, *value, encoding, kName, count_up);
  REQUIRE_OK(blob);
  return *std::move(blob);
}

TEST_CASE("a blob cut at any byte is an error or a value") {
  for (const Encoding& encoding : encodings()) {
    const Bytes blob = sample_blob(encoding);
    for (std::size_t size = 0; size < blob.size(); ++size) {
      read_all(BytesView(blob).first(size), encoding);
    }
  }
}

TEST_CASE("a blob with any byte changed is an error or a value") {
  for (const Encoding& encoding : encodings()) {
    const Bytes blob = sample_blob(encoding);
    for (std::size_t at = 0; at < blob.size(); ++at) {
      for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
        Bytes changed = blob;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        read_all(changed, encoding);
      }
    }
  }
}

}  // namespace
}  // namespace ksv
