// Equality and order.
#include <bit>

#include "data/numbers.h"
#include "data/value_order.h"
#include "expr/builtins.h"
#include "expr/equality.h"
#include "expr/require.h"

namespace ksv::expr {

namespace {

Result<Value> equal_all(Machine& machine, Arguments arguments) {
  if (!machine.spend(arguments.size())) return machine.out_of_steps();
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i].depth() > 0) KSV_CHECK(machine.pay_walk(arguments[i - 1]));
    const bool equal = KSV_TRY(equal_values(machine, arguments[i - 1], arguments[i]));
    if (!equal) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Result<Value> unequal(Machine& machine, Arguments arguments) {
  const Value equal = KSV_TRY(equal_all(machine, arguments));
  return Value::boolean(!equal.as_boolean());
}

// Whether each neighbouring pair is in order. One argument is not looked at.
template <bool (*Holds)(std::partial_ordering)>
Result<Value> chain(Machine& machine, Arguments arguments) {
  if (!machine.spend(arguments.size())) return machine.out_of_steps();
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    KSV_CHECK(require_number(arguments[i - 1]));
    KSV_CHECK(require_number(arguments[i]));
    const std::partial_ordering order = KSV_TRY(order_numbers(arguments[i - 1], arguments[i]));
    if (!Holds(order)) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Result<Value> compared(Machine& machine, Arguments arguments) {
  if (arguments[1].depth() > 0) KSV_CHECK(machine.pay_walk(arguments[0]));
  const int order = KSV_TRY(compare_values(arguments[0], arguments[1]));
  Value result = Value::integer(order);
  result.set_shape(Shape::kBoxed);
  return result;
}

Result<Value> negation(Machine&, Arguments arguments) {
  return Value::boolean(!arguments[0].is_truthy());
}

constexpr BuiltinInfo kBuiltins[] = {
    {"=", 1, kAnyArity, equal_all, "whether all are equal; 1 and 1.0 are not", "(= 1 1N) => true"},
    {"not=", 1, kAnyArity, unequal, "whether not all are equal", "(not= 1 1.0) => true"},
    {"==", 1, kAnyArity, chain<std::is_eq>, "whether all numbers are the same, of any kind",
     "(== 1 1.0) => true"},
    {"<", 1, kAnyArity, chain<std::is_lt>, "whether each number is less than the next",
     "(< 1 2 3) => true"},
    {"<=", 1, kAnyArity, chain<std::is_lteq>, "whether no number is greater than the next",
     "(<= 1 1 2) => true"},
    {">", 1, kAnyArity, chain<std::is_gt>, "whether each number is greater than the next",
     "(> 3 2 1) => true"},
    {">=", 1, kAnyArity, chain<std::is_gteq>, "whether no number is less than the next",
     "(>= 2 2 1) => true"},
    {"compare", 2, 2, compared, "negative, 0 or positive: the order of two values of a kind",
     "(compare \"a\" \"c\") => -2"},
    {"not", 1, 1, negation, "true for nil and false, else false", "(not nil) => true"},
};

}  // namespace

std::span<const BuiltinInfo> compare_builtins() { return kBuiltins; }

}  // namespace ksv::expr
