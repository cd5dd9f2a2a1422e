// Loading OpenSSL's ciphers.
#include "base/cipher_library.h"

#include <optional>

#ifndef KSV_STATIC_CIPHERS
#include <dlfcn.h>
#endif

namespace ksv {
namespace {

#ifdef KSV_STATIC_CIPHERS

std::optional<CipherLibrary> find_functions() {
  return CipherLibrary{
      .context_new = &::EVP_CIPHER_CTX_new,
      .context_free = &::EVP_CIPHER_CTX_free,
      .control = &::EVP_CIPHER_CTX_ctrl,
      .begin = &::EVP_CipherInit_ex,
      .update = &::EVP_CipherUpdate,
      .finish = &::EVP_CipherFinal_ex,
      .aes128_cbc = &::EVP_aes_128_cbc,
      .aes256_cbc = &::EVP_aes_256_cbc,
      .aes128_gcm = &::EVP_aes_128_gcm,
      .aes256_gcm = &::EVP_aes_256_gcm,
  };
}

#else

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<CipherLibrary> find_functions() {
  // Its name says the version of the interface.
  void* library = dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  CipherLibrary ciphers;
  const bool complete = find(library, "EVP_CIPHER_CTX_new", ciphers.context_new) &&
                        find(library, "EVP_CIPHER_CTX_free", ciphers.context_free) &&
                        find(library, "EVP_CIPHER_CTX_ctrl", ciphers.control) &&
                        find(library, "EVP_CipherInit_ex", ciphers.begin) &&
                        find(library, "EVP_CipherUpdate", ciphers.update) &&
                        find(library, "EVP_CipherFinal_ex", ciphers.finish) &&
                        find(library, "EVP_aes_128_cbc", ciphers.aes128_cbc) &&
                        find(library, "EVP_aes_256_cbc", ciphers.aes256_cbc) &&
                        find(library, "EVP_aes_128_gcm", ciphers.aes128_gcm) &&
                        find(library, "EVP_aes_256_gcm", ciphers.aes256_gcm);
  if (!complete) return std::nullopt;
  return ciphers;
}

#endif

}  // namespace

const CipherLibrary* cipher_library() {
  static const std::optional<CipherLibrary> kLibrary = find_functions();
  return kLibrary ? &*kLibrary : nullptr;
}

}  // namespace ksv
