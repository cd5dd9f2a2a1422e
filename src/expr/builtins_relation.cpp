// The functions of clojure.set for maps, and for sets of maps as relations.
#include <functional>

#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

// (select-keys map keys).
Result<Value> selected(Machine& machine, const Value& map, const Value& keys) {
  Value arguments[] = {map, keys};
  return builtin("select-keys").code(machine, Arguments(arguments));
}

Result<Value> map_invert(Machine& machine, Arguments arguments) {
  Table table;
  const Value& source = arguments[0];
  const bool vector = source.is(Kind::kVector) && !is_entry(source);
  Cursor cursor = KSV_TRY(Cursor::over(machine, source));
  Value element;
  for (std::int64_t index = 0; cursor.next(element); ++index) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    if (!vector && !is_entry(element)) return expected("an entry of a map", element);
    KSV_CHECK(machine.pay_walk(element));
    KSV_CHECK(check_key(machine, table, vector ? element : element.items()[1]));
    if (vector) {
      table.put(element, Value::integer(index));
    } else {
      table.put(element.items()[1], element.items()[0]);
    }
  }
  return Value::map(std::move(table));
}

Result<Value> renamed(Machine& machine, const Value& map, const Value& names) {
  const Values pairs = KSV_TRY(elements_of(machine, names));
  Value result = map;
  for (const Value& element : pairs) {
    if (!is_entry(element)) return expected("an entry of a map of names", element);
    result = KSV_TRY(dissociate(machine, std::move(result), element.items()[0]));
  }
  for (const Value& element : pairs) {
    const Value& old_name = element.items()[0];
    const bool there = KSV_TRY(contains(machine, map, old_name));
    if (!there) continue;
    Value value = KSV_TRY(lookup(machine, map, old_name, Value()));
    result = KSV_TRY(associate(machine, std::move(result), element.items()[1], std::move(value)));
  }
  return result;
}

Result<Value> rename_keys(Machine& machine, Arguments arguments) {
  return renamed(machine, arguments[0], arguments[1]);
}

Result<Value> project(Machine& machine, Arguments arguments) {
  Values rows = KSV_TRY(elements_of(machine, std::move(arguments[0])));
  for (Value& row : rows) row = KSV_TRY(selected(machine, row, arguments[1]));
  KSV_CHECK(machine.grow(rows.size() * 4));
  for (const Value& row : rows) KSV_CHECK(machine.pay_walk(row));
  KSV_CHECK(check_elements(machine, rows));
  return Value::set(std::move(rows));
}

// A map of the values at `keys` to the set of the rows that have them.
Result<Value> indexed(Machine& machine, const Value& relation, const Value& keys) {
  const Values rows = KSV_TRY(elements_of(machine, relation));
  Value result = Value::map();
  for (const Value& row : rows) {
    if (!machine.spend()) return machine.out_of_steps();
    Value key = KSV_TRY(selected(machine, row, keys));
    Value found = KSV_TRY(lookup(machine, result, key, Value::set()));
    result.put(key, Value());
    Value group = KSV_TRY(conjoin(machine, std::move(found), row));
    result = KSV_TRY(associate(machine, std::move(result), std::move(key), std::move(group)));
  }
  return result;
}

Result<Value> index(Machine& machine, Arguments arguments) {
  return indexed(machine, arguments[0], arguments[1]);
}

// Each row of `rows` merged with the rows of the index that agree with it.
Result<Value> joined(Machine& machine, const Value& groups, const Value& rows,
                     const std::function<Result<Value>(const Value& row)>& key_of) {
  const Values elements = KSV_TRY(elements_of(machine, rows));
  Value result = Value::set();
  for (const Value& row : elements) {
    const Value key = KSV_TRY(key_of(row));
    const Value found = KSV_TRY(lookup(machine, groups, key, Value()));
    if (found.is_nil()) continue;
    const Values others = KSV_TRY(elements_of(machine, found));
    for (const Value& other : others) {
      if (!machine.spend()) return machine.out_of_steps();
      Value both[] = {other, row};
      Value merged = KSV_TRY(builtin("merge").code(machine, Arguments(both)));
      result = KSV_TRY(conjoin(machine, std::move(result), std::move(merged)));
    }
  }
  return result;
}

Result<Value> keys_of_first_row(Machine& machine, const Value& relation) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, relation));
  Value first[1];
  cursor.next(first[0]);
  const Value keys = KSV_TRY(builtin("keys").code(machine, Arguments(first)));
  Values elements = KSV_TRY(elements_of(machine, keys));
  return Value::set(std::move(elements));
}

Result<Value> join(Machine& machine, Arguments arguments) {
  Value small = std::move(arguments[0]);
  Value large = std::move(arguments[1]);
  Cursor first = KSV_TRY(Cursor::over(machine, small));
  if (arguments.size() == 2 && first.left() == 0) return Value::set();
  Cursor second = KSV_TRY(Cursor::over(machine, large));
  if (first.is_endless() || second.is_endless()) return endless();
  const bool in_order = first.left() <= second.left();
  if (arguments.size() == 2) {
    if (second.left() == 0) return Value::set();
    Value sets[] = {Value(), Value()};
    sets[0] = KSV_TRY(keys_of_first_row(machine, small));
    sets[1] = KSV_TRY(keys_of_first_row(machine, large));
    const Value keys = KSV_TRY(builtin("set/intersection").code(machine, Arguments(sets)));
    if (!in_order) std::swap(small, large);
    const Value groups = KSV_TRY(indexed(machine, small, keys));
    return joined(machine, groups, large,
                  [&](const Value& row) { return selected(machine, row, keys); });
  }
  Value names = std::move(arguments[2]);
  if (in_order) {
    Value one[] = {std::move(names)};
    names = KSV_TRY(map_invert(machine, one));
  } else {
    std::swap(small, large);
  }
  Value one[] = {names};
  const Value old_names = KSV_TRY(builtin("keys").code(machine, Arguments(one)));
  one[0] = names;
  const Value new_names = KSV_TRY(builtin("vals").code(machine, Arguments(one)));
  const Value groups = KSV_TRY(indexed(machine, small, new_names));
  return joined(machine, groups, large, [&](const Value& row) -> Result<Value> {
    const Value part = KSV_TRY(selected(machine, row, old_names));
    return renamed(machine, part, names);
  });
}

constexpr BuiltinInfo kBuiltins[] = {
    {"set/map-invert", 1, 1, map_invert, "the map with keys and values exchanged",
     "(set/map-invert {:a 1}) => {1 :a}"},
    {"set/rename-keys", 2, 2, rename_keys, "the map with keys renamed",
     "(set/rename-keys {:a 1} {:a :b}) => {:b 1}"},
    {"set/project", 2, 2, project, "the rows with these keys alone",
     "(set/project #{{:a 1 :b 2}} [:a]) => #{{:a 1}}"},
    {"set/index", 2, 2, index, "a map of values at keys to the rows that have them",
     "(set/index #{{:a 1}} [:a]) => {{:a 1} #{{:a 1}}}"},
    {"set/join", 2, 3, join, "the rows of two relations that agree, merged",
     "(set/join #{{:id 1 :a 2}} #{{:id 1 :b 3}}) => #{{:id 1, :a 2, :b 3}}"},
};

}  // namespace

std::span<const BuiltinInfo> relation_builtins() { return kBuiltins; }

}  // namespace ksv::expr
