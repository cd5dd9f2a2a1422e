// AES, on OpenSSL.
#pragma once

#include <optional>

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv {

// To be asked before one of the others is called: kUnavailable, with the package that is missing,
// where the library of ciphers is not installed.
Status check_ciphers();

// AES-256-CBC with PKCS#7 padding. Decryption gives nothing when the padding is wrong.
Bytes aes256_cbc_encrypt(BytesView key, BytesView iv, BytesView plain);
std::optional<Bytes> aes256_cbc_decrypt(BytesView key, BytesView iv, BytesView cipher);

// AES-256-GCM, 12-byte nonce, 16-byte tag appended to the ciphertext. Decryption gives nothing when
// the tag does not match.
Bytes aes256_gcm_encrypt(BytesView key, BytesView nonce, BytesView associated, BytesView plain);
std::optional<Bytes> aes256_gcm_decrypt(BytesView key, BytesView nonce, BytesView associated,
                                        BytesView cipher_and_tag);

// The same with keys of 16 bytes, as Nippy has them.
std::optional<Bytes> aes128_cbc_decrypt(BytesView key, BytesView iv, BytesView cipher);
Bytes aes128_gcm_encrypt(BytesView key, BytesView nonce, BytesView plain);
std::optional<Bytes> aes128_gcm_decrypt(BytesView key, BytesView nonce, BytesView cipher_and_tag);

}  // namespace ksv
