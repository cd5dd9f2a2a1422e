// Integers of any size, on GMP: the only owner of its header.
//
// A value keeps its magnitude in a plain vector of limbs. For each operation GMP borrows it as a
// read-only integer, and the limbs of the result are copied out.
#include <algorithm>
#include <bit>
#include <cmath>
#include <gmp.h>
#include <limits>

#include "ksv/error.h"
#include "ksv/number.h"

namespace ksv {
namespace {

static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0);

// A GMP integer of our own, freed at the end of its scope.
class Owned {
 public:
  Owned() { mpz_init(integer_); }
  ~Owned() { mpz_clear(integer_); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  mpz_ptr get() { return integer_; }

  BigInteger result() const {
    const std::size_t size = mpz_size(integer_);
    const mp_limb_t* limbs = mpz_limbs_read(integer_);
    return {mpz_sgn(integer_) < 0, std::vector<std::uint64_t>(limbs, limbs + size)};
  }

 private:
  mpz_t integer_;
};

// A value lent to GMP, which must outlive this.
class Lent {
 public:
  explicit Lent(const BigInteger& value) {
    const auto size = static_cast<mp_size_t>(value.magnitude().size());
    mpz_roinit_n(integer_, value.magnitude().data(), value.is_negative() ? -size : size);
  }
  mpz_srcptr get() const { return integer_; }

 private:
  mpz_t integer_;
};

}  // namespace

BigInteger::BigInteger(std::int64_t value) : negative_(value < 0) {
  // The magnitude of the least long has no long of its own; unsigned negation is exact.
  const auto bits = static_cast<std::uint64_t>(value);
  if (value != 0) magnitude_.push_back(negative_ ? 0 - bits : bits);
}

BigInteger::BigInteger(bool negative, std::vector<std::uint64_t> magnitude)
    : negative_(negative), magnitude_(std::move(magnitude)) {
  while (!magnitude_.empty() && magnitude_.back() == 0) magnitude_.pop_back();
  if (magnitude_.empty()) negative_ = false;
}

std::optional<BigInteger> BigInteger::parse(std::string_view text, int radix) {
  KSV_ASSERT(radix >= 2 && radix <= 36);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  // GMP would skip spaces and take signs, so it is shown digits only.
  const bool digits = std::all_of(text.begin(), text.end(), [radix](char c) {
    if (c >= '0' && c <= '9') return c - '0' < radix;
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' && lower - 'a' + 10 < radix;
  });
  if (!digits) return std::nullopt;
  Owned parsed;
  if (mpz_set_str(parsed.get(), std::string(text).c_str(), radix) != 0) return std::nullopt;
  return BigInteger(negative, parsed.result().magnitude());
}

BigInteger BigInteger::from_twos_complement(BytesView big_endian) {
  const bool negative = !big_endian.empty() && (big_endian[0] & 0x80) != 0;
  const std::uint8_t flip = negative ? 0xff : 0;
  std::vector<std::uint64_t> limbs((big_endian.size() + 7) / 8, 0);
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    const std::uint64_t byte = big_endian[big_endian.size() - 1 - i] ^ flip;
    limbs[i / 8] |= byte << (i % 8 * 8);
  }
  if (!negative) return {false, std::move(limbs)};
  // -x is ~x + 1.
  std::size_t i = 0;
  while (i < limbs.size() && ++limbs[i] == 0) ++i;
  if (i == limbs.size()) limbs.push_back(1);
  return {true, std::move(limbs)};
}

Bytes BigInteger::to_twos_complement() const {
  std::vector<std::uint64_t> limbs = magnitude_;
  if (negative_) {  // ~(x - 1)
    for (std::size_t i = 0; limbs[i]-- == 0; ++i) {
    }
    for (std::uint64_t& limb : limbs) limb = ~limb;
  }
  const std::uint8_t fill = negative_ ? 0xff : 0;
  Bytes bytes{fill};
  for (std::size_t i = limbs.size() * 8; i-- > 0;) {
    bytes.push_back(static_cast<std::uint8_t>(limbs[i / 8] >> (i % 8 * 8)));
  }
  // Leading bytes that only repeat the sign go.
  std::size_t first = 0;
  while (first + 1 < bytes.size() && bytes[first] == fill &&
         (bytes[first + 1] & 0x80) == (fill & 0x80)) {
    ++first;
  }
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(first));
  return bytes;
}

std::string BigInteger::to_string(int radix) const {
  KSV_ASSERT(radix >= 2 && radix <= 36);
  const Lent lent(*this);
  std::string text(mpz_sizeinbase(lent.get(), radix) + 2, '\0');
  mpz_get_str(text.data(), radix, lent.get());
  text.resize(text.find('\0'));
  return text;
}

std::optional<std::int64_t> BigInteger::to_long() const {
  if (magnitude_.empty()) return 0;
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 63;
  const std::uint64_t limb = magnitude_[0];
  if (magnitude_.size() > 1 || limb > kLeast || (limb == kLeast && !negative_)) return std::nullopt;
  return static_cast<std::int64_t>(negative_ ? 0 - limb : limb);
}

double BigInteger::to_double() const {
  const std::size_t bits = bit_length();
  if (bits == 0) return 0.0;
  if (bits > 1024) {
    const double infinity = std::numeric_limits<double>::infinity();
    return negative_ ? -infinity : infinity;
  }
  // The top 64 bits, the last of which also says whether anything follows: the conversion to 53
  // bits then rounds as it would with all of them.
  std::uint64_t top = magnitude_[0];
  int shift = 0;
  if (bits > 64) {
    shift = static_cast<int>(bits - 64);
    const Lent lent(*this);
    Owned shifted;
    mpz_tdiv_q_2exp(shifted.get(), lent.get(), static_cast<mp_bitcnt_t>(shift));
    top = mpz_getlimbn(shifted.get(), 0);
    if (mpz_scan1(lent.get(), 0) < static_cast<mp_bitcnt_t>(shift)) top |= 1;
  }
  const double result = std::ldexp(static_cast<double>(top), shift);
  return negative_ ? -result : result;
}

std::size_t BigInteger::bit_length() const {
  if (magnitude_.empty()) return 0;
  return magnitude_.size() * 64 - static_cast<std::size_t>(std::countl_zero(magnitude_.back()));
}

std::strong_ordering operator<=>(const BigInteger& a, const BigInteger& b) {
  return mpz_cmp(Lent(a).get(), Lent(b).get()) <=> 0;
}

BigInteger operator-(const BigInteger& a) { return {!a.is_negative(), a.magnitude()}; }

BigInteger operator+(const BigInteger& a, const BigInteger& b) {
  Owned sum;
  mpz_add(sum.get(), Lent(a).get(), Lent(b).get());
  return sum.result();
}

BigInteger operator-(const BigInteger& a, const BigInteger& b) {
  Owned difference;
  mpz_sub(difference.get(), Lent(a).get(), Lent(b).get());
  return difference.result();
}

BigInteger operator*(const BigInteger& a, const BigInteger& b) {
  Owned product;
  mpz_mul(product.get(), Lent(a).get(), Lent(b).get());
  return product.result();
}

QuotientRemainder divide(const BigInteger& a, const BigInteger& b) {
  KSV_ASSERT(!b.is_zero());
  Owned quotient;
  Owned remainder;
  mpz_tdiv_qr(quotient.get(), remainder.get(), Lent(a).get(), Lent(b).get());
  return {quotient.result(), remainder.result()};
}

BigInteger gcd(const BigInteger& a, const BigInteger& b) {
  Owned divisor;
  mpz_gcd(divisor.get(), Lent(a).get(), Lent(b).get());
  return divisor.result();
}

BigInteger pow10(std::uint32_t exponent) {
  Owned power;
  mpz_ui_pow_ui(power.get(), 10, exponent);
  return power.result();
}

}  // namespace ksv
