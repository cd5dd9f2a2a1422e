// Object.hashCode of Java, which shows in the text of a lazy sequence.
#pragma once

#include <cstdint>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// Refuses the kinds whose hash is that of an object's place in memory, or is not worth having.
Result<std::int32_t> java_hash(Machine& machine, const Value& value);

}  // namespace ksv::expr
