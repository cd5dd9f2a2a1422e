// Running a function on a stack of a chosen size.
#pragma once

#include <cstddef>
#include <functional>

#include "ksv/result.h"

namespace ksv::expr {

// Calls `body` on a thread of its own with a stack of `bytes`, and waits for it. kFunction when the
// system does not give so large a stack.
Status run_with_stack(std::size_t bytes, const std::function<void()>& body);

}  // namespace ksv::expr
