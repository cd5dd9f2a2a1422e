// Nippy's flags, compressors, and encryption with a password.
#include "codec/nippy_envelope.h"

#include <algorithm>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/ciphers.h"
#include "base/crypto.h"
#include "codec/filters.h"
#include "codec/snappy.h"

namespace ksv::nippy {
namespace {

struct Flag {
  std::uint8_t flag;
  Compressor compressor;
  Encryptor encryptor;
};

constexpr Flag kFlags[] = {
    {0, Compressor::kNone, Encryptor::kNone},     {2, Compressor::kNone, Encryptor::kAesCbc},
    {14, Compressor::kNone, Encryptor::kAesGcm},  {1, Compressor::kSnappy, Encryptor::kNone},
    {3, Compressor::kSnappy, Encryptor::kAesCbc}, {15, Compressor::kSnappy, Encryptor::kAesGcm},
    {8, Compressor::kLz4, Encryptor::kNone},      {9, Compressor::kLz4, Encryptor::kAesCbc},
    {16, Compressor::kLz4, Encryptor::kAesGcm},   {11, Compressor::kLzma2, Encryptor::kNone},
    {12, Compressor::kLzma2, Encryptor::kAesCbc}, {17, Compressor::kLzma2, Encryptor::kAesGcm},
    {20, Compressor::kZstd, Encryptor::kNone},    {21, Compressor::kZstd, Encryptor::kAesCbc},
    {22, Compressor::kZstd, Encryptor::kAesGcm},
};

// A compressor, an encryptor, or both, that Nippy does not bring along.
constexpr std::uint8_t kForeignFlags[] = {4, 5, 6, 7, 10, 13, 18, 19, 23};

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kVectorBytes = 16;
constexpr std::size_t kKeyBytes = 16;
constexpr int kRoundsSalted = 32767 * 5;
constexpr int kRoundsCached = 32767 * 64;

// SHA-512 again and again, its first bytes being the key.
Bytes key_of(std::string_view password, BytesView salt, PasswordMode mode) {
  Bytes start;
  start.reserve(salt.size() + password.size());
  append(start, salt);
  append(start, bytes_of(password));
  Sha512Digest digest = sha512(start);
  const int rounds = mode == PasswordMode::kSalted ? kRoundsSalted : kRoundsCached;
  for (int round = 1; round < rounds; ++round) digest = sha512(digest);
  return copy_of(BytesView(digest).first(kKeyBytes));
}

Bytes with_length(std::size_t length, BytesView packed) {
  Bytes bytes;
  bytes.reserve(4 + packed.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(length >> shift));
  }
  append(bytes, packed);
  return bytes;
}

}  // namespace

Result<Envelope> envelope_of_flag(std::uint8_t flag) {
  for (const Flag& known : kFlags) {
    if (known.flag == flag) {
      return Envelope{.compressor = known.compressor, .encryptor = known.encryptor};
    }
  }
  const bool is_foreign = std::find(std::begin(kForeignFlags), std::end(kForeignFlags), flag) !=
                          std::end(kForeignFlags);
  if (is_foreign) {
    return Error(
        ErrorCode::kUnsupported,
        fmt::format("Nippy: compressed or encrypted in a way of the user's own (flag {})", flag));
  }
  return Error(ErrorCode::kUnsupported,
               fmt::format("Nippy: unknown flag {} in the header, perhaps of a newer Nippy", flag));
}

std::uint8_t flag_of(const Envelope& envelope) {
  for (const Flag& known : kFlags) {
    if (known.compressor == envelope.compressor && known.encryptor == envelope.encryptor) {
      return known.flag;
    }
  }
  KSV_ASSERT(false);
}

Bytes compress(Compressor compressor, BytesView bytes) {
  switch (compressor) {
    case Compressor::kNone: break;
    case Compressor::kSnappy: return snappy_compress(bytes);
    case Compressor::kLz4: return with_length(bytes.size(), lz4_block_compress(bytes));
    case Compressor::kLzma2: return with_length(bytes.size(), xz_compress(bytes));
    case Compressor::kZstd: return zstd_compress_sized(bytes);
  }
  return copy_of(bytes);
}

Result<Bytes> decompress(Compressor compressor, BytesView bytes) {
  switch (compressor) {
    case Compressor::kNone: return copy_of(bytes);
    case Compressor::kSnappy: return snappy_decompress(bytes, limits::kValueBytesMax);
    case Compressor::kZstd: return zstd_decompress(bytes, limits::kValueBytesMax);
    default: break;
  }
  if (bytes.size() < kLengthBytes) {
    return Error(ErrorCode::kCorrupt, "damaged compressed data: it is cut short");
  }
  std::size_t length = 0;
  for (const std::uint8_t byte : bytes.first(kLengthBytes)) length = length << 8 | byte;
  if (length > limits::kValueBytesMax) {
    return Error(ErrorCode::kCorrupt,
                 fmt::format("damaged compressed data: it unpacks to {} bytes", length));
  }
  const BytesView packed = bytes.subspan(kLengthBytes);
  return compressor == Compressor::kLz4 ? lz4_block_decompress(packed, length)
                                        : xz_decompress(packed, length);
}

Result<Bytes> seal(BytesView plain, std::string_view password, PasswordMode mode,
                   const RandomSource& random) {
  KSV_CHECK(check_ciphers());
  Bytes start(kNonceBytes + (mode == PasswordMode::kSalted ? kSaltBytes : 0));
  random(start);
  const BytesView nonce = BytesView(start).first(kNonceBytes);
  const Bytes key = key_of(password, BytesView(start).subspan(kNonceBytes), mode);
  const Bytes cipher = aes128_gcm_encrypt(key, nonce, plain);
  Bytes sealed;
  sealed.reserve(start.size() + cipher.size());
  append(sealed, start);
  append(sealed, cipher);
  return sealed;
}

Result<Bytes> open_sealed(Encryptor encryptor, BytesView sealed, std::string_view password,
                          PasswordMode mode) {
  KSV_CHECK(check_ciphers());
  const bool is_gcm = encryptor == Encryptor::kAesGcm;
  const std::size_t vector_bytes = is_gcm ? kNonceBytes : kVectorBytes;
  const std::size_t salt_bytes = mode == PasswordMode::kSalted ? kSaltBytes : 0;
  if (sealed.size() < vector_bytes + salt_bytes + kVectorBytes) {
    return Error(ErrorCode::kCorrupt, "Nippy: what is encrypted is cut short");
  }
  const BytesView vector = sealed.first(vector_bytes);
  const BytesView cipher = sealed.subspan(vector_bytes + salt_bytes);
  const Bytes key = key_of(password, sealed.subspan(vector_bytes, salt_bytes), mode);
  std::optional<Bytes> plain =
      is_gcm ? aes128_gcm_decrypt(key, vector, cipher) : aes128_cbc_decrypt(key, vector, cipher);
  if (!plain) {
    return Error(ErrorCode::kCorrupt,
                 "Nippy: cannot be decrypted with this password (or is damaged)");
  }
  return *std::move(plain);
}

}  // namespace ksv::nippy
