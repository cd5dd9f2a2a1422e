// Hashes, ciphers and key derivation on OpenSSL's libcrypto.
//
// SHA-2 uses the calls that OpenSSL 3 calls deprecated: they need no provider, whose loading would
// cost every start of the program about a millisecond. AES goes through EVP, which picks the
// processor's own instructions.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/crypto.h"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

#include "ksv/error.h"

namespace ksv {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kShortKeyBytes = 16;
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kShaBlockBytes = 64;

struct ContextFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextFree>;

Context new_context() {
  Context context(EVP_CIPHER_CTX_new());
  KSV_ASSERT(context != nullptr);
  return context;
}

// Runs `in` through the cipher and appends what comes out. OpenSSL counts in int.
bool update(EVP_CIPHER_CTX* context, Bytes& out, BytesView in) {
  constexpr std::size_t kPieceMax = std::size_t{1} << 29;
  while (!in.empty()) {
    const BytesView piece = in.first(std::min(in.size(), kPieceMax));
    const std::size_t before = out.size();
    out.resize(before + piece.size() + kBlockBytes);
    int written = 0;
    if (EVP_CipherUpdate(context, out.data() + before, &written, piece.data(),
                         static_cast<int>(piece.size())) != 1) {
      return false;
    }
    out.resize(before + static_cast<std::size_t>(written));
    in = in.subspan(piece.size());
  }
  return true;
}

bool finish(EVP_CIPHER_CTX* context, Bytes& out) {
  const std::size_t before = out.size();
  out.resize(before + kBlockBytes);
  int written = 0;
  if (EVP_CipherFinal_ex(context, out.data() + before, &written) != 1) return false;
  out.resize(before + static_cast<std::size_t>(written));
  return true;
}

bool associate(EVP_CIPHER_CTX* context, BytesView associated) {
  if (associated.empty()) return true;
  int written = 0;
  return EVP_CipherUpdate(context, nullptr, &written, associated.data(),
                          static_cast<int>(associated.size())) == 1;
}

std::optional<Bytes> cbc_decrypt(const EVP_CIPHER* kind, BytesView key, BytesView iv,
                                 BytesView cipher) {
  KSV_ASSERT(iv.size() == kBlockBytes);
  if (cipher.empty() || cipher.size() % kBlockBytes != 0) return std::nullopt;
  const Context context = new_context();
  KSV_ASSERT(EVP_CipherInit_ex(context.get(), kind, nullptr, key.data(), iv.data(), 0) == 1);
  Bytes out;
  if (!update(context.get(), out, cipher) || !finish(context.get(), out)) return std::nullopt;
  return out;
}

Bytes gcm_encrypt(const EVP_CIPHER* kind, BytesView key, BytesView nonce, BytesView associated,
                  BytesView plain) {
  KSV_ASSERT(nonce.size() == kNonceBytes);
  const Context context = new_context();
  Bytes out;
  std::array<std::uint8_t, kTagBytes> tag{};
  const bool done =
      EVP_CipherInit_ex(context.get(), kind, nullptr, key.data(), nonce.data(), 1) == 1 &&
      associate(context.get(), associated) && update(context.get(), out, plain) &&
      finish(context.get(), out) &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  KSV_ASSERT(done);
  append(out, tag);
  return out;
}

std::optional<Bytes> gcm_decrypt(const EVP_CIPHER* kind, BytesView key, BytesView nonce,
                                 BytesView associated, BytesView cipher_and_tag) {
  KSV_ASSERT(nonce.size() == kNonceBytes);
  if (cipher_and_tag.size() < kTagBytes) return std::nullopt;
  const BytesView cipher = cipher_and_tag.first(cipher_and_tag.size() - kTagBytes);
  Bytes tag = copy_of(cipher_and_tag.last(kTagBytes));
  const Context context = new_context();
  KSV_ASSERT(EVP_CipherInit_ex(context.get(), kind, nullptr, key.data(), nonce.data(), 0) == 1);
  Bytes out;
  if (!associate(context.get(), associated) || !update(context.get(), out, cipher) ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) != 1 ||
      !finish(context.get(), out)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

struct Sha256Stream::State {
  SHA256_CTX context{};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }
Sha256Stream::~Sha256Stream() = default;
void Sha256Stream::add(BytesView bytes) {
  SHA256_Update(&state_->context, bytes.data(), bytes.size());
}
Sha256Digest Sha256Stream::finish() {
  Sha256Digest digest{};
  SHA256_Final(digest.data(), &state_->context);
  return digest;
}

Md5Digest md5(BytesView bytes) {
  Md5Digest digest;
  MD5(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Sha1Digest sha1(BytesView bytes) {
  Sha1Digest digest{};
  SHA1(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Sha256Digest sha256(BytesView bytes) {
  SHA256_CTX context;
  Sha256Digest digest{};
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

Sha512Digest sha512(BytesView bytes) {
  SHA512_CTX context;
  Sha512Digest digest{};
  SHA512_Init(&context);
  SHA512_Update(&context, bytes.data(), bytes.size());
  SHA512_Final(digest.data(), &context);
  return digest;
}

// RFC 2104.
Sha256Digest hmac_sha256(BytesView key, BytesView message) {
  std::array<std::uint8_t, kShaBlockBytes> block{};
  if (key.size() > block.size()) {
    const Sha256Digest hashed = sha256(key);
    std::copy(hashed.begin(), hashed.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  std::array<std::uint8_t, kShaBlockBytes> inner = block;
  std::array<std::uint8_t, kShaBlockBytes> outer = block;
  for (std::uint8_t& byte : inner) byte ^= 0x36;
  for (std::uint8_t& byte : outer) byte ^= 0x5c;

  Sha256Stream first;
  first.add(inner);
  first.add(message);
  const Sha256Digest digest = first.finish();
  Sha256Stream second;
  second.add(outer);
  second.add(digest);
  return second.finish();
}

Bytes hkdf_sha256(BytesView key, BytesView salt, BytesView info, std::size_t length) {
  KSV_ASSERT(length <= 255 * sizeof(Sha256Digest));
  // An empty salt stands for a block of zeros, and HMAC pads its key with zeros anyway.
  const Sha256Digest extracted = hmac_sha256(salt, key);
  Bytes out;
  Bytes input;
  for (std::uint8_t counter = 1; out.size() < length; ++counter) {
    append(input, info);
    input.push_back(counter);
    const Sha256Digest part = hmac_sha256(extracted, input);
    append(out, BytesView(part).first(std::min(part.size(), length - out.size())));
    input.assign(part.begin(), part.end());
  }
  return out;
}

Bytes aes256_cbc_encrypt(BytesView key, BytesView iv, BytesView plain) {
  KSV_ASSERT(key.size() == kKeyBytes && iv.size() == kBlockBytes);
  const Context context = new_context();
  Bytes out;
  const bool done =
      EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), iv.data(), 1) == 1 &&
      update(context.get(), out, plain) && finish(context.get(), out);
  KSV_ASSERT(done);
  return out;
}

std::optional<Bytes> aes256_cbc_decrypt(BytesView key, BytesView iv, BytesView cipher) {
  KSV_ASSERT(key.size() == kKeyBytes);
  return cbc_decrypt(EVP_aes_256_cbc(), key, iv, cipher);
}

std::optional<Bytes> aes128_cbc_decrypt(BytesView key, BytesView iv, BytesView cipher) {
  KSV_ASSERT(key.size() == kShortKeyBytes);
  return cbc_decrypt(EVP_aes_128_cbc(), key, iv, cipher);
}

Bytes aes256_gcm_encrypt(BytesView key, BytesView nonce, BytesView associated, BytesView plain) {
  KSV_ASSERT(key.size() == kKeyBytes);
  return gcm_encrypt(EVP_aes_256_gcm(), key, nonce, associated, plain);
}

Bytes aes128_gcm_encrypt(BytesView key, BytesView nonce, BytesView plain) {
  KSV_ASSERT(key.size() == kShortKeyBytes);
  return gcm_encrypt(EVP_aes_128_gcm(), key, nonce, {}, plain);
}

std::optional<Bytes> aes256_gcm_decrypt(BytesView key, BytesView nonce, BytesView associated,
                                        BytesView cipher_and_tag) {
  KSV_ASSERT(key.size() == kKeyBytes);
  return gcm_decrypt(EVP_aes_256_gcm(), key, nonce, associated, cipher_and_tag);
}

std::optional<Bytes> aes128_gcm_decrypt(BytesView key, BytesView nonce, BytesView cipher_and_tag) {
  KSV_ASSERT(key.size() == kShortKeyBytes);
  return gcm_decrypt(EVP_aes_128_gcm(), key, nonce, {}, cipher_and_tag);
}

}  // namespace ksv
