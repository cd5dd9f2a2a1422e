// Clojure's `=` between two arguments.
#pragma once

#include "ksv/value.h"

namespace ksv::expr {

bool equal_values(const Value& a, const Value& b);

}  // namespace ksv::expr
