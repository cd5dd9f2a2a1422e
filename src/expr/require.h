// What functions ask of their arguments, with the error when they do not get it.
#pragma once

#include <cstdint>
#include <string>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

Status require_number(const Value& value);
Status require_string(const Value& value);
// A number as a count: cut to an integer as Java does; a negative one is 0.
Result<std::size_t> require_count(const Value& value);

}  // namespace ksv::expr
