// Hashes and key derivation, on OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "ksv/bytes.h"

namespace ksv {

using Md5Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;
using Sha512Digest = std::array<std::uint8_t, 64>;

// No protection against anybody: for Content-MD5, which S3 asks of some requests.
Md5Digest md5(BytesView bytes);
// No protection against anybody: AWS names the files of its login cache by it.
Sha1Digest sha1(BytesView bytes);
Sha256Digest sha256(BytesView bytes);
Sha512Digest sha512(BytesView bytes);
Sha256Digest hmac_sha256(BytesView key, BytesView message);
// RFC 5869 with SHA-256; `length` at most 8160 bytes.
Bytes hkdf_sha256(BytesView key, BytesView salt, BytesView info, std::size_t length);

// A SHA-256 over bytes that come in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void add(BytesView bytes);
  Sha256Digest finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ksv
