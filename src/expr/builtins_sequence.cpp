// The parts of a sequence, and sequences joined.
#include <algorithm>

#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/object.h"
#include "expr/require.h"
#include "expr/walk_order.h"

namespace ksv::expr {
namespace {

enum class After { kRest, kNext };

// The elements after the first `count`, as a sequence; a list stays a list. When there are none,
// next gives nil.
Result<Value> after(Machine& machine, Value source, std::size_t count, After which) {
  if (const Endless* endless = endless_of(source)) return endless->from(count);
  const Shape next = count == 0 ? seq_shape(source) : next_shape(source);
  Values rest;
  bool any = true;
  if (source.is(Kind::kList)) {
    const std::size_t size = source.items().size();
    any = size > 0;
    KSV_CHECK(machine.before_edit(source));
    if (!machine.spend(size / 32)) return machine.out_of_steps();
    rest = std::move(source).take_items();
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min(count, size)));
  } else {
    Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(source)));
    cursor.skip(count);
    const std::size_t left = cursor.left();
    if (!machine.spend(1 + left / 32)) return machine.out_of_steps();
    if (!machine.take(left * sizeof(Value))) return machine.out_of_memory();
    rest.reserve(left);
    Value element;
    while (cursor.next(element)) rest.push_back(std::move(element));
  }
  if (which == After::kNext) return rest.empty() ? Value() : sequence(std::move(rest), next);
  // What follows the last element of a lazy sequence may be an empty one.
  Value list = Value::list(std::move(rest));
  if (next == Shape::kNext && any) {
    list.set_shape(Shape::kRest);
  } else if (!list.items().empty()) {
    list.set_shape(next);
  }
  return list;
}

Result<Value> element(Machine& machine, Value source, std::size_t index) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(source)));
  cursor.skip(index);
  Value found;
  cursor.next(found);
  return found;
}

Result<Value> first(Machine& machine, Arguments arguments) {
  return element(machine, std::move(arguments[0]), 0);
}

Result<Value> second(Machine& machine, Arguments arguments) {
  return element(machine, std::move(arguments[0]), 1);
}

Result<Value> rest(Machine& machine, Arguments arguments) {
  return after(machine, std::move(arguments[0]), 1, After::kRest);
}

Result<Value> next(Machine& machine, Arguments arguments) {
  return after(machine, std::move(arguments[0]), 1, After::kNext);
}

Result<Value> last(Machine& machine, Arguments arguments) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments[0])));
  if (cursor.is_endless()) return endless();
  if (cursor.left() > 1) cursor.skip(cursor.left() - 1);
  Value found;
  cursor.next(found);
  return found;
}

Result<Value> butlast(Machine& machine, Arguments arguments) {
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments[0])));
  if (elements.size() < 2) return Value();
  elements.pop_back();
  return sequence(std::move(elements));
}

Result<Value> seq(Machine& machine, Arguments arguments) {
  Value& source = arguments[0];
  if (endless_of(source) != nullptr) return std::move(source);
  if (source.is(Kind::kList) || source.is(Kind::kSeq)) {
    if (source.items().empty()) return Value();
    source.set_shape(seq_shape(source));
    return std::move(source);
  }
  Values elements = KSV_TRY(elements_of(machine, std::move(source)));
  if (elements.empty()) return Value();
  return sequence(std::move(elements));
}

Result<Value> cons(Machine& machine, Arguments arguments) {
  Value& onto = arguments[1];
  const Shape shape = cons_shape(onto);
  if (onto.is(Kind::kList)) {
    Values items = KSV_TRY(prepend(machine, std::move(onto), std::move(arguments[0])));
    return sequence(std::move(items), shape);
  }
  // (cons x nil) is a list.
  if (onto.is_nil()) return Value::list({std::move(arguments[0])});
  Values items = KSV_TRY(elements_of(machine, std::move(onto)));
  items.insert(items.begin(), std::move(arguments[0]));
  return sequence(std::move(items));
}

Result<Value> concat(Machine& machine, Arguments arguments) {
  Values all;
  for (Value& part : arguments) {
    Values elements = KSV_TRY(elements_of(machine, std::move(part)));
    if (all.empty()) {
      all = std::move(elements);
    } else {
      all.insert(all.end(), std::make_move_iterator(elements.begin()),
                 std::make_move_iterator(elements.end()));
    }
  }
  return lazy(std::move(all));
}

Result<Value> reverse(Machine& machine, Arguments arguments) {
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments[0])));
  std::reverse(elements.begin(), elements.end());
  return Value::list(std::move(elements));
}

Result<Value> interleave(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return Value::list({});
  std::vector<Cursor> cursors;
  bool all_endless = true;
  for (Value& source : arguments) {
    Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(source)));
    all_endless = all_endless && cursor.is_endless();
    cursors.push_back(std::move(cursor));
  }
  if (all_endless) return endless();
  Values all;
  std::size_t rounds = cursors[0].left();
  for (const Cursor& cursor : cursors) rounds = std::min(rounds, cursor.left());
  for (std::size_t round = 0; round < rounds; ++round) {
    KSV_CHECK(machine.grow(cursors.size()));
    for (Cursor& cursor : cursors) {
      Value found;
      cursor.next(found);
      all.push_back(std::move(found));
    }
  }
  return lazy(std::move(all));
}

// The values that are no lists, sequences or vectors, from the inside out. Depth is bounded by that
// of values.
Status flatten_into(Machine& machine, const Value& value, Values& into) {
  if (!machine.spend()) return machine.out_of_steps();
  if (endless_of(value) != nullptr) return endless();
  if (!value.is_sequential()) {
    if (!machine.take(sizeof(Value))) return machine.out_of_memory();
    into.push_back(value);
    return ok();
  }
  for (const Value& item : value.items()) KSV_CHECK(flatten_into(machine, item, into));
  return ok();
}

Result<Value> flatten(Machine& machine, Arguments arguments) {
  Values all;
  if (arguments[0].is_sequential() || endless_of(arguments[0]) != nullptr) {
    KSV_CHECK(flatten_into(machine, arguments[0], all));
  }
  return lazy(std::move(all));
}

// What & binds when a vector pattern is matched.
Result<Value> rest_of_pattern(Machine& machine, Arguments arguments) {
  if (arguments[0].is_nil()) return Value();
  return after(machine, std::move(arguments[0]), static_cast<std::size_t>(arguments[1].as_long()),
               After::kNext);
}

// What a map pattern is matched with: a sequence holds keyword arguments, perhaps with a map last.
Result<Value> map_of_pattern(Machine& machine, Arguments arguments) {
  Value& source = arguments[0];
  if (!is_seq(source)) return std::move(source);
  Values elements = KSV_TRY(elements_of(machine, std::move(source)));
  if (elements.empty()) return Value::map();
  if (elements.size() == 1) return std::move(elements[0]);
  Table table;
  std::size_t i = 0;
  for (; i + 1 < elements.size(); i += 2) {
    KSV_CHECK(machine.pay_walk(elements[i]));
    KSV_CHECK(machine.grow(4));
    KSV_CHECK(check_key(machine, table, elements[i]));
    table.put(std::move(elements[i]), std::move(elements[i + 1]));
  }
  Value map = Value::map(std::move(table));
  if (map.table().size() > kArrayMapMax) map.set_shape(Shape::kOrdered);
  if (i < elements.size()) {
    const Value& trailing = elements[i];
    const bool map_like = trailing.is_nil() || trailing.is(Kind::kMap);
    if (!map_like) return failure("no value for the key " + kind_excerpt(trailing));
    map = KSV_TRY(conjoin(machine, std::move(map), std::move(elements[i])));
  }
  return map;
}

Result<Value> condition(Machine&, Arguments arguments) {
  if (arguments[0].is_truthy()) return Value();
  return failure("does not hold: " + arguments[1].as_string());
}

Result<Value> no_clause(Machine&, Arguments arguments) {
  return failure("no clause for " + kind_excerpt(arguments[0]));
}

constexpr BuiltinInfo kBuiltins[] = {
    {"first", 1, 1, first, "the first element, or nil", "(first [1 2]) => 1"},
    {"second", 1, 1, second, "the second element, or nil", "(second [1 2]) => 2"},
    {"last", 1, 1, last, "the last element, or nil", "(last [1 2]) => 2"},
    {"rest", 1, 1, rest, "the elements after the first", "(rest [1]) => ()"},
    {"next", 1, 1, next, "the elements after the first, or nil", "(next [1]) => nil"},
    {"butlast", 1, 1, butlast, "the elements before the last, or nil", "(butlast [1 2]) => (1)"},
    {"seq", 1, 1, seq, "the elements, or nil when there are none", "(seq []) => nil"},
    {"cons", 2, 2, cons, "with an element before all others", "(cons 0 [1 2]) => (0 1 2)"},
    {"concat", 0, kAnyArity, concat, "the elements of all collections",
     "(concat [1] [2 3]) => (1 2 3)"},
    {"reverse", 1, 1, reverse, "the elements from the last to the first",
     "(reverse [1 2]) => (2 1)"},
    {"interleave", 0, kAnyArity, interleave, "the first of each, then the second of each ...",
     "(interleave [1 2] [:a :b]) => (1 :a 2 :b)"},
    {"flatten", 1, 1, flatten, "what is in nested vectors and lists, in one sequence",
     "(flatten [1 [2 [3]]]) => (1 2 3)"},
};

constexpr BuiltinInfo kExpansions[] = {
    {"(rest of pattern)", 2, 2, rest_of_pattern, "", ""},
    {"(map of pattern)", 1, 1, map_of_pattern, "", ""},
    {"(condition)", 2, 2, condition, "", ""},
    {"(no clause)", 1, 1, no_clause, "", ""},
};

}  // namespace

std::span<const BuiltinInfo> sequence_builtins() { return kBuiltins; }
std::span<const BuiltinInfo> expansion_builtins() { return kExpansions; }

}  // namespace ksv::expr
