// The functions of clojure.set: sets, and sets of maps as relations.
#include <algorithm>

#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

// (count x) for the choice of the smaller or larger; nil counts nothing.
Result<std::size_t> size_of(Machine& machine, const Value& value) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, value));
  if (cursor.is_endless()) return endless();
  return cursor.left();
}

// clojure.set does not look at kinds: the largest takes in what the others hold.
Result<Value> set_union(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return Value::set();
  if (arguments.size() == 1) return std::move(arguments[0]);
  std::size_t largest = 0;
  std::size_t largest_size = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t size = KSV_TRY(size_of(machine, arguments[i]));
    // Of two the second must be larger to be taken; of more, the last of the largest is.
    const bool takes = arguments.size() == 2 ? size > largest_size : size >= largest_size;
    if (i > 0 && !takes) continue;
    largest = i;
    largest_size = size;
  }
  Value result = std::move(arguments[largest]);
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i == largest) continue;
    // One and the same list is left out of more than two, an equal one is not.
    const bool repeats = result.is_sequential() && !result.items().empty() &&
                         arguments.size() > 2 && arguments[i].kind() == result.kind();
    if (repeats) KSV_CHECK(machine.pay_walk(result));
    if (repeats && arguments[i] == result) {
      return expected("sets, or no two equal lists or vectors", arguments[i]);
    }
    Values elements = KSV_TRY(elements_of(machine, std::move(arguments[i])));
    result = KSV_TRY(conjoin_all(machine, std::move(result), std::move(elements)));
  }
  return result;
}

// The elements of the smaller that are in the larger.
Result<Value> intersection_of_two(Machine& machine, Value a, Value b) {
  const std::size_t size_a = KSV_TRY(size_of(machine, a));
  const std::size_t size_b = KSV_TRY(size_of(machine, b));
  if (size_b < size_a) std::swap(a, b);
  const Values elements = KSV_TRY(elements_of(machine, a));
  for (const Value& element : elements) {
    const bool there = KSV_TRY(contains(machine, b, element));
    if (!there) a = KSV_TRY(disjoin(machine, std::move(a), element));
  }
  return a;
}

// Of more than two, the last of the smallest comes first.
Result<Value> intersection(Machine& machine, Arguments arguments) {
  if (arguments.size() > 2) {
    std::size_t smallest = 0;
    std::size_t smallest_size = 0;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::size_t size = KSV_TRY(size_of(machine, arguments[i]));
      // The second takes the place of the first also when both are of one size.
      if (i > 0 && size > smallest_size) continue;
      smallest = i;
      smallest_size = size;
    }
    std::rotate(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(smallest),
                arguments.begin() + static_cast<std::ptrdiff_t>(smallest) + 1);
  }
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result = KSV_TRY(intersection_of_two(machine, std::move(result), std::move(arguments[i])));
  }
  return result;
}

Result<Value> difference(Machine& machine, Arguments arguments) {
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::size_t size = KSV_TRY(size_of(machine, result));
    const std::size_t other_size = KSV_TRY(size_of(machine, arguments[i]));
    if (size < other_size) {
      const Values elements = KSV_TRY(elements_of(machine, result));
      for (const Value& element : elements) {
        const bool there = KSV_TRY(contains(machine, arguments[i], element));
        if (there) result = KSV_TRY(disjoin(machine, std::move(result), element));
      }
    } else {
      const Values elements = KSV_TRY(elements_of(machine, arguments[i]));
      for (const Value& element : elements) {
        result = KSV_TRY(disjoin(machine, std::move(result), element));
      }
    }
  }
  return result;
}

Result<Value> is_subset(Machine& machine, const Value& small, const Value& large) {
  const std::size_t size = KSV_TRY(size_of(machine, small));
  const std::size_t large_size = KSV_TRY(size_of(machine, large));
  if (size > large_size) return Value::boolean(false);
  const Values elements = KSV_TRY(elements_of(machine, small));
  for (const Value& element : elements) {
    const bool there = KSV_TRY(contains(machine, large, element));
    if (!there) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Result<Value> subset(Machine& machine, Arguments arguments) {
  return is_subset(machine, arguments[0], arguments[1]);
}

Result<Value> superset(Machine& machine, Arguments arguments) {
  return is_subset(machine, arguments[1], arguments[0]);
}

Result<Value> select(Machine& machine, Arguments arguments) {
  Value result = arguments[1];
  const Values elements = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  for (const Value& element : elements) {
    const Value holds = KSV_TRY(machine.call(arguments[0], element));
    if (!holds.is_truthy()) result = KSV_TRY(disjoin(machine, std::move(result), element));
  }
  return result;
}

constexpr BuiltinInfo kBuiltins[] = {
    {"set/union", 0, kAnyArity, set_union, "the elements of any of the sets",
     "(set/union #{1} #{2}) => #{1 2}"},
    {"set/intersection", 1, kAnyArity, intersection, "the elements of all the sets",
     "(set/intersection #{1 2} #{2 3}) => #{2}"},
    {"set/difference", 1, kAnyArity, difference, "the elements of the first set that no other has",
     "(set/difference #{1 2} #{2}) => #{1}"},
    {"set/subset?", 2, 2, subset, "whether all elements of the first are in the second",
     "(set/subset? #{1} #{1 2}) => true"},
    {"set/superset?", 2, 2, superset, "whether all elements of the second are in the first",
     "(set/superset? #{1 2} #{1}) => true"},
    {"set/select", 2, 2, select, "the elements for which the function holds",
     "(set/select odd? #{1 2}) => #{1}"},
};

}  // namespace

std::span<const BuiltinInfo> set_builtins() { return kBuiltins; }

}  // namespace ksv::expr
