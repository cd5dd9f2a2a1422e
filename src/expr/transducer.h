// Transducers, as (into to xform from) uses them.
#pragma once

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"
#include "expr/stage.h"

namespace ksv::expr {

// What (map f), (take n) and their like give without a collection.
Value make_transducer(StageKind kind, Value parameter, std::string_view name);

// The elements of `source` after `xform`.
Result<Values> transduce(Machine& machine, const Value& xform, Value source);

}  // namespace ksv::expr
