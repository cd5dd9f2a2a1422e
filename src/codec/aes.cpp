// konserve's two encryptions: AES-CBC with keys from hasch, AES-GCM with keys from HKDF
// (doc/format: konserve blobs).
#include <algorithm>

#include "base/ciphers.h"
#include "base/crypto.h"
#include "base/hex.h"
#include "codec/filters.h"
#include "codec/hasch.h"

namespace ksv {

namespace {

constexpr std::size_t kKeyBytes = 32;

constexpr std::size_t kCbcSaltBytes = 64;
constexpr std::size_t kCbcBlockBytes = 16;

constexpr std::size_t kGcmSaltBytes = 32;
constexpr std::size_t kGcmNonceBytes = 12;
constexpr std::size_t kGcmTagBytes = 16;

Error not_decrypted() {
  return Error(ErrorCode::kCorrupt, "cannot be decrypted with the configured key (or is damaged)");
}

// The hash of [purpose salt key]; the salt's bytes count as signed, and as a list.
Result<Sha512Digest> derived(std::string_view purpose, BytesView salt, const Value& key) {
  Values signed_bytes;
  signed_bytes.reserve(salt.size());
  for (const std::uint8_t byte : salt) {
    signed_bytes.push_back(Value::integer(static_cast<std::int8_t>(byte)));
  }
  return hasch(Value::vector(
      {Value::string(std::string(purpose)), Value::list(std::move(signed_bytes)), key}));
}

struct CbcKeys {
  Bytes key;
  Bytes initial_vector;
};

Result<CbcKeys> cbc_keys(BytesView salt, const Value& key) {
  const Sha512Digest key_hash = KSV_TRY(derived("key", salt, key));
  const Sha512Digest vector_hash = KSV_TRY(derived("initial-value", salt, key));
  return CbcKeys{.key = copy_of(BytesView(key_hash).first(kKeyBytes)),
                 .initial_vector = copy_of(BytesView(vector_hash).first(kCbcBlockBytes))};
}

// The master key: 32 bytes, or as many in hexadecimal.
Result<Bytes> gcm_master_key(const Value& key) {
  if (key.is(Kind::kBytes) && key.as_bytes().size() == kKeyBytes) return key.as_bytes();
  if (key.is(Kind::kString)) {
    std::optional<Bytes> bytes = from_hex(key.as_string());
    if (bytes && bytes->size() == kKeyBytes) return *std::move(bytes);
  }
  return Error(ErrorCode::kUsage, "a key for AES-GCM is 32 bytes, or 64 hexadecimal digits");
}

Result<Bytes> gcm_section_key(BytesView salt, const Value& key) {
  const Bytes master = KSV_TRY(gcm_master_key(key));
  return hkdf_sha256(master, salt, bytes_of("konserve-aes-gcm-v1"), kKeyBytes);
}

}  // namespace

Result<Bytes> aes_cbc_seal(BytesView plain, const Value& key, const RandomSource& random) {
  KSV_CHECK(check_ciphers());
  Bytes sealed(kCbcSaltBytes);
  random(sealed);
  const CbcKeys keys = KSV_TRY(cbc_keys(sealed, key));
  append(sealed, aes256_cbc_encrypt(keys.key, keys.initial_vector, plain));
  return sealed;
}

Result<Bytes> aes_cbc_open(BytesView sealed, const Value& key) {
  KSV_CHECK(check_ciphers());
  if (sealed.size() < kCbcSaltBytes + kCbcBlockBytes || sealed.size() % kCbcBlockBytes != 0) {
    return Error(ErrorCode::kCorrupt, "an encrypted section is cut short");
  }
  const CbcKeys keys = KSV_TRY(cbc_keys(sealed.first(kCbcSaltBytes), key));
  std::optional<Bytes> plain =
      aes256_cbc_decrypt(keys.key, keys.initial_vector, sealed.subspan(kCbcSaltBytes));
  if (!plain) return not_decrypted();
  return *std::move(plain);
}

Result<Bytes> aes_gcm_seal(BytesView plain, const Value& key, std::string_view associated,
                           const RandomSource& random) {
  KSV_CHECK(check_ciphers());
  Bytes sealed(kGcmSaltBytes + kGcmNonceBytes);
  random(sealed);
  const BytesView salt = BytesView(sealed).first(kGcmSaltBytes);
  const BytesView nonce = BytesView(sealed).subspan(kGcmSaltBytes);
  const Bytes section_key = KSV_TRY(gcm_section_key(salt, key));
  const Bytes cipher = aes256_gcm_encrypt(section_key, nonce, bytes_of(associated), plain);
  append(sealed, cipher);
  return sealed;
}

Result<Bytes> aes_gcm_open(BytesView sealed, const Value& key, std::string_view associated) {
  KSV_CHECK(check_ciphers());
  if (sealed.size() < kGcmSaltBytes + kGcmNonceBytes + kGcmTagBytes) {
    return Error(ErrorCode::kCorrupt, "an encrypted section is cut short");
  }
  const Bytes section_key = KSV_TRY(gcm_section_key(sealed.first(kGcmSaltBytes), key));
  std::optional<Bytes> plain =
      aes256_gcm_decrypt(section_key, sealed.subspan(kGcmSaltBytes, kGcmNonceBytes),
                         bytes_of(associated), sealed.subspan(kGcmSaltBytes + kGcmNonceBytes));
  if (!plain) return not_decrypted();
  return *std::move(plain);
}

}  // namespace ksv
