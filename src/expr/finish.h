// The result of an update function made fit to be stored.
#pragma once

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// `result` without the shapes that only an evaluation knows. Functions and endless sequences are
// refused.
Result<Value> finished(Machine& machine, Value result);

}  // namespace ksv::expr
