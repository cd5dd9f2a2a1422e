// The order of values: Clojure's `compare`.
#pragma once

#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// Negative, zero or positive, with the very numbers Clojure gives. nil comes before everything;
// numbers compare across kinds, strings by UTF-16 code units, symbols and keywords by namespace
// (none first) then name, vectors by length then item by item, false before true, uuids as pairs of
// signed longs. Other kinds, and different kinds, do not compare (kFunction), unless the two are
// one and the same value.
Result<int> compare_values(const Value& a, const Value& b);

// String.compareTo of Java on two UTF-8 texts.
int compare_texts(std::string_view a, std::string_view b);

}  // namespace ksv
