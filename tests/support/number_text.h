// Numbers in the exact notation of tests/golden/numbers: 1, 1N, 1/2, 1.5M, d:<bits>, f:<bits>,
// c:<char>.
#pragma once

#include <bit>
#include <charconv>
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <string_view>

#include "ksv/value.h"

#include "data/decimal.h"
#include "data/java_number_text.h"

namespace ksv::testing {

inline std::uint64_t parse_bits(std::string_view hex) {
  std::uint64_t bits = 0;
  const auto end = std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16);
  REQUIRE(end.ptr == hex.data() + hex.size());
  return bits;
}

inline BigInteger parse_integer(std::string_view text) {
  const auto integer = BigInteger::parse(text);
  REQUIRE(integer.has_value());
  return *integer;
}

inline Value parse_number(std::string_view text) {
  const std::string_view rest = text.substr(0, text.size() - 1);
  if (text.starts_with("d:")) return Value::real(std::bit_cast<double>(parse_bits(text.substr(2))));
  if (text.starts_with("f:")) {
    return Value::real32(
        std::bit_cast<float>(static_cast<std::uint32_t>(parse_bits(text.substr(2)))));
  }
  if (text.ends_with('N')) return Value::bigint(parse_integer(rest));
  if (text.ends_with('M')) {
    const Result<Decimal> decimal = parse_decimal(rest);
    REQUIRE(decimal.has_value());
    return Value::decimal(*decimal);
  }
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    return Value::ratio(
        {parse_integer(text.substr(0, slash)), parse_integer(text.substr(slash + 1))});
  }
  const auto small = parse_integer(text).to_long();
  REQUIRE(small.has_value());
  return Value::integer(*small);
}

inline std::string bits_text(std::uint64_t bits, int digits) {
  std::string text(static_cast<std::size_t>(digits), '0');
  for (std::size_t i = text.size(); i-- > 0; bits >>= 4) text[i] = "0123456789abcdef"[bits & 15];
  return text;
}

// Every NaN is written with the bits of Java's.
inline std::string number_text(const Value& value) {
  switch (value.kind()) {
    case Kind::kBoolean: return value.as_boolean() ? "true" : "false";
    case Kind::kLong: return std::to_string(value.as_long());
    case Kind::kBigInt: return value.as_bigint().to_string() + "N";
    case Kind::kRatio:
      return value.as_ratio().numerator.to_string() + "/" +
             value.as_ratio().denominator.to_string();
    case Kind::kDecimal: return java_decimal_text(value.as_decimal()) + "M";
    case Kind::kChar: return "c:" + std::to_string(value.as_char());
    case Kind::kFloat:
      if (value.as_float() != value.as_float()) return "f:7fc00000";
      return "f:" + bits_text(std::bit_cast<std::uint32_t>(value.as_float()), 8);
    case Kind::kDouble:
      if (value.as_double() != value.as_double()) return "d:7ff8000000000000";
      return "d:" + bits_text(std::bit_cast<std::uint64_t>(value.as_double()), 16);
    default: return std::string(kind_name(value.kind()));
  }
}

inline std::string number_text(const Result<Value>& result) {
  return result.has_value() ? number_text(*result) : "!";
}

}  // namespace ksv::testing
