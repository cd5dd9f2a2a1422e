// The result of an update function made fit to be stored.
#pragma once

#include "expr/machine.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::expr {

// `result` without the shapes that only an evaluation knows. Functions and endless sequences are
// refused.
Result<Value> finished(Machine& machine, Value result);

}  // namespace ksv::expr
