// How Clojure's case finds a constant: by parts of its hash in Java, then by equality.
#pragma once

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// Whether the case over these constants, the keys of `choices`, gets from `subject` to the constant
// that is equal to it. By the hash of Java 1.5M is not 1.50M, nor 0.0 -0.0.
Result<bool> is_found_by_hash(Machine& machine, const Table& choices, const Value& constant,
                              const Value& subject);

}  // namespace ksv::expr
