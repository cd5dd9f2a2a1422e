// Bit operations on longs.
#include <string>

#include "data/numbers.h"

namespace ksv {
namespace {

Result<std::uint64_t> bits_of(const Value& value) {
  if (value.is(Kind::kLong)) return static_cast<std::uint64_t>(value.as_long());
  return Error(ErrorCode::kFunction,
               "bit operations take integers of 64 bits, not " + kind_phrase(value.kind()));
}

Value from_bits(std::uint64_t bits) { return Value::integer(static_cast<std::int64_t>(bits)); }

}  // namespace

Result<Value> bit_operation(BitOperation operation, const Value& a, const Value& b) {
  const std::uint64_t x = KSV_TRY(bits_of(a));
  const std::uint64_t y = KSV_TRY(bits_of(b));
  const unsigned distance = y & 63;
  const std::uint64_t bit = std::uint64_t{1} << distance;
  switch (operation) {
    case BitOperation::kAnd: return from_bits(x & y);
    case BitOperation::kOr: return from_bits(x | y);
    case BitOperation::kXor: return from_bits(x ^ y);
    case BitOperation::kAndNot: return from_bits(x & ~y);
    case BitOperation::kShiftLeft: return from_bits(x << distance);
    case BitOperation::kShiftRight: return Value::integer(a.as_long() >> distance);
    case BitOperation::kUnsignedShiftRight: return from_bits(x >> distance);
    case BitOperation::kSet: return from_bits(x | bit);
    case BitOperation::kClear: return from_bits(x & ~bit);
    case BitOperation::kFlip: return from_bits(x ^ bit);
    case BitOperation::kTest: return Value::boolean((x & bit) != 0);
  }
  return Error(ErrorCode::kInternal, "unknown bit operation");
}

Result<Value> bit_not(const Value& a) {
  const std::uint64_t x = KSV_TRY(bits_of(a));
  return from_bits(~x);
}

}  // namespace ksv
