// The number tower: Clojure's arithmetic, comparison and conversion across the kinds of number.
//
// Kinds mix as clojure.lang.Numbers has it: a double (or float, which computes as a double) takes
// over everything, then a decimal, then a ratio, then a bigint, then a long. Where an argument is
// no number the error says so by kind only; callers who can print the value check first. All errors
// are kFunction. Results larger than limits::kNumberDigitsMax are refused before they are computed.
#pragma once

#include <compare>
#include <cstdint>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// Clojure's `=` on two numbers: integers of any width by value, floating point by value (a float
// equals the double of the same value; NaN equals nothing), decimals by value (1.0M = 1.00M),
// ratios by value; never across these four categories.
bool numbers_equal(const Value& a, const Value& b);

// Agrees with numbers_equal.
std::uint64_t number_hash(const Value& number);

// `<`, `==` and their like across kinds; unordered when a NaN is compared. A ratio that has no
// exact decimal form cannot be compared with a decimal.
Result<std::partial_ordering> order_numbers(const Value& a, const Value& b);
// `compare`: -1, 0 or 1; a NaN is 0 with everything.
Result<int> compare_numbers(const Value& a, const Value& b);

// `zero?`, `pos?`, `neg?`. The value must be a number.
bool is_zero(const Value& number);
bool is_positive(const Value& number);
bool is_negative(const Value& number);
// `odd?`: an error on anything but a long or bigint.
Result<bool> is_odd(const Value& integer);
bool is_nan(const Value& value);  // false for what is no floating point number

// What becomes of a long that does not fit: `+` has it as an error, `+'` as a bigint.
enum class Overflow { kError, kPromote };

Result<Value> add(const Value& a, const Value& b, Overflow overflow = Overflow::kError);
Result<Value> subtract(const Value& a, const Value& b, Overflow overflow = Overflow::kError);
Result<Value> multiply(const Value& a, const Value& b, Overflow overflow = Overflow::kError);
Result<Value> negate(const Value& a, Overflow overflow = Overflow::kError);
Result<Value> increment(const Value& a, Overflow overflow = Overflow::kError);
Result<Value> decrement(const Value& a, Overflow overflow = Overflow::kError);
Result<Value> divide(const Value& a, const Value& b);     // `/`
Result<Value> quotient(const Value& a, const Value& b);   // `quot`
Result<Value> remainder(const Value& a, const Value& b);  // `rem`
Result<Value> modulo(const Value& a, const Value& b);     // `mod`
Result<Value> absolute(const Value& a);                   // `abs`
Result<Value> minimum(const Value& a, const Value& b);    // the argument itself, as `min` of two
Result<Value> maximum(const Value& a, const Value& b);

// `long`, `int` (a long in the range of 32 bits), `double`, `float`, `bigint`, `bigdec`, `char`.
// long, int and char also take a character; bigint and bigdec a string.
Result<Value> to_long(const Value& a);
Result<Value> to_int(const Value& a);
Result<Value> to_double(const Value& a);
Result<Value> to_float(const Value& a);
Result<Value> to_bigint(const Value& a);
Result<Value> to_decimal(const Value& a);
Result<Value> to_character(const Value& a);
Result<Value> rationalize(const Value& a);
Result<Value> numerator(const Value& ratio);  // a long where it fits
Result<Value> denominator(const Value& ratio);
// Number.doubleValue() of a number.
double double_of(const Value& number);

// `bit-and` and its like, on longs only. Shift distances and bit numbers count modulo 64, as
// Java's.
enum class BitOperation {
  kAnd,
  kOr,
  kXor,
  kAndNot,
  kShiftLeft,
  kShiftRight,
  kUnsignedShiftRight,
  kSet,
  kClear,
  kFlip,
  kTest,  // gives a boolean
};
Result<Value> bit_operation(BitOperation operation, const Value& a, const Value& b);
Result<Value> bit_not(const Value& a);

}  // namespace ksv
