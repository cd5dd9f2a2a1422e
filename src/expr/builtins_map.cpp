// Maps: looking up and changing, at a key or at a path.
#include "ksv/limits.h"

#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/object.h"
#include "expr/require.h"
#include "expr/walk_order.h"

namespace ksv::expr {
namespace {

Result<Value> get(Machine& machine, Arguments arguments) {
  return lookup(machine, arguments[0], arguments[1],
                arguments.size() == 3 ? arguments[2] : Value());
}

Result<Value> get_in(Machine& machine, Arguments arguments) {
  const Values path = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  Value found = std::move(arguments[0]);
  const bool has_default = arguments.size() == 3;
  // Functions are equal only to themselves: nothing else can be this one.
  const Value missing = reduced(Value());
  for (const Value& key : path) {
    // Only an absent key gives the default: a nil that is there goes on.
    Value next = KSV_TRY(lookup(machine, found, key, missing));
    if (next == missing) return has_default ? std::move(arguments[2]) : Value();
    found = std::move(next);
  }
  return found;
}

Result<Value> assoc(Machine& machine, Arguments arguments) {
  if (arguments.size() == 2) return wrong_arity("3 or more", 2);
  if (arguments.size() % 2 == 0) {
    return failure("no value for the key " + kind_excerpt(arguments.back()));
  }
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    result = KSV_TRY(associate(machine, std::move(result), std::move(arguments[i]),
                               std::move(arguments[i + 1])));
  }
  return result;
}

Result<Value> dissoc(Machine& machine, Arguments arguments) {
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result = KSV_TRY(dissociate(machine, std::move(result), arguments[i]));
  }
  return result;
}

// The value at `key`, taken out of `collection` where nobody else sees it, so that a function may
// change it in place. Something must be put at the key again.
Result<Value> borrow(Machine& machine, Value& collection, const Value& key) {
  Value found = KSV_TRY(lookup(machine, collection, key, Value()));
  if (collection.is_shared() || found.depth() == 0) return found;
  if (collection.is(Kind::kMap) && collection.shape() != Shape::kSorted) {
    collection.put(key, Value());
  } else if (collection.is(Kind::kVector) && key.is(Kind::kLong)) {
    collection.set_item(static_cast<std::size_t>(key.as_long()), Value());
  }
  return found;
}

// f(value, extra...).
Result<Value> call_with(Machine& machine, const Value& f, Value value, Arguments extra) {
  if (extra.empty()) return machine.call(f, std::move(value));
  Values arguments;
  arguments.reserve(extra.size() + 1);
  arguments.push_back(std::move(value));
  arguments.insert(arguments.end(), extra.begin(), extra.end());
  return machine.call(f, arguments);
}

Result<Value> update(Machine& machine, Arguments arguments) {
  Value collection = std::move(arguments[0]);
  Value old = KSV_TRY(borrow(machine, collection, arguments[1]));
  Value changed = KSV_TRY(call_with(machine, arguments[2], std::move(old), arguments.subspan(3)));
  return associate(machine, std::move(collection), std::move(arguments[1]), std::move(changed));
}

Result<Values> path_of(Machine& machine, Value path) {
  Values keys = KSV_TRY(elements_of(machine, std::move(path)));
  if (keys.size() > limits::kDepthMax) {
    return failure("the path has more than " + std::to_string(limits::kDepthMax) + " keys");
  }
  // An empty path is the key nil, as Clojure takes the first of nothing.
  if (keys.empty()) keys.emplace_back();
  return keys;
}

template <typename Change>
Result<Value> change_at(Machine& machine, Value root, std::span<Value> path, const Change& change) {
  Value old = KSV_TRY(borrow(machine, root, path[0]));
  Value changed;
  if (path.size() == 1) {
    changed = KSV_TRY(change(std::move(old)));
  } else {
    changed = KSV_TRY(change_at(machine, std::move(old), path.subspan(1), change));
  }
  return associate(machine, std::move(root), std::move(path[0]), std::move(changed));
}

Result<Value> assoc_in(Machine& machine, Arguments arguments) {
  Values path = KSV_TRY(path_of(machine, std::move(arguments[1])));
  return change_at(machine, std::move(arguments[0]), path,
                   [&](Value) -> Result<Value> { return std::move(arguments[2]); });
}

Result<Value> update_in(Machine& machine, Arguments arguments) {
  Values path = KSV_TRY(path_of(machine, std::move(arguments[1])));
  return change_at(machine, std::move(arguments[0]), path, [&](Value old) -> Result<Value> {
    return call_with(machine, arguments[2], std::move(old), arguments.subspan(3));
  });
}

// What find and select-keys look into.
Status require_associative(const Value& value) {
  if (value.is_nil() || value.is(Kind::kMap) || value.is(Kind::kRecord) ||
      value.is(Kind::kVector)) {
    return ok();
  }
  return expected("a map or vector", value);
}

Result<Value> contains_key(Machine& machine, Arguments arguments) {
  const bool there = KSV_TRY(contains(machine, arguments[0], arguments[1]));
  return Value::boolean(there);
}

// The entry with the key that the map holds, which may be written otherwise than `key`; nil when
// there is none.
Result<Value> entry_of(Machine& machine, const Value& collection, const Value& key) {
  const bool there = KSV_TRY(contains(machine, collection, key));
  if (!there) return Value();
  if (collection.is(Kind::kMap)) {
    const Table& table = collection.table();
    if (collection.shape() == Shape::kSorted) {
      const std::optional<std::size_t> at = KSV_TRY(find_sorted(table, key));
      return at ? entry(table[*at].key, table[*at].value) : Value();
    }
    const Table::Entry* found = table.find(key);
    return found == nullptr ? Value() : entry(found->key, found->value);
  }
  const Value found = KSV_TRY(lookup(machine, collection, key, Value()));
  return entry(key, found);
}

Result<Value> find(Machine& machine, Arguments arguments) {
  KSV_CHECK(require_associative(arguments[0]));
  return entry_of(machine, arguments[0], arguments[1]);
}

Result<Value> select_keys(Machine& machine, Arguments arguments) {
  const Values keys = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  if (!keys.empty()) KSV_CHECK(require_associative(arguments[0]));
  Table table;
  for (const Value& key : keys) {
    const Value found = KSV_TRY(entry_of(machine, arguments[0], key));
    if (found.is_nil()) continue;
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    table.put(found.items()[0], found.items()[1]);
  }
  return Value::map(std::move(table));
}

// Clojure's own: conj of each, nil when there is nothing at all.
Result<Value> merge(Machine& machine, Arguments arguments) {
  std::size_t first = 0;
  while (first < arguments.size() && !arguments[first].is_truthy()) ++first;
  if (first == arguments.size()) return Value();
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!result.is_truthy()) result = Value::map();
    result = KSV_TRY(conjoin(machine, std::move(result), std::move(arguments[i])));
  }
  return result;
}

// `result` with the entries of `map`; `f` joins two values of one key.
Result<Value> merge_entries(Machine& machine, const Value& f, Value result, Value map) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(map)));
  Value pair;
  while (cursor.next(pair)) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!is_entry(pair)) return expected("an entry of a map", pair);
    Value key = pair.items()[0];
    Value value = pair.items()[1];
    const bool there = KSV_TRY(contains(machine, result, key));
    if (there) {
      Value old = KSV_TRY(borrow(machine, result, key));
      value = KSV_TRY(machine.call(f, std::move(old), std::move(value)));
    }
    result = KSV_TRY(associate(machine, std::move(result), std::move(key), std::move(value)));
  }
  return result;
}

Result<Value> merge_with(Machine& machine, Arguments arguments) {
  const Arguments maps = arguments.subspan(1);
  std::size_t first = 0;
  while (first < maps.size() && !maps[first].is_truthy()) ++first;
  if (first == maps.size()) return Value();
  Value result = first == 0 ? std::move(maps[0]) : Value::map();
  for (std::size_t i = 1; i < maps.size(); ++i) {
    result = KSV_TRY(merge_entries(machine, arguments[0], std::move(result), std::move(maps[i])));
  }
  return result;
}

enum class Half { kKey, kValue };

template <Half Which>
Result<Value> half_of_entry(Machine&, Arguments arguments) {
  if (!is_entry(arguments[0])) return expected("an entry of a map", arguments[0]);
  return arguments[0].items()[Which == Half::kKey ? 0 : 1];
}

template <Half Which>
Result<Value> halves(Machine& machine, Arguments arguments) {
  Values entries = KSV_TRY(elements_of(machine, std::move(arguments[0])));
  if (entries.empty()) return Value();
  for (Value& each : entries) {
    if (!is_entry(each)) return expected("an entry of a map", each);
    Value half = each.items()[Which == Half::kKey ? 0 : 1];
    each = std::move(half);
  }
  return sequence(std::move(entries));
}

// (update-keys m f) and (update-vals m f) make a new map.
template <Half Which>
Result<Value> update_halves(Machine& machine, Arguments arguments) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, arguments[0]));
  const bool vector = arguments[0].is(Kind::kVector) && !is_entry(arguments[0]);
  Table table;
  Values items;
  Value pair;
  for (std::size_t index = 0; cursor.next(pair); ++index) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    if (vector) pair = entry(Value::integer(static_cast<std::int64_t>(index)), pair);
    if (!is_entry(pair)) return expected("an entry of a map", pair);
    Value key = pair.items()[0];
    Value value = pair.items()[1];
    Value& half = Which == Half::kKey ? key : value;
    half = KSV_TRY(machine.call(arguments[1], half));
    if (vector && Which == Half::kValue) {
      items.push_back(std::move(value));
    } else {
      KSV_CHECK(machine.pay_walk(key));
      KSV_CHECK(check_key(machine, table, key));
      table.put(std::move(key), std::move(value));
    }
  }
  // A vector with changed values stays one, and so does an empty set.
  const bool unsorted_set = arguments[0].is(Kind::kSet) && arguments[0].shape() != Shape::kSorted;
  if (Which == Half::kValue && unsorted_set) {
    if (!table.empty()) return expected("a map or vector", arguments[0]);
    return arguments[0];
  }
  if (vector && Which == Half::kValue) return Value::vector(std::move(items));
  Value map = Value::map(std::move(table));
  if (Which == Half::kValue && arguments[0].is(Kind::kMap)) {
    const Shape shape = table_shape(arguments[0]);
    if (shape == Shape::kHashed || shape == Shape::kOrdered) map.set_shape(shape);
  }
  return map;
}

constexpr BuiltinInfo kBuiltins[] = {
    {"get", 2, 3, get, "the value at a key, or nil or a default", "(get {:a 1} :b 0) => 0"},
    {"get-in", 2, 3, get_in, "the value at a path of keys, or nil or a default",
     "(get-in {:a [10 20]} [:a 1]) => 20"},
    {"assoc", 2, kAnyArity, assoc, "with values put at keys",
     "(assoc {:a 1} :b 2) => {:a 1, :b 2}"},
    {"assoc-in", 3, 3, assoc_in, "with a value put at a path of keys",
     "(assoc-in {} [:a :b] 1) => {:a {:b 1}}"},
    {"dissoc", 1, kAnyArity, dissoc, "the map without keys", "(dissoc {:a 1 :b 2} :a) => {:b 2}"},
    {"update", 3, kAnyArity, update, "with what a function makes of the value at a key",
     "(update {:n 1} :n + 10) => {:n 11}"},
    {"update-in", 3, kAnyArity, update_in, "the same at a path of keys",
     "(update-in {:a {:n 1}} [:a :n] inc) => {:a {:n 2}}"},
    {"contains?", 2, 2, contains_key, "whether the key (index, element) is there",
     "(contains? {:a nil} :a) => true"},
    {"find", 2, 2, find, "the entry at a key, or nil", "(find {:a 1} :a) => [:a 1]"},
    {"select-keys", 2, 2, select_keys, "a map of these keys alone",
     "(select-keys {:a 1 :b 2} [:a]) => {:a 1}"},
    {"merge", 0, kAnyArity, merge, "all maps in one; later values win",
     "(merge {:a 1} {:a 2 :b 3}) => {:a 2, :b 3}"},
    {"merge-with", 1, kAnyArity, merge_with, "all maps in one; a function joins values of one key",
     "(merge-with + {:a 1} {:a 2}) => {:a 3}"},
    {"key", 1, 1, half_of_entry<Half::kKey>, "the key of an entry", "(key (first {:a 1})) => :a"},
    {"val", 1, 1, half_of_entry<Half::kValue>, "the value of an entry",
     "(val (first {:a 1})) => 1"},
    {"keys", 1, 1, halves<Half::kKey>, "the keys of a map, or nil",
     "(keys {:a 1 :b 2}) => (:a :b)"},
    {"vals", 1, 1, halves<Half::kValue>, "the values of a map, or nil",
     "(vals {:a 1 :b 2}) => (1 2)"},
    {"update-keys", 2, 2, update_halves<Half::kKey>, "with a function applied to each key",
     "(update-keys {:a 1} name) => {\"a\" 1}"},
    {"update-vals", 2, 2, update_halves<Half::kValue>, "with a function applied to each value",
     "(update-vals {:a 1} inc) => {:a 2}"},
};

}  // namespace

std::span<const BuiltinInfo> map_builtins() { return kBuiltins; }

}  // namespace ksv::expr
