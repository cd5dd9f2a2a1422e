// Sorted maps and sets: ordinary ones whose entries stand in the order of `compare`.
#include <algorithm>

#include "data/numbers.h"
#include "data/value_order.h"
#include "expr/collection.h"
#include "expr/sorting.h"

namespace ksv::expr {
namespace {

// A key alone is compared with nothing, but must be of a kind that can be.
Status check_comparable(const Value& key) {
  switch (key.kind()) {
    case Kind::kNil:
    case Kind::kBoolean:
    case Kind::kChar:
    case Kind::kString:
    case Kind::kSymbol:
    case Kind::kKeyword:
    case Kind::kInst:
    case Kind::kUuid:
    case Kind::kVector: return ok();
    default: break;
  }
  if (!key.is_number()) return expected("a key that can be compared", key);
  return ok();
}

struct Item {
  Value key;
  Value value;
};

// Clojure takes a NaN for equal to whatever it compares it with, which depends on the form of its
// tree.
bool has_nan(const Value& key) {
  if (!key.is(Kind::kVector)) return is_nan(key);
  return std::any_of(key.items().begin(), key.items().end(), has_nan);
}

Error nan_in_order() { return failure("##NaN has no place in the order of a sorted map or set"); }

// Sorts stably and keeps, of equal keys, the first key and the last value.
Result<Table> sorted_table(Machine& machine, std::vector<Item> items) {
  for (const Item& item : items) {
    KSV_CHECK(check_comparable(item.key));
    KSV_CHECK(machine.pay_walk(item.key));
    if (items.size() > 1 && has_nan(item.key)) return nan_in_order();
  }
  const auto compare = [&machine](const Item& a, const Item& b) -> Result<int> {
    KSV_CHECK(machine.pay_walk(a.key));
    return compare_values(a.key, b.key);
  };
  KSV_CHECK(merge_sort<Item>(machine, items, compare));
  KSV_CHECK(machine.grow(items.size() * 4));
  Table table;
  table.reserve(items.size());
  for (std::size_t i = 0; i < items.size();) {
    std::size_t last = i;
    while (last + 1 < items.size()) {
      const int order = KSV_TRY(compare_values(items[last + 1].key, items[i].key));
      if (order != 0) break;
      ++last;
    }
    table.put(std::move(items[i].key), std::move(items[last].value));
    i = last + 1;
  }
  return table;
}

}  // namespace

Result<std::optional<std::size_t>> find_sorted(const Table& table, const Value& key) {
  if (table.size() > 1 && has_nan(key)) return nan_in_order();
  std::size_t low = 0;
  std::size_t high = table.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const int order = KSV_TRY(compare_values(key, table[middle].key));
    if (order == 0) return std::optional<std::size_t>(middle);
    if (order < 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return std::optional<std::size_t>();
}

Result<Value> sorted_map(Machine& machine, Values keys_and_values) {
  std::vector<Item> items;
  items.reserve(keys_and_values.size() / 2);
  for (std::size_t i = 0; i + 1 < keys_and_values.size(); i += 2) {
    items.push_back({std::move(keys_and_values[i]), std::move(keys_and_values[i + 1])});
  }
  Table table = KSV_TRY(sorted_table(machine, std::move(items)));
  Value map = Value::map(std::move(table));
  map.set_shape(Shape::kSorted);
  return map;
}

Result<Value> sorted_set(Machine& machine, Values elements) {
  std::vector<Item> items;
  items.reserve(elements.size());
  for (Value& element : elements) items.push_back({std::move(element), Value()});
  Table table = KSV_TRY(sorted_table(machine, std::move(items)));
  Value set = Value::set(std::move(table));
  set.set_shape(Shape::kSorted);
  return set;
}

}  // namespace ksv::expr
