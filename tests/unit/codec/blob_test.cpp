// Blobs: header, sections, encodings.
#include <doctest/doctest.h>
#include <string>

#include "ksv/codec.h"
#include "ksv/limits.h"

#include "base/hex.h"
#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

const char* const kName = "11111111-2222-5333-8444-555555555555.ksv";

Bytes bytes_from(std::string_view hex) {
  std::optional<Bytes> bytes = from_hex(hex);
  REQUIRE(bytes.has_value());
  return *std::move(bytes);
}

Value edn(std::string_view text) {
  Result<Value> value = read_edn(text);
  REQUIRE_OK(value);
  return *std::move(value);
}

void count_up(std::span<std::uint8_t> fill) {
  std::uint8_t next = 0;
  for (std::uint8_t& byte : fill) byte = next++;
}

Result<Value> decode(BytesView blob, Section section, const Encoding& encoding) {
  const BlobHeader header = KSV_TRY(parse_blob_header(blob));
  const BytesView stored = KSV_TRY(blob_section(header, section, blob));
  return decode_section(header, section, stored, encoding, kName);
}

TEST_CASE("a blob holds meta and value in every encoding that ksv writes") {
  const Value meta =
      edn("{:key :a, :type :edn, :last-write #inst \"2026-01-02T03:04:05.678-00:00\"}");
  const Value value = edn("{:list (1 2), :text \"ab\", :set #{1}}");
  for (const SerializerId serializer : {SerializerId::kFressian, SerializerId::kBoring}) {
    for (const CompressorId compressor :
         {CompressorId::kNone, CompressorId::kLz4, CompressorId::kZstd}) {
      for (const EncryptorId encryptor :
           {EncryptorId::kNone, EncryptorId::kAesCbc, EncryptorId::kAesGcm}) {
        const Encoding encoding{.serializer = serializer,
                                .compressor = compressor,
                                .encryptor = encryptor,
                                .key = Value::string(std::string(64, 'a'))};
        const Result<Bytes> blob = encode_blob(meta, value, encoding, kName, count_up);
        REQUIRE_OK(blob);
        const Result<Value> meta_back = decode(*blob, Section::kMeta, encoding);
        const Result<Value> value_back = decode(*blob, Section::kValue, encoding);
        REQUIRE_OK(meta_back);
        REQUIRE_OK(value_back);
        CHECK(*meta_back == meta);
        CHECK(*value_back == value);
        const Result<Bytes> head = encode_blob_head(meta, encoding, kName, count_up);
        REQUIRE_OK(head);
        CHECK(std::equal(head->begin(), head->end(), blob->begin()));
      }
    }
  }
}

TEST_CASE("the header names version, serializer, compressor, encryptor and the size of the meta") {
  const Encoding encoding{.serializer = SerializerId::kBoring};
  const Result<Bytes> blob = encode_blob(edn("{:a 1}"), edn("2"), encoding, kName, count_up);
  REQUIRE_OK(blob);
  CHECK(to_hex(*blob) ==
        "0103000000000007"
        "000000000000000000000000"
        "a1d827623a6101"
        "02");
  const Result<BlobHeader> header = parse_blob_header(*blob);
  REQUIRE_OK(header);
  CHECK(header->serializer == SerializerId::kBoring);
  CHECK(header->size == 20);
  CHECK(header->meta_size == 7);
  CHECK(header->value_offset() == 27);
}

TEST_CASE("a header of 8 bytes is known by the meta section that follows it at once") {
  const Bytes blob = bytes_from(
      "0103000000000007"
      "a1d827623a6101"
      "02");
  const Result<Value> meta = decode(blob, Section::kMeta, {});
  const Result<Value> value = decode(blob, Section::kValue, {});
  REQUIRE_OK(meta);
  REQUIRE_OK(value);
  CHECK(print_edn(*meta) == "{:a 1}");
  CHECK(print_edn(*value) == "2");
}

TEST_CASE("a meta size of one byte at the first place is understood") {
  const Bytes blob = bytes_from(
      "0103000007000000"
      "000000000000000000000000"
      "a1d827623a6101"
      "02");
  const Result<Value> value = decode(blob, Section::kValue, {});
  REQUIRE_OK(value);
  CHECK(print_edn(*value) == "2");
}

TEST_CASE("blobs of the string serializer are read as EDN") {
  const Bytes blob = [] {
    Bytes bytes = bytes_from(
        "0100000000000006"
        "000000000000000000000000");
    append(bytes, bytes_of("{:a 1}"));
    append(bytes, bytes_of("#{:b}"));
    return bytes;
  }();
  const Result<Value> value = decode(blob, Section::kValue, {});
  REQUIRE_OK(value);
  CHECK(print_edn(*value) == "#{:b}");
  Bytes broken = blob;
  broken.back() = '{';
  REQUIRE_ERROR(decode(broken, Section::kValue, {}), ErrorCode::kCorrupt);
}

TEST_CASE("unknown numbers in the header are unsupported, and named") {
  const std::string rest =
      "00000007"
      "000000000000000000000000"
      "a1d827623a610102";
  const std::vector<std::pair<const char*, const char*>> rows = {
      {"02030000", "konserve version 2"},      {"00030000", "konserve version 0"},
      {"01040000", "serializer 4 is unknown"}, {"01ff0000", "serializer 255 is unknown"},
      {"01030300", "compressor 3 is unknown"}, {"01030003", "encryptor 3 is unknown"}};
  for (const auto& [ids, message] : rows) {
    const Result<BlobHeader> header = parse_blob_header(bytes_from(ids + rest));
    REQUIRE_ERROR(header, ErrorCode::kUnsupported);
    CHECK(header.error().message() == message);
  }
}

TEST_CASE("a blob that is too short for its header or its meta is damaged") {
  const Bytes blob = bytes_from(
      "0103000000000007"
      "000000000000000000000000"
      "a1d827623a6101"
      "02");
  for (std::size_t size = 0; size < 27; ++size) {
    CAPTURE(size);
    REQUIRE_ERROR(decode(BytesView(blob).first(size), Section::kMeta, {}), ErrorCode::kCorrupt);
  }
  REQUIRE_ERROR(decode(BytesView(blob).first(27), Section::kValue, {}), ErrorCode::kCorrupt);
  REQUIRE_ERROR(parse_blob_header(bytes_from("01030000f0000001"
                                             "000000000000000000000000")),
                ErrorCode::kCorrupt);
}

TEST_CASE("an encrypted blob asks for its key, and for the right one") {
  for (const EncryptorId encryptor : {EncryptorId::kAesCbc, EncryptorId::kAesGcm}) {
    const Encoding encoding{.encryptor = encryptor, .key = Value::string(std::string(64, 'a'))};
    const Result<Bytes> blob = encode_blob(edn("{:a 1}"), edn("2"), encoding, kName, count_up);
    REQUIRE_OK(blob);
    const Result<Value> keyless = decode(*blob, Section::kMeta, {});
    REQUIRE_ERROR(keyless, ErrorCode::kUnsupported);
    CHECK(keyless.error().message() == "the blob is encrypted and no key is configured");
    const Encoding other{.key = Value::string(std::string(64, 'b'))};
    const Result<Value> wrong = decode(*blob, Section::kMeta, other);
    REQUIRE_ERROR(wrong, ErrorCode::kCorrupt);
    CHECK(wrong.error().message().starts_with("cannot be decrypted with the configured key"));
    const Encoding none{.encryptor = encryptor};
    REQUIRE_ERROR(encode_blob(edn("{}"), edn("2"), none, kName, count_up), ErrorCode::kUsage);
  }
}

TEST_CASE("an AES-GCM section opens only where it belongs") {
  const Encoding encoding{.encryptor = EncryptorId::kAesGcm,
                          .key = Value::string(std::string(64, 'a'))};
  const Result<Bytes> blob = encode_blob(edn("{:a 1}"), edn("{:a 1}"), encoding, kName, count_up);
  REQUIRE_OK(blob);
  const Result<BlobHeader> header = parse_blob_header(*blob);
  REQUIRE_OK(header);
  const Result<BytesView> meta = blob_section(*header, Section::kMeta, *blob);
  REQUIRE_OK(meta);
  CHECK_OK(decode_section(*header, Section::kMeta, *meta, encoding, kName));
  REQUIRE_ERROR(decode_section(*header, Section::kValue, *meta, encoding, kName),
                ErrorCode::kCorrupt);
  REQUIRE_ERROR(decode_section(*header, Section::kMeta, *meta, encoding, "other.ksv"),
                ErrorCode::kCorrupt);
}

TEST_CASE("ksv does not write the two old serializers, and says what to do") {
  for (const SerializerId serializer : {SerializerId::kString, SerializerId::kCljCbor}) {
    const Result<Bytes> blob =
        encode_blob(edn("{}"), edn("1"), Encoding{.serializer = serializer}, kName, count_up);
    REQUIRE_ERROR(blob, ErrorCode::kUnsupported);
    CHECK_FALSE(blob.error().hint().empty());
  }
}

TEST_CASE("a meta that unpacks to too much is refused before it is unpacked") {
  const Value large = Value::bytes(Bytes(limits::kMetaBytesMax, 0));
  const Encoding packed{.compressor = CompressorId::kLz4};
  REQUIRE_ERROR(encode_blob(large, edn("1"), packed, kName, count_up), ErrorCode::kUsage);
  // The same bytes as a value are fine, but not when read as a meta section.
  const Result<Bytes> blob = encode_blob(edn("{}"), large, packed, kName, count_up);
  REQUIRE_OK(blob);
  const Result<BlobHeader> header = parse_blob_header(*blob);
  REQUIRE_OK(header);
  const Result<BytesView> value = blob_section(*header, Section::kValue, *blob);
  REQUIRE_OK(value);
  CHECK_OK(decode_section(*header, Section::kValue, *value, packed, kName));
  REQUIRE_ERROR(decode_section(*header, Section::kMeta, *value, packed, kName),
                ErrorCode::kCorrupt);
}

TEST_CASE("a key's file name is the uuid of its hash") {
  const Result<std::string> name = blob_name_of(edn(":branches"));
  REQUIRE_OK(name);
  CHECK(*name == "1643fed1-9f2d-514e-b007-53bbb8682214.ksv");
}

}  // namespace
}  // namespace ksv
