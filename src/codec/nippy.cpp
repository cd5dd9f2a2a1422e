// Freezing and thawing: the header, and what it says is around the value.
#include "codec/nippy.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "codec/nippy_dict.h"
#include "codec/nippy_envelope.h"
#include "codec/nippy_reader.h"
#include "codec/nippy_writer.h"

namespace ksv::nippy {
namespace {

constexpr std::array<std::uint8_t, 3> kMagic = {'N', 'P', 'Y'};
constexpr std::size_t kHeaderBytes = 4;

// Above so many bytes Nippy compresses, whether they shrink or not.
constexpr std::size_t kPlainBytesMax = 8192;

Result<Value> read_plain(BytesView bytes, const ThawOptions& options, bool to_the_end) {
  Reader reader(bytes, options.shared_dict ? &*options.shared_dict : nullptr);
  Value value = KSV_TRY(reader.read_one());
  if (to_the_end && !reader.at_end()) {
    return Error(ErrorCode::kCorrupt,
                 "Nippy: cannot be decrypted with this password (or is damaged)");
  }
  return value;
}

// Another key leaves garbage which, without the tag that GCM has, may look like a small value with
// more behind it: such is refused.
Result<Value> thaw_sealed(const Envelope& envelope, BytesView sealed, const ThawOptions& options,
                          PasswordMode mode) {
  Bytes bytes = KSV_TRY(open_sealed(envelope.encryptor, sealed, options.password->text, mode));
  if (envelope.compressor != Compressor::kNone) {
    bytes = KSV_TRY(decompress(envelope.compressor, bytes));
  }
  return read_plain(bytes, options, envelope.encryptor == Encryptor::kAesCbc);
}

Result<Value> thaw_encrypted(const Envelope& envelope, BytesView sealed,
                             const ThawOptions& options) {
  if (!options.password) {
    return Error(ErrorCode::kDenied, "Nippy: encrypted, and no password was given");
  }
  if (options.password->mode) {
    return thaw_sealed(envelope, sealed, options, *options.password->mode);
  }
  // The cheaper key first.
  Result<Value> value = thaw_sealed(envelope, sealed, options, PasswordMode::kSalted);
  if (value.has_value()) return value;
  Result<Value> other = thaw_sealed(envelope, sealed, options, PasswordMode::kCached);
  return other.has_value() ? std::move(other) : std::move(value);
}

}  // namespace

bool is_frozen(BytesView bytes) {
  return bytes.size() > kHeaderBytes && std::equal(kMagic.begin(), kMagic.end(), bytes.begin());
}

Result<Value> thaw(BytesView bytes, const ThawOptions& options) {
  if (options.shared_dict) KSV_CHECK(check_dict(*options.shared_dict));
  if (options.without_header) return read_plain(bytes, options, false);
  if (!is_frozen(bytes)) {
    return Error(ErrorCode::kCorrupt,
                 "Nippy: no frozen bytes, or cut short: they do not begin "
                 "with NPY, a flag and a value");
  }
  const Envelope envelope = KSV_TRY(envelope_of_flag(bytes[kMagic.size()]));
  const BytesView data = bytes.subspan(kHeaderBytes);
  if (envelope.encryptor != Encryptor::kNone) return thaw_encrypted(envelope, data, options);
  if (envelope.compressor == Compressor::kNone) return read_plain(data, options, false);
  const Bytes plain = KSV_TRY(decompress(envelope.compressor, data));
  return read_plain(plain, options, false);
}

Result<Bytes> freeze(const Value& value, const FreezeOptions& options) {
  Bytes plain = KSV_TRY(write_plain(value, options.tight));
  if (options.without_header) return plain;
  if (plain.size() > limits::kValueBytesMax) {
    return Error(ErrorCode::kUsage, fmt::format("Nippy: {} bytes are more than ksv freezes ({})",
                                                plain.size(), limits::kValueBytesMax));
  }
  Envelope envelope;
  envelope.compressor = options.compressor.value_or(
      plain.size() > kPlainBytesMax ? Compressor::kLz4 : Compressor::kNone);
  if (envelope.compressor != Compressor::kNone) plain = compress(envelope.compressor, plain);
  if (options.password) {
    envelope.encryptor = Encryptor::kAesGcm;
    plain = KSV_TRY(seal(plain, options.password->text,
                         options.password->mode.value_or(PasswordMode::kSalted), options.random));
  }
  Bytes frozen(kMagic.begin(), kMagic.end());
  frozen.push_back(flag_of(envelope));
  append(frozen, plain);
  return frozen;
}

}  // namespace ksv::nippy
