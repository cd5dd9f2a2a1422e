// Making collections, and adding to and taking out of them.
#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/object.h"
#include "expr/require.h"
#include "expr/transducer.h"
#include "expr/walk_order.h"

namespace ksv::expr {
namespace {

Result<Value> make_vector(Machine& machine, Arguments arguments) {
  KSV_CHECK(machine.grow(arguments.size()));
  return Value::vector(
      Values(std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end())));
}

Result<Value> make_list(Machine& machine, Arguments arguments) {
  KSV_CHECK(machine.grow(arguments.size()));
  return Value::list(
      Values(std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end())));
}

Result<Value> vec(Machine& machine, Arguments arguments) {
  if (arguments[0].is(Kind::kVector)) {
    arguments[0].set_shape(Shape::kNone);
    return std::move(arguments[0]);
  }
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments[0])));
  return Value::vector(std::move(elements));
}

Result<Value> set_of(Machine& machine, Values&& elements) {
  KSV_CHECK(machine.grow(elements.size() * 4));
  for (const Value& element : elements) KSV_CHECK(machine.pay_walk(element));
  KSV_CHECK(check_elements(machine, elements));
  return Value::set(std::move(elements));
}

Result<Value> make_set(Machine& machine, Arguments arguments) {
  if (arguments[0].is(Kind::kSet)) return std::move(arguments[0]);
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments[0])));
  return set_of(machine, std::move(elements));
}

Result<Value> hash_set(Machine& machine, Arguments arguments) {
  return set_of(machine, Values(arguments.begin(), arguments.end()));
}

Status require_pairs(Arguments arguments) {
  if (arguments.size() % 2 == 0) return ok();
  return failure("no value for the key " + kind_excerpt(arguments.back()));
}

Result<Value> hash_map(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return Value::map();
  KSV_CHECK(require_pairs(arguments));
  KSV_CHECK(machine.grow(arguments.size() * 2));
  Table table;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    KSV_CHECK(machine.pay_walk(arguments[i]));
    KSV_CHECK(check_key(machine, table, arguments[i]));
    table.put(std::move(arguments[i]), std::move(arguments[i + 1]));
  }
  return in_hash_order(machine, Value::map(std::move(table)));
}

Result<Value> make_sorted_map(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_pairs(arguments));
  return sorted_map(machine, Values(arguments.begin(), arguments.end()));
}

Result<Value> make_sorted_set(Machine& machine, Arguments arguments) {
  return sorted_set(machine, Values(arguments.begin(), arguments.end()));
}

Result<Value> zipmap(Machine& machine, Arguments arguments) {
  Cursor keys = KSV_TRY(Cursor::over(machine, std::move(arguments[0])));
  Cursor values = KSV_TRY(Cursor::over(machine, std::move(arguments[1])));
  if (keys.is_endless() && values.is_endless()) return endless();
  Table table;
  Value key;
  Value value;
  while (keys.next(key) && values.next(value)) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    KSV_CHECK(machine.pay_walk(key));
    KSV_CHECK(check_key(machine, table, key));
    table.put(std::move(key), std::move(value));
  }
  return Value::map(std::move(table));
}

Result<Value> conj(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return Value::vector({});
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result = KSV_TRY(conjoin(machine, std::move(result), std::move(arguments[i])));
  }
  return result;
}

// (into to from) and (into to xform from).
Result<Value> into(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return Value::vector({});
  if (arguments.size() == 1) return std::move(arguments[0]);
  Value to = std::move(arguments[0]);
  Values elements;
  if (arguments.size() == 3) {
    elements = KSV_TRY(transduce(machine, arguments[1], std::move(arguments[2])));
  } else {
    elements = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  }
  if (!to.is_nil() && !is_collection(to) && !elements.empty()) return expected("a collection", to);
  return conjoin_all(machine, std::move(to), std::move(elements));
}

Result<Value> disj(Machine& machine, Arguments arguments) {
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result = KSV_TRY(disjoin(machine, std::move(result), arguments[i]));
  }
  return result;
}

Result<Value> empty(Machine&, Arguments arguments) { return emptied(arguments[0]); }

// The number of elements without making a sequence; nothing for what has none.
Result<std::size_t> size_of(Machine& machine, const Value& value) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, value));
  if (cursor.is_endless()) return endless();
  return cursor.left();
}

Result<Value> count(Machine& machine, Arguments arguments) {
  if (arguments[0].is(Kind::kBytes)) {
    return Value::integer(static_cast<std::int64_t>(arguments[0].as_bytes().size()));
  }
  const std::size_t size = KSV_TRY(size_of(machine, arguments[0]));
  return Value::integer(static_cast<std::int64_t>(size));
}

Result<bool> is_empty_value(Machine& machine, const Value& value) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, value));
  return cursor.left() == 0;
}

Result<Value> is_empty(Machine& machine, Arguments arguments) {
  const bool none = KSV_TRY(is_empty_value(machine, arguments[0]));
  return Value::boolean(none);
}

Result<Value> not_empty(Machine& machine, Arguments arguments) {
  const bool none = KSV_TRY(is_empty_value(machine, arguments[0]));
  return none ? Value() : std::move(arguments[0]);
}

Result<Value> peek(Machine&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is_nil()) return Value();
  const bool list = value.is(Kind::kList) && value.shape() == Shape::kNone;
  if (!list && !value.is(Kind::kVector)) return expected("a vector or list", value);
  const Values& items = value.items();
  if (items.empty()) return Value();
  return list ? items.front() : items.back();
}

Result<Value> pop(Machine& machine, Arguments arguments) {
  Value& value = arguments[0];
  if (value.is_nil()) return Value();
  const bool list = value.is(Kind::kList) && value.shape() == Shape::kNone;
  if (!list && !value.is(Kind::kVector)) return expected("a vector or list", value);
  if (value.items().empty()) {
    return failure(list ? "the list is empty" : "the vector is empty");
  }
  KSV_CHECK(machine.before_edit(value));
  if (list) {
    if (!machine.spend(value.items().size() / 64)) return machine.out_of_steps();
    Values items = std::move(value).take_items();
    items.erase(items.begin());
    return Value::list(std::move(items));
  }
  value.set_shape(Shape::kNone);
  value.pop_item();
  return std::move(value);
}

Result<Value> subvec(Machine& machine, Arguments arguments) {
  if (!arguments[0].is(Kind::kVector)) return expected("a vector", arguments[0]);
  const Values& items = arguments[0].items();
  const std::int64_t from = KSV_TRY(index_of(arguments[1]));
  std::int64_t to = static_cast<std::int64_t>(items.size());
  if (arguments.size() == 3) to = KSV_TRY(index_of(arguments[2]));
  if (from < 0 || to < from || to > static_cast<std::int64_t>(items.size())) {
    return failure("the range from " + std::to_string(from) + " to " + std::to_string(to) +
                   " is not within " + std::to_string(items.size()) + " elements");
  }
  KSV_CHECK(machine.grow(static_cast<std::size_t>(to - from)));
  return Value::vector(Values(items.begin() + from, items.begin() + to));
}

Result<Value> nth(Machine& machine, Arguments arguments) {
  const Value& from = arguments[0];
  const bool has_default = arguments.size() == 3;
  const Value otherwise = has_default ? std::move(arguments[2]) : Value();
  const std::int64_t index = KSV_TRY(index_of(arguments[1]));
  if (from.is_nil() || (has_default && index < 0)) return otherwise;
  const bool indexed = from.is_sequential() || from.is(Kind::kString) || from.is(Kind::kArray) ||
                       endless_of(from) != nullptr;
  if (!indexed) return expected("a vector, list or string", from);
  const auto at = static_cast<std::size_t>(index);
  if (from.is_sequential() && index >= 0 && at < from.items().size()) return from.items()[at];
  if (!from.is_sequential() && index >= 0) {
    Cursor cursor = KSV_TRY(Cursor::over(machine, from));
    cursor.skip(at);
    Value found;
    if (cursor.next(found)) return found;
  }
  if (has_default) return otherwise;
  return failure("index " + std::to_string(index) + " is out of bounds");
}

constexpr BuiltinInfo kBuiltins[] = {
    {"vector", 0, kAnyArity, make_vector, "a vector of the arguments", "(vector 1 2) => [1 2]"},
    {"vec", 1, 1, vec, "a vector of the elements", "(vec '(1 2)) => [1 2]"},
    {"list", 0, kAnyArity, make_list, "a list of the arguments", "(list 1 2) => (1 2)"},
    {"set", 1, 1, make_set, "a set of the elements", "(set [1 1]) => #{1}"},
    {"hash-set", 0, kAnyArity, hash_set, "a set of the arguments", "(hash-set 1 1) => #{1}"},
    {"hash-map", 0, kAnyArity, hash_map, "a map of the keys and values",
     "(hash-map :a 1) => {:a 1}"},
    {"sorted-map", 0, kAnyArity, make_sorted_map, "a map that keeps its keys in order",
     "(sorted-map :b 1 :a 2) => {:a 2, :b 1}"},
    {"sorted-set", 0, kAnyArity, make_sorted_set, "a set that keeps its elements in order",
     "(sorted-set 3 1 2) => #{1 2 3}"},
    {"zipmap", 2, 2, zipmap, "a map of keys to values", "(zipmap [:a :b] [1 2]) => {:a 1, :b 2}"},
    {"conj", 0, kAnyArity, conj,
     "with elements added: at the end of a vector, at the front of a list",
     "(conj [1] 2 3) => [1 2 3]"},
    {"into", 0, 3, into, "with all elements of another collection added, perhaps transformed",
     "(into #{} [1 2 1]) => #{1 2}"},
    {"disj", 1, kAnyArity, disj, "the set without elements", "(disj #{1 2} 2) => #{1}"},
    {"empty", 1, 1, empty, "an empty collection of the same kind", "(empty [1 2]) => []"},
    {"count", 1, 1, count, "the number of elements, or of UTF-16 units of a string",
     "(count {:a 1}) => 1"},
    {"empty?", 1, 1, is_empty, "whether there are no elements", "(empty? []) => true"},
    {"not-empty", 1, 1, not_empty, "the collection, or nil when it is empty",
     "(not-empty []) => nil"},
    {"peek", 1, 1, peek, "the last of a vector, the first of a list", "(peek [1 2]) => 2"},
    {"pop", 1, 1, pop, "without the last of a vector, the first of a list", "(pop [1 2]) => [1]"},
    {"subvec", 2, 3, subvec, "the part of a vector from an index up to another",
     "(subvec [1 2 3] 1) => [2 3]"},
    {"nth", 2, 3, nth, "the element at an index, or a default", "(nth [10 20] 5 :none) => :none"},
};

}  // namespace

std::span<const BuiltinInfo> collection_builtins() { return kBuiltins; }

}  // namespace ksv::expr
