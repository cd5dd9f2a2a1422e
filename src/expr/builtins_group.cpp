// Sorting, counting and grouping.
#include "data/numbers.h"
#include "data/value_order.h"
#include "expr/builtins.h"
#include "expr/cursor.h"
#include "expr/equality.h"
#include "expr/object.h"
#include "expr/require.h"
#include "expr/sorting.h"

namespace ksv::expr {
namespace {

// What a function says of two values when it is used as a comparator: true is "before", a number is
// the order itself.
Result<int> order_by(Machine& machine, const Value& comparator, const Value& a, const Value& b) {
  const Value answer = KSV_TRY(machine.call(comparator, a, b));
  if (answer.is(Kind::kBoolean)) {
    if (answer.as_boolean()) return -1;
    const Value other = KSV_TRY(machine.call(comparator, b, a));
    return other.is_truthy() ? 1 : 0;
  }
  if (!answer.is_number()) return expected("a number or boolean from the comparator", answer);
  const Value whole = KSV_TRY(to_long(answer));
  // Number.intValue keeps the low 32 bits.
  const auto low = static_cast<std::int32_t>(static_cast<std::uint64_t>(whole.as_long()));
  return low < 0 ? -1 : (low > 0 ? 1 : 0);
}

Status require_comparator(const Value& value) {
  if (callable_of(value) == nullptr) return expected("a function as the comparator", value);
  return ok();
}

struct Keyed {
  Value key;
  Value value;
};

// More items than Java sorts by insertion. A comparison that is not consistent, as none with ##NaN
// is, gives Java's order only to Java's steps.
template <typename Compare>
Status sort_long(Machine& machine, std::vector<Keyed>& items, const Compare& compare) {
  for (const Keyed& item : items) {
    const bool found = KSV_TRY(holds_nan(machine, item.key));
    if (found) return failure("##NaN has no place in the order of more than 31 values");
  }
  KSV_CHECK(merge_sort<Keyed>(machine, items, compare));
  const bool consistent = KSV_TRY(is_consistent(items, compare));
  if (consistent) return ok();
  return failure(
      "the comparison is not consistent, as < and > are but <= and >= are not, and so gives no "
      "certain order of more than 31 values");
}

Result<Value> sorted(Machine& machine, std::vector<Keyed> items, const Value* comparator) {
  KSV_CHECK(machine.grow(items.size() * 4));
  const auto compare = [&](const Keyed& a, const Keyed& b) -> Result<int> {
    if (comparator == nullptr) {
      KSV_CHECK(machine.pay_walk(a.key));
      return compare_values(a.key, b.key);
    }
    return order_by(machine, *comparator, a.key, b.key);
  };
  if (items.size() <= kInsertionMax) {
    KSV_CHECK(insertion_sort<Keyed>(machine, items, compare));
  } else {
    KSV_CHECK(sort_long(machine, items, compare));
  }
  Values results;
  results.reserve(items.size());
  for (Keyed& item : items) results.push_back(std::move(item.value));
  return sequence(std::move(results));
}

Result<Value> sort(Machine& machine, Arguments arguments) {
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments.back())));
  if (arguments.size() == 2 && !elements.empty()) KSV_CHECK(require_comparator(arguments[0]));
  std::vector<Keyed> items;
  items.reserve(elements.size());
  for (Value& element : elements) {
    Value key = element;
    items.push_back({std::move(key), std::move(element)});
  }
  return sorted(machine, std::move(items), arguments.size() == 2 ? &arguments[0] : nullptr);
}

Result<Value> sort_by(Machine& machine, Arguments arguments) {
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments.back())));
  if (arguments.size() == 3 && !elements.empty()) KSV_CHECK(require_comparator(arguments[1]));
  std::vector<Keyed> items;
  items.reserve(elements.size());
  const bool compares = elements.size() > 1;
  for (Value& element : elements) {
    Value key;
    if (compares) key = KSV_TRY(machine.call(arguments[0], element));
    items.push_back({std::move(key), std::move(element)});
  }
  return sorted(machine, std::move(items), arguments.size() == 3 ? &arguments[1] : nullptr);
}

Result<Value> group_by(Machine& machine, Arguments arguments) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments[1])));
  if (cursor.is_endless()) return endless();
  // The groups are built outside of the map, so that each grows in place.
  Table places;
  std::vector<Values> groups;
  Value element;
  while (cursor.next(element)) {
    if (!machine.take(5 * sizeof(Value))) return machine.out_of_memory();
    Value key = KSV_TRY(machine.call(arguments[0], element));
    KSV_CHECK(machine.pay_walk(key));
    KSV_CHECK(check_key(machine, places, key));
    if (const Value* place = places.value_of(key)) {
      groups[static_cast<std::size_t>(place->as_long())].push_back(std::move(element));
      continue;
    }
    places.put(std::move(key), Value::integer(static_cast<std::int64_t>(groups.size())));
    groups.emplace_back();
    groups.back().push_back(std::move(element));
  }
  Table table;
  table.reserve(groups.size());
  for (const Table::Entry& place : places) {
    Values& group = groups[static_cast<std::size_t>(place.value.as_long())];
    table.put(place.key, Value::vector(std::move(group)));
  }
  return Value::map(std::move(table));
}

Result<Value> frequencies(Machine& machine, Arguments arguments) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments[0])));
  if (cursor.is_endless()) return endless();
  Table table;
  Value element;
  while (cursor.next(element)) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    KSV_CHECK(machine.pay_walk(element));
    KSV_CHECK(check_key(machine, table, element));
    const Value* count = table.value_of(element);
    const std::int64_t next = count == nullptr ? 1 : count->as_long() + 1;
    table.put(std::move(element), Value::integer(next));
  }
  return Value::map(std::move(table));
}

// (max-key f x) gives x unseen; of equals the last wins, but of the first two by a strict
// comparison.
template <bool Greatest>
Result<Value> extreme_by(Machine& machine, Arguments arguments) {
  const Arguments values = arguments.subspan(1);
  if (values.size() == 1) return std::move(values[0]);
  std::size_t best = 0;
  Value best_key = KSV_TRY(machine.call(arguments[0], values[0]));
  for (std::size_t i = 1; i < values.size(); ++i) {
    Value key = KSV_TRY(machine.call(arguments[0], values[i]));
    KSV_CHECK(require_number(best_key));
    KSV_CHECK(require_number(key));
    const std::partial_ordering order = KSV_TRY(order_numbers(key, best_key));
    // The first pair keeps x only when (f x) is strictly better; an unordered pair does not.
    const bool keeps = Greatest ? order < 0 : order > 0;
    const bool takes = Greatest ? order >= 0 : order <= 0;
    if (i == 1 ? keeps : !takes) continue;
    best = i;
    best_key = std::move(key);
  }
  return std::move(values[best]);
}

constexpr BuiltinInfo kBuiltins[] = {
    {"sort", 1, 2, sort, "in order, or in the order of a comparator",
     "(sort > [1 3 2]) => (3 2 1)"},
    {"sort-by", 2, 3, sort_by, "in the order of what a function gives",
     "(sort-by :n [{:n 2} {:n 1}]) => ({:n 1} {:n 2})"},
    {"group-by", 2, 2, group_by, "a map of what a function gives to the elements that gave it",
     "(group-by odd? [1 2 3]) => {true [1 3], false [2]}"},
    {"frequencies", 1, 1, frequencies, "a map of the elements to how often they occur",
     "(frequencies [:a :b :a]) => {:a 2, :b 1}"},
    {"max-key", 2, kAnyArity, extreme_by<true>, "the value for which a function gives the most",
     "(max-key count \"a\" \"abc\") => \"abc\""},
    {"min-key", 2, kAnyArity, extreme_by<false>, "the value for which a function gives the least",
     "(min-key count \"a\" \"abc\") => \"a\""},
};

}  // namespace

std::span<const BuiltinInfo> group_builtins() { return kBuiltins; }

}  // namespace ksv::expr
