// konserve's blobs: a header, a meta section, a value section (doc/format: konserve blobs).
#include <algorithm>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/hex.h"
#include "codec/cbor.h"
#include "codec/edn.h"
#include "codec/filters.h"
#include "codec/fressian.h"
#include "codec/hasch.h"

namespace ksv {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 20;
constexpr std::size_t kShortHeaderBytes = 8;
constexpr std::size_t kMetaSizeAt = 4;

// What a section may grow by on disk: salt, padding, and the frames of data that does not shrink.
constexpr std::size_t kPackingBytesMax = std::size_t{1} << 20;

std::size_t bytes_max(Section section) {
  return section == Section::kMeta ? limits::kMetaBytesMax : limits::kValueBytesMax;
}

std::string_view name_of(Section section) { return section == Section::kMeta ? "meta" : "value"; }

template <typename Id>
Result<Id> known_id(std::uint8_t number, Id last, std::string_view what) {
  if (number <= static_cast<std::uint8_t>(last)) return static_cast<Id>(number);
  return Error(ErrorCode::kUnsupported, fmt::format("{} {} is unknown", what, number));
}

// Early ClojureScript wrote the size as one byte, at the first of the four places. Read plainly
// that would be 16 MiB or more, past any real meta section.
std::uint32_t meta_size_of(BytesView header) {
  const BytesView place = header.subspan(kMetaSizeAt, 4);
  std::uint32_t size = 0;
  for (const std::uint8_t byte : place) size = size << 8 | byte;
  const bool is_one_byte = place[0] != 0 && (size & 0x00ffffff) == 0;
  return is_one_byte ? place[0] : size;
}

Result<Bytes> serialize(const Value& value, SerializerId serializer) {
  switch (serializer) {
    case SerializerId::kFressian: return write_fressian(value);
    case SerializerId::kBoring: return write_boring(value);
    case SerializerId::kString:
    case SerializerId::kCljCbor: break;
  }
  const std::string_view name =
      serializer == SerializerId::kString ? "StringSerializer" : "CBORSerializer";
  return Error(ErrorCode::kUnsupported,
               fmt::format("ksv reads {} blobs but does not write them", name))
      .with_hint("Set the store's serializer to FressianSerializer or BoringSerializer.");
}

Result<Value> deserialize(BytesView bytes, SerializerId serializer) {
  switch (serializer) {
    case SerializerId::kFressian: return read_fressian(bytes);
    case SerializerId::kCljCbor: return read_clj_cbor(bytes);
    case SerializerId::kBoring: return read_boring(bytes);
    case SerializerId::kString: break;
  }
  Result<Value> value = read_edn(text_of(bytes));
  // A mistake in a stored text is damage, not misuse.
  if (!value) return Error(ErrorCode::kCorrupt, value.error().message());
  return value;
}

Bytes compress(Bytes bytes, CompressorId compressor) {
  switch (compressor) {
    case CompressorId::kNone: break;
    case CompressorId::kLz4: return lz4_compress(bytes);
    case CompressorId::kZstd: return zstd_compress(bytes);
  }
  return bytes;
}

// What AES-GCM authenticates besides the section: where it belongs.
std::string place_of(Section section, const std::string& blob_name) {
  return fmt::format("konserve|{}|{}|{}", kVersion, blob_name, name_of(section));
}

Result<Bytes> encode_section(const Value& content, Section section, const Encoding& encoding,
                             const std::string& blob_name, const RandomSource& random) {
  Bytes bytes = KSV_TRY(serialize(content, encoding.serializer));
  if (bytes.size() > bytes_max(section)) {
    return Error(ErrorCode::kUsage,
                 fmt::format("the {} takes {} bytes; at most {} are allowed", name_of(section),
                             bytes.size(), bytes_max(section)));
  }
  bytes = compress(std::move(bytes), encoding.compressor);
  if (encoding.encryptor == EncryptorId::kNone) return bytes;
  if (!encoding.key)
    return Error(ErrorCode::kUsage, "the store is encrypted and no key is configured");
  if (encoding.encryptor == EncryptorId::kAesCbc) return aes_cbc_seal(bytes, *encoding.key, random);
  return aes_gcm_seal(bytes, *encoding.key, place_of(section, blob_name), random);
}

Result<Bytes> decrypt(BytesView stored, const BlobHeader& header, Section section,
                      const Encoding& encoding, const std::string& blob_name) {
  if (!encoding.key)
    return Error(ErrorCode::kUnsupported, "the blob is encrypted and no key is configured");
  if (header.encryptor == EncryptorId::kAesCbc) return aes_cbc_open(stored, *encoding.key);
  return aes_gcm_open(stored, *encoding.key, place_of(section, blob_name));
}

// Decompressed and deserialized.
Result<Value> unpack(BytesView packed, const BlobHeader& header, Section section) {
  switch (header.compressor) {
    case CompressorId::kNone: break;
    case CompressorId::kLz4: {
      const Bytes bytes = KSV_TRY(lz4_decompress(packed, bytes_max(section)));
      return deserialize(bytes, header.serializer);
    }
    case CompressorId::kZstd: {
      const Bytes bytes = KSV_TRY(zstd_decompress(packed, bytes_max(section)));
      return deserialize(bytes, header.serializer);
    }
  }
  return deserialize(packed, header.serializer);
}

}  // namespace

Result<BlobHeader> parse_blob_header(BytesView first_bytes) {
  if (first_bytes.size() < kShortHeaderBytes) {
    return Error(ErrorCode::kCorrupt,
                 fmt::format("a blob of {} bytes is too short for a header", first_bytes.size()))
        .with_hint("A write was cut off here; writing the key again repairs it.");
  }
  if (first_bytes[0] != kVersion) {
    return Error(ErrorCode::kUnsupported, fmt::format("konserve version {}", first_bytes[0]));
  }
  BlobHeader header;
  header.serializer = KSV_TRY(known_id(first_bytes[1], SerializerId::kBoring, "serializer"));
  header.compressor = KSV_TRY(known_id(first_bytes[2], CompressorId::kZstd, "compressor"));
  header.encryptor = KSV_TRY(known_id(first_bytes[3], EncryptorId::kAesGcm, "encryptor"));
  header.meta_size = meta_size_of(first_bytes);
  const BytesView padding =
      first_bytes.first(std::min(first_bytes.size(), kHeaderBytes)).subspan(kShortHeaderBytes);
  const bool is_short =
      std::any_of(padding.begin(), padding.end(), [](std::uint8_t byte) { return byte != 0; });
  if (is_short) {
    header.size = kShortHeaderBytes;
  } else if (first_bytes.size() < kHeaderBytes) {
    return Error(ErrorCode::kCorrupt,
                 fmt::format("a blob of {} bytes is too short for a header", first_bytes.size()));
  }
  if (header.meta_size > limits::kMetaBytesMax) {
    return Error(ErrorCode::kCorrupt,
                 fmt::format("the header claims a meta section of {} bytes", header.meta_size));
  }
  return header;
}

Result<Bytes> encode_blob_head(const Value& meta, const Encoding& encoding,
                               const std::string& blob_name, const RandomSource& random) {
  const Bytes section = KSV_TRY(encode_section(meta, Section::kMeta, encoding, blob_name, random));
  if (section.size() > limits::kMetaBytesMax) {
    return Error(ErrorCode::kUsage, fmt::format("the meta takes {} bytes; at most {} are allowed",
                                                section.size(), limits::kMetaBytesMax));
  }
  Bytes head = {kVersion, static_cast<std::uint8_t>(encoding.serializer),
                static_cast<std::uint8_t>(encoding.compressor),
                static_cast<std::uint8_t>(encoding.encryptor)};
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    head.push_back(static_cast<std::uint8_t>(section.size() >> (shift - 8)));
  }
  head.resize(kHeaderBytes, 0);
  append(head, section);
  return head;
}

Result<Bytes> encode_blob(const Value& meta, const Value& value, const Encoding& encoding,
                          const std::string& blob_name, const RandomSource& random) {
  Bytes blob = KSV_TRY(encode_blob_head(meta, encoding, blob_name, random));
  const Bytes section =
      KSV_TRY(encode_section(value, Section::kValue, encoding, blob_name, random));
  append(blob, section);
  return blob;
}

Result<Value> decode_section(const BlobHeader& header, Section section, BytesView stored,
                             const Encoding& encoding, const std::string& blob_name) {
  if (stored.size() > bytes_max(section) + kPackingBytesMax) {
    return Error(ErrorCode::kCorrupt,
                 fmt::format("a {} section of {} bytes", name_of(section), stored.size()));
  }
  if (header.encryptor == EncryptorId::kNone) return unpack(stored, header, section);
  const Bytes plain = KSV_TRY(decrypt(stored, header, section, encoding, blob_name));
  Result<Value> value = unpack(plain, header, section);
  // AES-CBC does not authenticate: a wrong key may give bytes, which then mean nothing.
  if (!value && header.encryptor == EncryptorId::kAesCbc) {
    return Error(
        ErrorCode::kCorrupt,
        "cannot be decrypted with the configured key (or is damaged): " + value.error().message());
  }
  return value;
}

Result<BytesView> blob_section(const BlobHeader& header, Section section, BytesView blob) {
  if (header.value_offset() > blob.size()) {
    return Error(ErrorCode::kCorrupt, fmt::format("the blob is cut short: {} bytes of at least {}",
                                                  blob.size(), header.value_offset()));
  }
  const auto value_at = static_cast<std::size_t>(header.value_offset());
  if (section == Section::kMeta) return blob.subspan(header.size, header.meta_size);
  return blob.subspan(value_at);
}

Result<std::string> blob_name_of(const Value& key) {
  const Sha512Digest hash = KSV_TRY(hasch(key));
  return uuid_text(hasch_uuid(hash)) + ".ksv";
}

}  // namespace ksv
