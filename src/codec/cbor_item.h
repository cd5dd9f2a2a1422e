// The heads of CBOR data items, read from untrusted bytes and written (RFC 8949, section 3).
#pragma once

#include <cstdint>
#include <string>

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv::cbor {

enum class Major : std::uint8_t {
  kUnsigned = 0,
  kNegative = 1,  // of -1 - argument
  kBytes = 2,
  kText = 3,
  kArray = 4,
  kMap = 5,
  kTag = 6,
  kSimple = 7,  // simple values, floats, and the break code (indefinite)
};

struct Head {
  Major major = Major::kUnsigned;
  bool indefinite = false;     // length left open until a break; of kSimple: the break itself
  std::uint8_t width = 0;      // bytes of the argument: 0 when it is part of the head
  std::uint64_t argument = 0;  // number, length, tag, or the bits of a float

  bool is_break() const { return major == Major::kSimple && indefinite; }
};

// Simple values with a meaning of their own.
inline constexpr std::uint64_t kFalse = 20;
inline constexpr std::uint64_t kTrue = 21;
inline constexpr std::uint64_t kNull = 22;
inline constexpr std::uint64_t kUndefined = 23;  // kept as it is

// Steps through items. `bytes` must outlive it.
class ItemReader {
 public:
  explicit ItemReader(BytesView bytes) : bytes_(bytes) {}

  Result<Head> head();
  // The next `count` bytes; kCorrupt when fewer are left.
  Result<BytesView> take(std::uint64_t count);
  // Goes past a break code if one is next.
  bool skip_break();
  std::size_t left() const { return bytes_.size() - at_; }

 private:
  BytesView bytes_;
  std::size_t at_ = 0;
};

// The shortest head with this argument.
void append_head(Bytes& to, Major major, std::uint64_t argument);
// A head whose argument takes `width` bytes (2, 4 or 8): floats keep their width.
void append_wide_head(Bytes& to, Major major, std::uint64_t argument, std::uint8_t width);

// "damaged CBOR: ..."
Error damaged(const std::string& what);

}  // namespace ksv::cbor
