// Nippy, the serialization in which Clojure programs keep values in DynamoDB and elsewhere
// (doc/format: Nippy).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ksv/bytes.h"
#include "ksv/codec.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::nippy {

enum class Compressor : std::uint8_t { kNone, kSnappy, kLz4, kLzma2, kZstd };

// How a key is made of a password: with a random salt, or the same key each time, which a JVM can
// then keep. Frozen bytes do not tell which.
enum class PasswordMode : std::uint8_t { kSalted, kCached };

struct Password {
  std::string text;
  // Without one, thaw tries both and freeze salts.
  std::optional<PasswordMode> mode{};
};

struct ThawOptions {
  std::optional<Password> password{};
  // The keywords and strings, a vector, that bytes frozen with a shared dictionary refer to.
  std::optional<Value> shared_dict{};
  // Bytes of fast-freeze: one value alone.
  bool without_header = false;
};

struct FreezeOptions {
  // Without one, LZ4 above 8192 bytes and none below, as Nippy does.
  std::optional<Compressor> compressor{};
  // The shorter forms that Nippy 3.9 writes and Nippy 3.3 is the first to read.
  bool tight = false;
  bool without_header = false;
  std::optional<Password> password{};
  RandomSource random{};  // for the salt and nonce of a password
};

// Whether bytes begin as frozen ones do: "NPY", a flag, and at least one byte more.
bool is_frozen(BytesView bytes);

// The value in `bytes`; what follows it is ignored, as Nippy does. kCorrupt for damaged bytes and
// for a wrong password, kUnsupported for what needs a reader of the user's own, kDenied where a
// password is needed and none was given.
Result<Value> thaw(BytesView bytes, const ThawOptions& options = {});

// kUsage for a value that Nippy cannot hold: a function, an array of booleans, a Fressian struct.
Result<Bytes> freeze(const Value& value, const FreezeOptions& options = {});

}  // namespace ksv::nippy
