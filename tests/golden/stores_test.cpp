// Whole stores written by konserve and by Datahike: each blob read, and written again where the
// bytes are determined.
#include <doctest/doctest.h>

#include "ksv/codec.h"

#include "base/crypto.h"
#include "base/hex.h"
#include "codec/edn.h"
#include "codec/filters.h"
#include "golden/golden_pack.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::GoldenRow;
using testing::GoldenStore;

void fill_with_zeros(std::span<std::uint8_t> fill) { std::fill(fill.begin(), fill.end(), 0); }

std::string sha256_hex(BytesView bytes) { return to_hex(sha256(bytes)); }

struct Counts {
  int values = 0;
  int written = 0;  // again, byte for byte
};

// Texts are compared letter for letter where konserve keeps the order of maps (clj-cbor does not)
// and prints doubles as ksv does (JDKs before 19 do not), else as values.
void check_value(const Value& value, const std::string& expected, bool is_exact, Counts& counts) {
  const std::string printed = print_edn(value);
  counts.values += 1;
  if (is_exact) {
    CHECK(printed == expected);
    return;
  }
  const Result<Value> parsed = read_edn(expected);
  REQUIRE_OK(parsed);
  CHECK_MESSAGE(value == *parsed, printed, " instead of ", expected);
}

bool is_determined(const BlobHeader& header) {
  return header.size == 20 && header.encryptor == EncryptorId::kNone &&
         (header.serializer == SerializerId::kFressian ||
          header.serializer == SerializerId::kBoring);
}

// Another compressor may pack differently; what counts is what comes out.
void check_packing(const BlobHeader& header, BytesView stored) {
  const bool is_lz4 = header.compressor == CompressorId::kLz4;
  const std::size_t bytes_max = std::size_t{1} << 30;
  const auto unpack = is_lz4 ? lz4_decompress : zstd_decompress;
  const Result<Bytes> plain = unpack(stored, bytes_max);
  REQUIRE_OK(plain);
  const Result<Bytes> back =
      unpack(is_lz4 ? lz4_compress(*plain) : zstd_compress(*plain), bytes_max);
  REQUIRE_OK(back);
  CHECK(*back == *plain);
}

// A blob whose bytes follow from meta and value is written again; others are packed again.
void check_writing(const GoldenRow& row, const BlobHeader& header, const Value& meta,
                   const std::optional<Value>& value, Counts& counts) {
  if (!is_determined(header)) return;
  const Result<BytesView> meta_section = blob_section(header, Section::kMeta, row.blob);
  const Result<BytesView> value_section = blob_section(header, Section::kValue, row.blob);
  REQUIRE_OK(meta_section);
  REQUIRE_OK(value_section);
  if (header.compressor != CompressorId::kNone) {
    check_packing(header, *meta_section);
    if (value) check_packing(header, *value_section);
    return;
  }
  const Encoding encoding{.serializer = header.serializer};
  Result<Bytes> written = value ? encode_blob(meta, *value, encoding, row.file, fill_with_zeros)
                                : encode_blob_head(meta, encoding, row.file, fill_with_zeros);
  REQUIRE_OK(written);
  if (!value) append(*written, *value_section);
  CHECK_MESSAGE(*written == row.blob, to_hex(*written), " instead of ", to_hex(row.blob));
  counts.written += 1;
}

Result<Value> decode(const GoldenStore& store, const GoldenRow& row, const BlobHeader& header,
                     Section section) {
  const BytesView stored = KSV_TRY(blob_section(header, section, row.blob));
  return decode_section(header, section, stored, Encoding{.key = store.key}, row.file);
}

void check_row(const GoldenStore& store, const GoldenRow& row, Counts& counts) {
  CAPTURE(store.name);
  CAPTURE(row.file);
  const Result<BlobHeader> header = parse_blob_header(row.blob);
  REQUIRE_OK(header);
  const bool is_exact = header->serializer != SerializerId::kCljCbor && !row.has_old_digits;
  const Result<Value> meta = decode(store, row, *header, Section::kMeta);
  REQUIRE_OK(meta);
  if (row.meta) check_value(*meta, *row.meta, is_exact, counts);
  std::optional<Value> value;
  if (row.bytes_sha256) {
    const Result<BytesView> bytes = blob_section(*header, Section::kValue, row.blob);
    REQUIRE_OK(bytes);
    CHECK(sha256_hex(*bytes) == *row.bytes_sha256);
    counts.values += 1;
  } else {
    Result<Value> decoded = decode(store, row, *header, Section::kValue);
    REQUIRE_OK(decoded);
    value = *std::move(decoded);
  }
  if (row.value) check_value(*value, *row.value, is_exact, counts);
  if (row.value_sha256) {
    CHECK(sha256_hex(bytes_of(print_edn(*value))) == *row.value_sha256);
    counts.values += 1;
  }
  check_writing(row, *header, *meta, value, counts);
}

Counts check_folder(const std::string& folder) {
  Counts counts;
  for (const std::string& path : testing::golden_packs(folder)) {
    const GoldenStore store = testing::read_golden_pack(path);
    const int values_before = counts.values;
    for (const GoldenRow& row : store.rows) check_row(store, row, counts);
    CHECK(counts.values > values_before);
  }
  return counts;
}

TEST_CASE("every blob of konserve's stores is read as konserve reads it, and written as it was") {
  const Counts counts = check_folder("stores");
  CHECK(counts.values > 1300);
  CHECK(counts.written > 500);
}

TEST_CASE("every blob of Datahike's databases is read, and written as it was") {
  const Counts counts = check_folder("datahike");
  CHECK(counts.values > 900);
  CHECK(counts.written > 400);
}

TEST_CASE("the file names of konserve's blobs follow from their keys") {
  for (const std::string& path : testing::golden_packs("stores")) {
    const GoldenStore store = testing::read_golden_pack(path);
    if (store.name == "logs") continue;  // the elements of a log lie under ids of their own
    for (const GoldenRow& row : store.rows) {
      if (row.has_old_digits) continue;  // hashed from the text of the double
      CAPTURE(store.name);
      CAPTURE(row.key);
      const Result<Value> key = read_edn(row.key);
      REQUIRE_OK(key);
      const Result<std::string> name = blob_name_of(*key);
      REQUIRE_OK(name);
      CHECK(*name == row.file);
    }
  }
}

}  // namespace
}  // namespace ksv
