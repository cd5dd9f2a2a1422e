// Object.hashCode of Java, for the values that Clojure's collections hold.
#include "expr/java_hash.h"

#include <bit>

#include "base/utf8.h"
#include "codec/edn.h"
#include "data/numbers.h"

namespace ksv::expr {
namespace {

// Sums wrap around, as Java's do.
using Hash = std::uint32_t;

Hash fold(std::uint64_t bits) { return static_cast<Hash>(bits ^ (bits >> 32)); }

Hash symbol_hash(const Name& name) {
  return java_hash_combined(java_text_hash(name.name), name.ns ? java_text_hash(*name.ns) : 0);
}

// java.math.BigInteger.hashCode: over the magnitude in words of 32 bits.
Hash integer_hash(const BigInteger& value) {
  Hash hash = 0;
  const std::vector<std::uint64_t>& limbs = value.magnitude();
  for (auto limb = limbs.rbegin(); limb != limbs.rend(); ++limb) {
    hash = hash * 31 + static_cast<Hash>(*limb >> 32);
    hash = hash * 31 + static_cast<Hash>(*limb);
  }
  return value.is_negative() ? 0 - hash : hash;
}

Hash uuid_hash(const Uuid& uuid) {
  Hash hash = 0;
  for (std::size_t word = 0; word < 4; ++word) {
    Hash part = 0;
    for (std::size_t i = 0; i < 4; ++i) part = (part << 8) | uuid[word * 4 + i];
    hash ^= part;
  }
  return hash;
}

class Hasher {
 public:
  explicit Hasher(Machine& machine) : machine_(machine) {}

  Result<Hash> hash(const Value& value) {
    if (!machine_.spend()) return machine_.out_of_steps();
    switch (value.kind()) {
      case Kind::kNil: return Hash{0};
      case Kind::kBoolean: return Hash{value.as_boolean() ? 1231U : 1237U};
      case Kind::kLong:
        if (value.shape() == Shape::kBoxed) return static_cast<Hash>(value.as_long());
        return fold(static_cast<std::uint64_t>(value.as_long()));
      case Kind::kDouble: return fold(std::bit_cast<std::uint64_t>(value.as_double()));
      case Kind::kFloat: return std::bit_cast<Hash>(value.as_float());
      case Kind::kChar: return Hash{value.as_char()};
      case Kind::kString: return java_text_hash(value.as_string());
      case Kind::kSymbol: return symbol_hash(value.as_name());
      case Kind::kKeyword: return symbol_hash(value.as_name()) + 0x9e3779b9U;
      case Kind::kInst: return fold(static_cast<std::uint64_t>(value.as_inst()));
      case Kind::kBigInt: {
        const std::optional<std::int64_t> small = value.as_bigint().to_long();
        const bool folds = small && value.shape() != Shape::kBoxed;
        return folds ? fold(static_cast<std::uint64_t>(*small)) : integer_hash(value.as_bigint());
      }
      case Kind::kDecimal:
        return integer_hash(value.as_decimal().unscaled) * 31 +
               static_cast<Hash>(value.as_decimal().scale);
      case Kind::kRatio:
        return integer_hash(value.as_ratio().numerator) ^
               integer_hash(value.as_ratio().denominator);
      case Kind::kUuid: return uuid_hash(value.as_uuid());
      case Kind::kList:
      case Kind::kVector:
      case Kind::kSeq: return of_items(value.items());
      case Kind::kMap: return of_table(value.table(), true);
      case Kind::kSet: return of_table(value.table(), false);
      default:
        return failure(
            "a lazy sequence has no text of its own: use (apply str ...), pr-str or vec");
    }
  }

 private:
  Result<Hash> of_items(const Values& items) {
    Hash sum = 1;
    for (const Value& item : items) {
      const Hash part = KSV_TRY(hash(item));
      sum = sum * 31 + part;
    }
    return sum;
  }

  Result<Hash> of_table(const Table& table, bool pairs) {
    Hash sum = 0;
    for (const Table::Entry& entry : table) {
      const Hash key = KSV_TRY(hash(entry.key));
      Hash value = 0;
      if (pairs) value = KSV_TRY(hash(entry.value));
      sum += key ^ value;
    }
    return sum;
  }

  Machine& machine_;
};

}  // namespace

std::uint32_t java_text_hash(std::string_view text) {
  Hash hash = 0;
  for (const char16_t unit : to_utf16(text)) hash = hash * 31 + unit;
  return hash;
}

std::uint32_t java_hash_combined(std::uint32_t seed, std::uint32_t hash) {
  const auto shifted = static_cast<Hash>(static_cast<std::int32_t>(seed) >> 2);
  return seed ^ (hash + 0x9e3779b9U + (seed << 6) + shifted);
}

Result<std::int32_t> java_hash(Machine& machine, const Value& value) {
  const Hash hash = KSV_TRY(Hasher(machine).hash(value));
  return static_cast<std::int32_t>(hash);
}

}  // namespace ksv::expr
