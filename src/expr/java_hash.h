// Object.hashCode of Java, which shows in the text of a lazy sequence.
#pragma once

#include <cstdint>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// Refuses the kinds whose hash is that of an object's place in memory, or is not worth having.
Result<std::int32_t> java_hash(Machine& machine, const Value& value);

// String.hashCode.
std::uint32_t java_text_hash(std::string_view text);
// clojure.lang.Util.hashCombine.
std::uint32_t java_hash_combined(std::uint32_t seed, std::uint32_t hash);

}  // namespace ksv::expr
