// The order in which Clojure walks over its hash maps and hash sets.
#pragma once

#include <cstdint>
#include <vector>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// The positions of the entries of a map or set as Clojure 1.11 comes across them; empty when they
// are kept in that order: in a sorted one, and in a map so small that Clojure keeps it as an array.
Result<std::vector<std::uint32_t>> walk_order(Machine& machine, const Value& collection);
// The same for a map that Clojure makes a hash map whatever its size.
Result<std::vector<std::uint32_t>> hash_order(Machine& machine, const Table& table);
// The map with its entries in the order of a hash map, which it stays.
Result<Value> in_hash_order(Machine& machine, Value map);
// The shape that what is left of a map has: a map that has grown to a hash map stays one.
Shape table_shape(const Value& map);

// The most entries that Clojure keeps in an array, in the order in which they were put.
inline constexpr std::size_t kArrayMapMax = 8;

}  // namespace ksv::expr
