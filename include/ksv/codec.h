// Codecs: pure functions between values and bytes. All input is untrusted; all are bounded by
// ksv/limits.h and answer kCorrupt (damaged), kUnsupported (of an unknown kind) or kUsage (a value
// that the format cannot hold).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// Fills the span with random bytes: salts and nonces come through here, so that tests can fix them.
using RandomSource = std::function<void(std::span<std::uint8_t>)>;

// The numbers are bytes 1 to 3 of a blob's header (doc/format: konserve blobs).
enum class SerializerId : std::uint8_t { kString = 0, kFressian = 1, kCljCbor = 2, kBoring = 3 };
enum class CompressorId : std::uint8_t { kNone = 0, kLz4 = 1, kZstd = 2 };
enum class EncryptorId : std::uint8_t { kNone = 0, kAesCbc = 1, kAesGcm = 2 };

// How a store writes, and the key with which it reads what is encrypted.
struct Encoding {
  SerializerId serializer = SerializerId::kFressian;
  CompressorId compressor = CompressorId::kNone;
  EncryptorId encryptor = EncryptorId::kNone;
  std::optional<Value> key{};  // any EDN value for AES-CBC; 32 bytes or 64 hex digits for AES-GCM
};

// A blob's header. `size` is 20, or 8 for what 0.6.0-alpha wrote.
struct BlobHeader {
  SerializerId serializer = SerializerId::kFressian;
  CompressorId compressor = CompressorId::kNone;
  EncryptorId encryptor = EncryptorId::kNone;
  std::uint32_t size = 20;
  std::uint32_t meta_size = 0;  // of the meta section as stored

  std::uint64_t value_offset() const { return std::uint64_t{size} + meta_size; }
};

// Which section of which blob: AES-GCM authenticates it.
enum class Section { kMeta, kValue };

// From the first bytes of a blob, at least 20 unless the whole blob is shorter.
Result<BlobHeader> parse_blob_header(BytesView first_bytes);

// Header and meta section: all of a blob but its value section. Binary values follow it raw.
Result<Bytes> encode_blob_head(const Value& meta, const Encoding& encoding,
                               const std::string& blob_name, const RandomSource& random);
// A whole blob.
Result<Bytes> encode_blob(const Value& meta, const Value& value, const Encoding& encoding,
                          const std::string& blob_name, const RandomSource& random);

// One section as it is stored, decrypted, decompressed and deserialized as the header says;
// `encoding` gives the key alone. `blob_name` is "<uuid>.ksv", whatever the backend's key.
Result<Value> decode_section(const BlobHeader& header, Section section, BytesView stored,
                             const Encoding& encoding, const std::string& blob_name);

// The meta section or the value section of a whole blob; kCorrupt when the blob is cut short.
Result<BytesView> blob_section(const BlobHeader& header, Section section, BytesView blob);

// The file name of a key: "<uuid5>.ksv" (hasch). kUsage for a value that konserve cannot use as
// key.
Result<std::string> blob_name_of(const Value& key);

}  // namespace ksv
