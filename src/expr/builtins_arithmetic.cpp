// Arithmetic: + - * / and their like, across all kinds of number.
#include <cstdint>
#include <utility>

#include "data/numbers.h"
#include "expr/builtins.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

using Binary = Result<Value> (*)(const Value&, const Value&);

Result<Value> plus(const Value& a, const Value& b) { return add(a, b); }
Result<Value> plus_promoting(const Value& a, const Value& b) {
  return add(a, b, Overflow::kPromote);
}
Result<Value> minus(const Value& a, const Value& b) { return subtract(a, b); }
Result<Value> minus_promoting(const Value& a, const Value& b) {
  return subtract(a, b, Overflow::kPromote);
}
Result<Value> times(const Value& a, const Value& b) { return multiply(a, b); }
Result<Value> times_promoting(const Value& a, const Value& b) {
  return multiply(a, b, Overflow::kPromote);
}

template <Binary Operation>
Result<Value> fold(Machine& machine, Arguments arguments) {
  for (const Value& argument : arguments) KSV_CHECK(require_number(argument));
  if (!machine.spend(arguments.size())) return machine.out_of_steps();
  Value result = arguments[0];
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result = KSV_TRY(Operation(result, arguments[i]));
    // min and max give an argument itself.
    if (Operation != minimum && Operation != maximum) result.set_shape(Shape::kNone);
  }
  return result;
}

// (+) is 0 and (*) is 1; (+ nil) is nil, as a cast of nil succeeds.
template <Binary Operation, std::int64_t Identity>
Result<Value> fold_from(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return Value::integer(Identity);
  if (arguments.size() == 1 && arguments[0].is_nil()) return Value();
  return fold<Operation>(machine, arguments);
}

template <Binary Operation, Overflow Mode>
Result<Value> subtraction(Machine& machine, Arguments arguments) {
  if (arguments.size() > 1) return fold<Operation>(machine, arguments);
  KSV_CHECK(require_number(arguments[0]));
  Value result = KSV_TRY(negate(arguments[0], Mode));
  result.set_shape(Shape::kNone);
  return result;
}

// a / b, of which the least long by -1 is the least long again.
std::int64_t wrapped_quotient(std::int64_t a, std::int64_t b) {
  return b == -1 ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(a)) : a / b;
}

// Whether Clojure, which reduces a fraction of longs in 64 bits, gets it wrong: the least long
// keeps its sign when it is negated.
bool overflows_reduced(std::int64_t n, std::int64_t d) {
  std::int64_t divisor = n;
  for (std::int64_t rest = d; rest != 0;) {
    const std::int64_t next = rest == -1 ? 0 : divisor % rest;
    divisor = std::exchange(rest, next);
  }
  std::int64_t upper = wrapped_quotient(n, divisor);
  std::int64_t lower = wrapped_quotient(d, divisor);
  if (lower < 0) {
    upper = wrapped_quotient(upper, -1);
    lower = wrapped_quotient(lower, -1);
  }
  return lower < 0 || (upper < 0) != ((n < 0) != (d < 0));
}

Result<Value> divided(const Value& a, const Value& b) {
  Value result = KSV_TRY(divide(a, b));
  const bool of_longs = result.is(Kind::kRatio) && a.is(Kind::kLong) && b.is(Kind::kLong);
  if (of_longs && overflows_reduced(a.as_long(), b.as_long())) {
    return failure(
        "the ratio of -9223372036854775808 overflows in Clojure, which gives a wrong one: make "
        "one of the numbers a bigint");
  }
  return result;
}

Result<Value> division(Machine& machine, Arguments arguments) {
  if (arguments.size() > 1) return fold<divided>(machine, arguments);
  KSV_CHECK(require_number(arguments[0]));
  return divided(Value::integer(1), arguments[0]);
}

Result<Value> divide_doubles(const Value& a, const Value& b) {
  return Value::real(double_of(a) / double_of(b));
}

template <Result<Value> (*Operation)(const Value&, Overflow), Overflow Mode>
Result<Value> step(Machine&, Arguments arguments) {
  KSV_CHECK(require_number(arguments[0]));
  Value result = KSV_TRY(Operation(arguments[0], Mode));
  result.set_shape(Shape::kNone);
  return result;
}

template <Binary Operation>
Result<Value> of_two(Machine&, Arguments arguments) {
  KSV_CHECK(require_number(arguments[0]));
  KSV_CHECK(require_number(arguments[1]));
  Value result = KSV_TRY(Operation(arguments[0], arguments[1]));
  result.set_shape(Shape::kNone);
  return result;
}

// One argument is given back unseen, whatever it is.
template <Binary Operation>
Result<Value> extreme(Machine& machine, Arguments arguments) {
  if (arguments.size() == 1) return std::move(arguments[0]);
  return fold<Operation>(machine, arguments);
}

Result<Value> abs_value(Machine&, Arguments arguments) {
  KSV_CHECK(require_number(arguments[0]));
  Value result = KSV_TRY(absolute(arguments[0]));
  result.set_shape(Shape::kNone);
  return result;
}

constexpr BuiltinInfo kBuiltins[] = {
    {"+", 0, kAnyArity, fold_from<plus, 0>, "the sum; an integer overflow is an error",
     "(+ 1 2 3) => 6"},
    {"+'", 0, kAnyArity, fold_from<plus_promoting, 0>, "the sum, of any size",
     "(+' 9223372036854775807 1) => 9223372036854775808N"},
    {"-", 1, kAnyArity, subtraction<minus, Overflow::kError>,
     "the difference, or the negation of one number", "(- 10 1 2) => 7"},
    {"-'", 1, kAnyArity, subtraction<minus_promoting, Overflow::kPromote>,
     "the difference, of any size", "(-' -9223372036854775808) => 9223372036854775808N"},
    {"*", 0, kAnyArity, fold_from<times, 1>, "the product; an integer overflow is an error",
     "(* 2 3 4) => 24"},
    {"*'", 0, kAnyArity, fold_from<times_promoting, 1>, "the product, of any size",
     "(*' 99999999999 99999999999) => 9999999999800000000001N"},
    {"/", 1, kAnyArity, division, "the quotient, exact between integers; of one number, 1/x",
     "(/ 10 4) => 5/2"},
    {"inc", 1, 1, step<increment, Overflow::kError>, "one more", "(inc 41) => 42"},
    {"inc'", 1, 1, step<increment, Overflow::kPromote>, "one more, of any size",
     "(inc' 9223372036854775807) => 9223372036854775808N"},
    {"dec", 1, 1, step<decrement, Overflow::kError>, "one less", "(dec 43) => 42"},
    {"dec'", 1, 1, step<decrement, Overflow::kPromote>, "one less, of any size",
     "(dec' -9223372036854775808) => -9223372036854775809N"},
    {"quot", 2, 2, of_two<quotient>, "the quotient without its fraction", "(quot -7 2) => -3"},
    {"rem", 2, 2, of_two<remainder>, "the remainder, with the sign of the first number",
     "(rem -7 3) => -1"},
    {"mod", 2, 2, of_two<modulo>, "the remainder, with the sign of the second number",
     "(mod -7 3) => 2"},
    {"min", 1, kAnyArity, extreme<minimum>, "the least of the numbers", "(min 3 1 2) => 1"},
    {"max", 1, kAnyArity, extreme<maximum>, "the greatest of the numbers", "(max 3 1 2) => 3"},
    {"abs", 1, 1, abs_value, "the number without its sign", "(abs -5) => 5"},
};

}  // namespace

std::span<const BuiltinInfo> arithmetic_builtins() { return kBuiltins; }

const BuiltinInfo& primitive_division() {
  static constexpr BuiltinInfo kDivision{"/", 2, kAnyArity, fold<divide_doubles>, "", ""};
  return kDivision;
}

Status require_number(const Value& value) {
  if (!value.is_number()) return expected("a number", value);
  return ok();
}

}  // namespace ksv::expr
