// What is around the value that Nippy freezes: compression and encryption, and the flag that tells
// which (doc/format: Nippy).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ksv/bytes.h"
#include "ksv/result.h"

#include "codec/nippy.h"

namespace ksv::nippy {

enum class Encryptor : std::uint8_t { kNone, kAesCbc, kAesGcm };

struct Envelope {
  Compressor compressor = Compressor::kNone;
  Encryptor encryptor = Encryptor::kNone;
};

// The fourth byte of a header. kUnsupported for a user's own compressor or encryptor, and for what
// Nippy does not know.
Result<Envelope> envelope_of_flag(std::uint8_t flag);
std::uint8_t flag_of(const Envelope& envelope);

Bytes compress(Compressor compressor, BytesView bytes);
Result<Bytes> decompress(Compressor compressor, BytesView bytes);

// With a key made of the password, and AES-GCM.
Result<Bytes> seal(BytesView plain, std::string_view password, PasswordMode mode,
                   const RandomSource& random);
// kCorrupt for another password, mode, or damaged bytes.
Result<Bytes> open_sealed(Encryptor encryptor, BytesView sealed, std::string_view password,
                          PasswordMode mode);

}  // namespace ksv::nippy
