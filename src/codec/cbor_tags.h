// What the tags of CBOR mean in the two dialects that konserve writes.
#pragma once

#include <cstdint>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::cbor {

enum class Dialect { kCljCbor, kBoring };

// Tags that both the reader and the writer know.
namespace tag {
inline constexpr std::uint64_t kDateTime = 0;
inline constexpr std::uint64_t kEpoch = 1;
inline constexpr std::uint64_t kPositive = 2;
inline constexpr std::uint64_t kNegative = 3;
inline constexpr std::uint64_t kDecimal = 4;
inline constexpr std::uint64_t kStringRef = 25;
inline constexpr std::uint64_t kObject = 27;
inline constexpr std::uint64_t kRatio = 30;
inline constexpr std::uint64_t kUri = 32;
inline constexpr std::uint64_t kRegex = 35;
inline constexpr std::uint64_t kUuid = 37;
inline constexpr std::uint64_t kIdentifier = 39;
inline constexpr std::uint64_t kInts = 78;
inline constexpr std::uint64_t kLongs = 79;
inline constexpr std::uint64_t kFloats = 85;
inline constexpr std::uint64_t kDoubles = 86;
inline constexpr std::uint64_t kStringRefs = 256;
inline constexpr std::uint64_t kSet = 258;
inline constexpr std::uint64_t kShapedArray = 39'649;
inline constexpr std::uint64_t kSelfDescribed = 55'799;
}  // namespace tag

// Names under tag 27 that boring reserves for kinds CBOR does not have.
inline constexpr std::string_view kCharName = "clojure/char";
inline constexpr std::string_view kBooleansName = "java/boolean-array";
inline constexpr std::string_view kObjectsName = "java/object-array";

// The symbol that a structure of a simple value without meaning carries: #ksv/tagged [cbor/simple
// 200].
const Name& simple_name();

// A tag around `content`, which has been read. A tag without meaning here becomes a structure of
// the number and the content, and is written back so. kCorrupt when the content is not what the tag
// asks for.
Result<Value> meaning_of(std::uint64_t tag, Value content, Dialect dialect);

// Tags whose content becomes a value of its own kind in boring; others go through as structures.
bool has_meaning(std::uint64_t tag);

// A keyword when `text` begins with a colon, else a symbol; the part before the first slash is the
// namespace.
Value identifier(std::string_view text);
Name name_of(std::string_view text);

}  // namespace ksv::cbor
