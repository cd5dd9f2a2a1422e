// Hashes and key derivation on OpenSSL's libcrypto.
//
// By the calls that OpenSSL 3 calls deprecated, and by those alone: they need no provider, whose
// loading would cost every start of the program about a millisecond, and whose tables, linked in,
// another third of one.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/crypto.h"

#include <algorithm>
#include <openssl/md5.h>
#include <openssl/sha.h>

#include "ksv/error.h"

namespace ksv {
namespace {

constexpr std::size_t kShaBlockBytes = 64;

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
  MD5_CTX context;
  Md5Digest digest{};
  MD5_Init(&context);
  MD5_Update(&context, bytes.data(), bytes.size());
  MD5_Final(digest.data(), &context);
  return digest;
}

Sha1Digest sha1(BytesView bytes) {
  SHA_CTX context;
  Sha1Digest digest{};
  SHA1_Init(&context);
  SHA1_Update(&context, bytes.data(), bytes.size());
  SHA1_Final(digest.data(), &context);
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

}  // namespace ksv
