// Ciphers on OpenSSL's EVP, which picks the processor's own instructions.
#include "base/ciphers.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/cipher_library.h"

namespace ksv {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kShortKeyBytes = 16;
constexpr std::size_t kBlockBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

const CipherLibrary& library() {
  const CipherLibrary* found = cipher_library();
  KSV_ASSERT(found != nullptr);
  return *found;
}

struct ContextFree {
  void operator()(EVP_CIPHER_CTX* context) const { library().context_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextFree>;

Context new_context() {
  Context context(library().context_new());
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
    if (library().update(context, out.data() + before, &written, piece.data(),
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
  if (library().finish(context, out.data() + before, &written) != 1) return false;
  out.resize(before + static_cast<std::size_t>(written));
  return true;
}

bool associate(EVP_CIPHER_CTX* context, BytesView associated) {
  if (associated.empty()) return true;
  int written = 0;
  return library().update(context, nullptr, &written, associated.data(),
                          static_cast<int>(associated.size())) == 1;
}

std::optional<Bytes> cbc_decrypt(const EVP_CIPHER* kind, BytesView key, BytesView iv,
                                 BytesView cipher) {
  KSV_ASSERT(iv.size() == kBlockBytes);
  if (cipher.empty() || cipher.size() % kBlockBytes != 0) return std::nullopt;
  const Context context = new_context();
  KSV_ASSERT(library().begin(context.get(), kind, nullptr, key.data(), iv.data(), 0) == 1);
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
      library().begin(context.get(), kind, nullptr, key.data(), nonce.data(), 1) == 1 &&
      associate(context.get(), associated) && update(context.get(), out, plain) &&
      finish(context.get(), out) &&
      library().control(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
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
  KSV_ASSERT(library().begin(context.get(), kind, nullptr, key.data(), nonce.data(), 0) == 1);
  Bytes out;
  if (!associate(context.get(), associated) || !update(context.get(), out, cipher) ||
      library().control(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) != 1 ||
      !finish(context.get(), out)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace

Status check_ciphers() {
  if (cipher_library() != nullptr) return ok();
  return Error(ErrorCode::kUnavailable,
               "what is encrypted needs libcrypto.so.3 of OpenSSL 3: the package is called libssl3 "
               "on Debian and Ubuntu, openssl-libs or libcrypto3 elsewhere");
}

Bytes aes256_cbc_encrypt(BytesView key, BytesView iv, BytesView plain) {
  KSV_ASSERT(key.size() == kKeyBytes && iv.size() == kBlockBytes);
  const Context context = new_context();
  Bytes out;
  const bool done = library().begin(context.get(), library().aes256_cbc(), nullptr, key.data(),
                                    iv.data(), 1) == 1 &&
                    update(context.get(), out, plain) && finish(context.get(), out);
  KSV_ASSERT(done);
  return out;
}

std::optional<Bytes> aes256_cbc_decrypt(BytesView key, BytesView iv, BytesView cipher) {
  KSV_ASSERT(key.size() == kKeyBytes);
  return cbc_decrypt(library().aes256_cbc(), key, iv, cipher);
}

std::optional<Bytes> aes128_cbc_decrypt(BytesView key, BytesView iv, BytesView cipher) {
  KSV_ASSERT(key.size() == kShortKeyBytes);
  return cbc_decrypt(library().aes128_cbc(), key, iv, cipher);
}

Bytes aes256_gcm_encrypt(BytesView key, BytesView nonce, BytesView associated, BytesView plain) {
  KSV_ASSERT(key.size() == kKeyBytes);
  return gcm_encrypt(library().aes256_gcm(), key, nonce, associated, plain);
}

Bytes aes128_gcm_encrypt(BytesView key, BytesView nonce, BytesView plain) {
  KSV_ASSERT(key.size() == kShortKeyBytes);
  return gcm_encrypt(library().aes128_gcm(), key, nonce, {}, plain);
}

std::optional<Bytes> aes256_gcm_decrypt(BytesView key, BytesView nonce, BytesView associated,
                                        BytesView cipher_and_tag) {
  KSV_ASSERT(key.size() == kKeyBytes);
  return gcm_decrypt(library().aes256_gcm(), key, nonce, associated, cipher_and_tag);
}

std::optional<Bytes> aes128_gcm_decrypt(BytesView key, BytesView nonce, BytesView cipher_and_tag) {
  KSV_ASSERT(key.size() == kShortKeyBytes);
  return gcm_decrypt(library().aes128_gcm(), key, nonce, {}, cipher_and_tag);
}

}  // namespace ksv
