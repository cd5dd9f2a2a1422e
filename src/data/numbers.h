// The number tower: equality and hash across the kinds of number, with Clojure's categories.
#pragma once

#include <cstdint>

#include "ksv/value.h"

namespace ksv {

// Clojure's `=` on two numbers: integers of any width by value, floating point by value (a float
// equals the double of the same value; NaN equals nothing), decimals by value (1.0M = 1.00M),
// ratios by value; never across these four categories.
bool numbers_equal(const Value& a, const Value& b);

// Agrees with numbers_equal.
std::uint64_t number_hash(const Value& number);

}  // namespace ksv
