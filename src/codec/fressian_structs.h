// Struct tags that stand for kinds of values (doc/format: Fressian, "Which value is written how").
#pragma once

#include <cstdint>
#include <string_view>

namespace ksv::fressian {

enum class StructKind : std::uint8_t {
  kUnknown,  // any other tag: kept as a struct
  kMap,
  kSet,
  kUuid,
  kRegex,
  kUri,
  kBigInt,
  kBigDecimal,
  kInst,
  kSymbol,
  kKeyword,
  kLongArray,
  kDoubleArray,
  kBooleanArray,
  kIntArray,
  kFloatArray,
  kObjectArray,
  kVector,
  kList,
  kInnerRecord,
  kRecord,
  kChar,
  kRatio,
  kByte,
};

StructKind struct_kind(std::string_view tag);

// The tags that konserve writes, each with the number of fields that it declares. For vectors,
// lists and records that number is not true: a count precedes that many objects.
inline constexpr std::string_view kVectorTag = "pvec";
inline constexpr std::string_view kListTag = "plist";
inline constexpr std::string_view kRecordTag = "irecord";
inline constexpr std::string_view kCharTag = "char";
inline constexpr std::string_view kRatioTag = "ratio";
inline constexpr std::int64_t kVectorFields = 2;
inline constexpr std::int64_t kListFields = 2;
inline constexpr std::int64_t kRecordFields = 2;
inline constexpr std::int64_t kCharFields = 1;
inline constexpr std::int64_t kRatioFields = 2;

}  // namespace ksv::fressian
