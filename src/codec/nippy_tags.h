// The tags of what Nippy holds and EDN has no literal for: #nippy/int 5 (doc/format: Nippy).
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "ksv/value.h"

namespace ksv::nippy {

inline constexpr std::string_view kTagNamespace = "nippy";

inline constexpr std::string_view kByteTag = "byte";
inline constexpr std::string_view kShortTag = "short";
inline constexpr std::string_view kIntTag = "int";
inline constexpr std::string_view kBigIntegerTag = "biginteger";
inline constexpr std::string_view kSqlDateTag = "sql-date";
inline constexpr std::string_view kInstantTag = "instant";
inline constexpr std::string_view kDurationTag = "duration";
inline constexpr std::string_view kPeriodTag = "period";
inline constexpr std::string_view kSortedSetTag = "sorted-set";
inline constexpr std::string_view kSortedMapTag = "sorted-map";
inline constexpr std::string_view kQueueTag = "queue";
inline constexpr std::string_view kMapEntryTag = "map-entry";
inline constexpr std::string_view kMetaTag = "meta";
inline constexpr std::string_view kStringsTag = "strings";
inline constexpr std::string_view kTypeTag = "type";
inline constexpr std::string_view kSerializableTag = "serializable";
inline constexpr std::string_view kCachedTag = "cached";  // only written

inline Value tagged_value(std::string_view tag, Value form) {
  return Value::tagged(Name(std::string(kTagNamespace), std::string(tag)), std::move(form));
}

// What stands in metadata for a key of Clojure's own, and is dropped there.
inline Value meta_key() {
  return Value::keyword(Name(std::string(kTagNamespace), "meta-protocol-key"));
}

}  // namespace ksv::nippy
