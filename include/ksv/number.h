// Numbers beyond 64 bits: integers of any size, decimals with a scale, ratios.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/bytes.h"

namespace ksv {

// An integer of any size: a sign and a magnitude in 64-bit limbs, least significant first, without
// leading zero limbs. Immutable. Arithmetic has the meaning of java.math.BigInteger. Callers bound
// the size of operands and results (limits::kNumberDigitsMax); see data/numbers.h.
class BigInteger {
 public:
  BigInteger() = default;  // zero
  BigInteger(std::int64_t value);
  BigInteger(bool negative, std::vector<std::uint64_t> magnitude);

  // The integer written as [+-]?digits in `radix` (2..36), or nothing if the text is not that.
  static std::optional<BigInteger> parse(std::string_view text, int radix = 10);
  // Two's complement, big endian, as java.math.BigInteger(byte[]); no bytes are zero.
  static BigInteger from_twos_complement(BytesView big_endian);

  // The shortest two's complement, big endian, at least one byte (BigInteger.toByteArray).
  Bytes to_twos_complement() const;
  std::string to_string(int radix = 10) const;
  std::optional<std::int64_t> to_long() const;  // nothing when it does not fit
  double to_double() const;                     // nearest, ties to even; infinite when too large

  bool is_negative() const { return negative_; }
  bool is_zero() const { return magnitude_.empty(); }
  bool is_odd() const { return !magnitude_.empty() && (magnitude_[0] & 1) != 0; }
  std::size_t bit_length() const;  // of the magnitude
  const std::vector<std::uint64_t>& magnitude() const { return magnitude_; }

  friend bool operator==(const BigInteger&, const BigInteger&) = default;
  friend std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b);

 private:
  bool negative_ = false;
  std::vector<std::uint64_t> magnitude_;
};

BigInteger operator-(const BigInteger& a);
BigInteger operator+(const BigInteger& a, const BigInteger& b);
BigInteger operator-(const BigInteger& a, const BigInteger& b);
BigInteger operator*(const BigInteger& a, const BigInteger& b);
struct QuotientRemainder;
// Truncating division, as Java: the remainder has the sign of `a`. `b` must not be zero.
QuotientRemainder divide(const BigInteger& a, const BigInteger& b);
BigInteger gcd(const BigInteger& a, const BigInteger& b);  // never negative
BigInteger pow10(std::uint32_t exponent);

struct QuotientRemainder {
  BigInteger quotient;
  BigInteger remainder;
};

// unscaled * 10^-scale, as java.math.BigDecimal.
struct Decimal {
  BigInteger unscaled;
  std::int32_t scale = 0;
};

// numerator / denominator in lowest terms, denominator > 1 when made by arithmetic. Fressian may
// bring others in; they are kept as they came.
struct Ratio {
  BigInteger numerator;
  BigInteger denominator;
};

}  // namespace ksv
