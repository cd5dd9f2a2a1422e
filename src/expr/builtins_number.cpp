// Conversion between the kinds of number, and bits.
#include "data/numbers.h"
#include "expr/builtins.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

using Conversion = Result<Value> (*)(const Value&);

template <Conversion Convert>
Result<Value> from_number(Machine&, Arguments arguments) {
  KSV_CHECK(require_number(arguments[0]));
  return Convert(arguments[0]);
}

template <Conversion Convert, Kind Other>
Result<Value> from_number_or(Machine&, Arguments arguments) {
  if (!arguments[0].is(Other)) KSV_CHECK(require_number(arguments[0]));
  return Convert(arguments[0]);
}

// (rationalize nil) is nil, as a cast of nil succeeds.
Result<Value> rationalized(Machine&, Arguments arguments) {
  if (arguments[0].is_nil()) return Value();
  KSV_CHECK(require_number(arguments[0]));
  return rationalize(arguments[0]);
}

// An Integer of Java, where `long` gives a Long.
Result<Value> boxed_int(const Value& value) {
  Value result = KSV_TRY(to_int(value));
  result.set_shape(Shape::kBoxed);
  return result;
}

// A BigInt, also of a BigInteger.
Result<Value> plain_bigint(const Value& value) {
  Value result = KSV_TRY(to_bigint(value));
  result.set_shape(Shape::kNone);
  return result;
}

// A BigInteger of Java: (inc (numerator 1/2)) is 2N.
template <BigInteger Ratio::*Part>
Result<Value> ratio_part(Machine&, Arguments arguments) {
  if (!arguments[0].is(Kind::kRatio)) return expected("a ratio", arguments[0]);
  Value result = Value::bigint(arguments[0].as_ratio().*Part);
  result.set_shape(Shape::kBoxed);
  return result;
}

Result<Value> truth(Machine&, Arguments arguments) {
  return Value::boolean(arguments[0].is_truthy());
}

template <BitOperation Operation>
Result<Value> bits_of_two(Machine&, Arguments arguments) {
  for (const Value& argument : arguments) {
    if (!argument.is(Kind::kLong)) return expected("an integer", argument);
  }
  Value result = std::move(arguments[0]);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result = KSV_TRY(bit_operation(Operation, result, arguments[i]));
  }
  return result;
}

Result<Value> bits_flipped(Machine&, Arguments arguments) {
  if (!arguments[0].is(Kind::kLong)) return expected("an integer", arguments[0]);
  return bit_not(arguments[0]);
}

constexpr BuiltinInfo kNumbers[] = {
    {"int", 1, 1, from_number_or<boxed_int, Kind::kChar>,
     "as an integer of 32 bits, without its fraction; of a character, its code", "(int 5.9) => 5"},
    {"long", 1, 1, from_number_or<to_long, Kind::kChar>,
     "as an integer of 64 bits, without its fraction", "(long -5.9) => -5"},
    {"double", 1, 1, from_number<to_double>, "as a double", "(double 1/4) => 0.25"},
    {"float", 1, 1, from_number<to_float>, "as a float of 32 bits", "(double (float 0.5)) => 0.5"},
    {"bigint", 1, 1, from_number_or<plain_bigint, Kind::kString>, "as an integer of any size",
     "(bigint 5) => 5N"},
    {"bigdec", 1, 1, from_number_or<to_decimal, Kind::kString>, "as a decimal",
     "(bigdec \"1.50\") => 1.50M"},
    {"rationalize", 1, 1, rationalized, "the ratio that the number is written as",
     "(rationalize 0.25) => 1/4"},
    {"numerator", 1, 1, ratio_part<&Ratio::numerator>, "the upper part of a ratio",
     "(numerator 2/3) => 2"},
    {"denominator", 1, 1, ratio_part<&Ratio::denominator>, "the lower part of a ratio",
     "(denominator 2/3) => 3"},
    {"char", 1, 1, from_number_or<to_character, Kind::kChar>, "the character with that code",
     "(char 97) => \\a"},
    {"boolean", 1, 1, truth, "false for nil and false, else true", "(boolean nil) => false"},
};

constexpr BuiltinInfo kBits[] = {
    {"bit-and", 2, kAnyArity, bits_of_two<BitOperation::kAnd>, "bitwise and",
     "(bit-and 12 10) => 8"},
    {"bit-or", 2, kAnyArity, bits_of_two<BitOperation::kOr>, "bitwise or", "(bit-or 12 10) => 14"},
    {"bit-xor", 2, kAnyArity, bits_of_two<BitOperation::kXor>, "bitwise exclusive or",
     "(bit-xor 12 10) => 6"},
    {"bit-and-not", 2, kAnyArity, bits_of_two<BitOperation::kAndNot>,
     "bitwise and with the complement", "(bit-and-not 15 4) => 11"},
    {"bit-not", 1, 1, bits_flipped, "bitwise complement", "(bit-not 0) => -1"},
    {"bit-shift-left", 2, 2, bits_of_two<BitOperation::kShiftLeft>, "shifted to the left",
     "(bit-shift-left 1 4) => 16"},
    {"bit-shift-right", 2, 2, bits_of_two<BitOperation::kShiftRight>,
     "shifted to the right, keeping the sign", "(bit-shift-right -256 4) => -16"},
    {"unsigned-bit-shift-right", 2, 2, bits_of_two<BitOperation::kUnsignedShiftRight>,
     "shifted to the right, zeros coming in", "(unsigned-bit-shift-right -1 60) => 15"},
    {"bit-set", 2, 2, bits_of_two<BitOperation::kSet>, "with that bit set", "(bit-set 0 3) => 8"},
    {"bit-clear", 2, 2, bits_of_two<BitOperation::kClear>, "with that bit cleared",
     "(bit-clear 15 0) => 14"},
    {"bit-flip", 2, 2, bits_of_two<BitOperation::kFlip>, "with that bit turned over",
     "(bit-flip 5 1) => 7"},
    {"bit-test", 2, 2, bits_of_two<BitOperation::kTest>, "whether that bit is set",
     "(bit-test 8 3) => true"},
};

}  // namespace

std::span<const BuiltinInfo> number_builtins() { return kNumbers; }
std::span<const BuiltinInfo> bit_builtins() { return kBits; }

}  // namespace ksv::expr
