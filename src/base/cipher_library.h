// The one place where OpenSSL's ciphers are loaded: linked, or found when one is first used.
#pragma once

#include <openssl/evp.h>

namespace ksv {

// The ciphers bring the tables of all of OpenSSL's algorithms along, which a linked program pays
// for at each start, though few stores are encrypted. So the ordinary build loads the system's
// libcrypto when it is first needed; with KSV_STATIC_CIPHERS defined the functions are linked ones.
struct CipherLibrary {
  decltype(&::EVP_CIPHER_CTX_new) context_new = nullptr;
  decltype(&::EVP_CIPHER_CTX_free) context_free = nullptr;
  decltype(&::EVP_CIPHER_CTX_ctrl) control = nullptr;
  decltype(&::EVP_CipherInit_ex) begin = nullptr;
  decltype(&::EVP_CipherUpdate) update = nullptr;
  decltype(&::EVP_CipherFinal_ex) finish = nullptr;
  decltype(&::EVP_aes_128_cbc) aes128_cbc = nullptr;
  decltype(&::EVP_aes_256_cbc) aes256_cbc = nullptr;
  decltype(&::EVP_aes_128_gcm) aes128_gcm = nullptr;
  decltype(&::EVP_aes_256_gcm) aes256_gcm = nullptr;
};

// Stays loaded; nullptr where it is not installed. Safe to call from several threads.
const CipherLibrary* cipher_library();

}  // namespace ksv
