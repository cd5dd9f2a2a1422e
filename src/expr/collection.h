// What Clojure's collection functions do to one value: look up, add, take out.
#pragma once

#include <cstddef>
#include <optional>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

// (get collection key otherwise). An error only where a sorted collection cannot compare the key.
Result<Value> lookup(Machine& machine, const Value& collection, const Value& key,
                     const Value& otherwise);
// (contains? collection key).
Result<bool> contains(Machine& machine, const Value& collection, const Value& key);
// (vector index): the index must be an integer within bounds.
Result<Value> element_at(const Value& vector, const Value& index);

// A number as an index of Java, cut to an int: 1.9 is 1. An error beyond the range of an int.
Result<std::int64_t> index_of(const Value& number);
// The same for a number in the range of a long, of which the low 32 bits count.
Result<std::int64_t> wrapped_index_of(const Value& number);
// The low 32 bits of an integer, as vectors take their indexes; nothing for any other value.
std::optional<std::int32_t> vector_index(const Value& key);

// (assoc collection key value).
Result<Value> associate(Machine& machine, Value collection, Value key, Value value);
// (dissoc map key), and (disj set element).
Result<Value> dissociate(Machine& machine, Value map, const Value& key);
Result<Value> disjoin(Machine& machine, Value set, const Value& element);
// (conj collection item).
Result<Value> conjoin(Machine& machine, Value collection, Value item);
// The items of a list with `item` before them.
Result<Values> prepend(Machine& machine, Value list, Value item);
// All of `items`, one after the other; a sorted collection is put in order once.
Result<Value> conjoin_all(Machine& machine, Value collection, Values items);

// Keys in the order of `compare`; later values of equal keys win, the key that was first stays.
Result<Value> sorted_map(Machine& machine, Values keys_and_values);
Result<Value> sorted_set(Machine& machine, Values elements);
// The position of `key` in a sorted collection, or nothing.
Result<std::optional<std::size_t>> find_sorted(const Table& table, const Value& key);

// (empty collection).
Value emptied(const Value& collection);
bool is_collection(const Value& value);
bool is_seq(const Value& value);    // seq?: a list of any shape
bool is_entry(const Value& value);  // map-entry?

}  // namespace ksv::expr
