// Clojure's `=`, where it can be known: a ##NaN equals no number, but is equal to itself when it is
// the very same object of Java, which ksv knows of an argument alone.
#pragma once

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

Result<bool> equal_values(Machine& machine, const Value& a, const Value& b);

// Whether a ##NaN is in it, at any depth.
Result<bool> holds_nan(Machine& machine, const Value& value);

// Refuses a key that holds a ##NaN where another key does.
Status check_key(Machine& machine, const Table& table, const Value& key);
// The same for all elements of a set to be.
Status check_elements(Machine& machine, const Values& elements);

}  // namespace ksv::expr
