// The order in which Clojure walks over its hash maps and hash sets: a trie over the bits of the
// hash, five at a time from the lowest, and within one hash the order in which keys were put.
#include "expr/walk_order.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "base/utf8.h"
#include "codec/edn.h"
#include "data/decimal.h"
#include "data/numbers.h"
#include "expr/java_hash.h"

namespace ksv::expr {
namespace {

using Hash = std::uint32_t;

// clojure.lang.Murmur3, with its seed of 0.
Hash mix_word(Hash word) { return std::rotl(word * 0xcc9e2d51U, 15) * 0x1b873593U; }

Hash mix_hash(Hash hash, Hash word) {
  return std::rotl(hash ^ mix_word(word), 13) * 5 + 0xe6546b64U;
}

Hash finish_hash(Hash hash, std::size_t length) {
  hash ^= static_cast<Hash>(length);
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
  return hash ^ (hash >> 16);
}

Hash hash_of_int(Hash value) { return value == 0 ? 0 : finish_hash(mix_hash(0, value), 4); }

Hash hash_of_long(std::int64_t value) {
  if (value == 0) return 0;
  const auto bits = static_cast<std::uint64_t>(value);
  const Hash low = mix_hash(0, static_cast<Hash>(bits));
  return finish_hash(mix_hash(low, static_cast<Hash>(bits >> 32)), 8);
}

Hash hash_of_units(std::u16string_view units) {
  Hash hash = 0;
  for (std::size_t i = 1; i < units.size(); i += 2) {
    hash = mix_hash(hash, Hash{units[i - 1]} | (Hash{units[i]} << 16));
  }
  if (units.size() % 2 == 1) hash ^= mix_word(Hash{units.back()});
  return finish_hash(hash, units.size() * 2);
}

Hash hash_of_symbol(const Name& name) {
  return java_hash_combined(hash_of_units(to_utf16(name.name)),
                            name.ns ? java_text_hash(*name.ns) : 0);
}

Hash hash_of_collection(Hash hash, std::size_t count) {
  return finish_hash(mix_hash(0, hash), count);
}

// clojure.core/hash.
class Hasher {
 public:
  explicit Hasher(Machine& machine) : machine_(machine) {}

  Result<Hash> hash(const Value& value) {
    if (!machine_.spend()) return machine_.out_of_steps();
    switch (value.kind()) {
      case Kind::kLong: return hash_of_long(value.as_long());
      case Kind::kString: return hash_of_int(java_text_hash(value.as_string()));
      case Kind::kSymbol: return hash_of_symbol(value.as_name());
      case Kind::kKeyword: return hash_of_symbol(value.as_name()) + 0x9e3779b9U;
      case Kind::kDouble:
        if (value.as_double() == 0.0) return Hash{0};
        break;
      case Kind::kFloat:
        if (value.as_float() == 0.0F) return Hash{0};
        break;
      case Kind::kBigInt: {
        const std::optional<std::int64_t> small = value.as_bigint().to_long();
        if (small) return hash_of_long(*small);
        break;
      }
      case Kind::kDecimal: return of_decimal(value.as_decimal());
      case Kind::kList:
      case Kind::kVector:
      case Kind::kSeq: return of_items(value.items());
      case Kind::kMap: return of_table(value.table(), true);
      case Kind::kSet: return of_table(value.table(), false);
      default: break;
    }
    const Result<std::int32_t> java = java_hash(machine_, value);
    // What has the hash of its place in memory has no order in Clojure either.
    return java ? static_cast<Hash>(*java) : Hash{0};
  }

 private:
  Result<Hash> of_decimal(const Decimal& decimal) {
    const Value stripped = Value::decimal(strip_zeros(decimal));
    if (is_zero(stripped)) return Hash{0};
    const std::int32_t java = KSV_TRY(java_hash(machine_, stripped));
    return static_cast<Hash>(java);
  }

  Result<Hash> of_items(const Values& items) {
    Hash sum = 1;
    for (const Value& item : items) {
      const Hash part = KSV_TRY(hash(item));
      sum = sum * 31 + part;
    }
    return hash_of_collection(sum, items.size());
  }

  Result<Hash> of_table(const Table& table, bool pairs) {
    Hash sum = 0;
    for (const Table::Entry& entry : table) {
      const Hash key = KSV_TRY(hash(entry.key));
      if (!pairs) {
        sum += key;
        continue;
      }
      const Hash value = KSV_TRY(hash(entry.value));
      sum += hash_of_collection((31 + key) * 31 + value, 2);
    }
    return hash_of_collection(sum, table.size());
  }

  Machine& machine_;
};

// Compares as the trie does: by the lowest five bits first.
Hash trie_rank(Hash hash) {
  Hash rank = 0;
  for (int level = 0; level < 6; ++level) {
    rank = (rank << 5) | (hash & 31U);
    hash >>= 5;
  }
  return (rank << 2) | hash;
}

}  // namespace

Result<std::vector<std::uint32_t>> hash_order(Machine& machine, const Table& table) {
  const std::size_t count = table.size();
  if (!machine.take(count * 4 * sizeof(std::uint32_t))) return machine.out_of_memory();
  std::vector<std::uint64_t> ranks;
  ranks.reserve(count);
  Hasher hasher(machine);
  for (const Table::Entry& entry : table) {
    // nil lies outside the trie, before all others.
    if (entry.key.is_nil()) {
      ranks.push_back(0);
      continue;
    }
    const Hash hash = KSV_TRY(hasher.hash(entry.key));
    ranks.push_back(std::uint64_t{1} + trie_rank(hash));
  }
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return ranks[a] < ranks[b]; });
  return order;
}

Result<std::vector<std::uint32_t>> walk_order(Machine& machine, const Value& collection) {
  const bool is_map = collection.is(Kind::kMap);
  if (!is_map && !collection.is(Kind::kSet)) return std::vector<std::uint32_t>();
  const Table& table = collection.table();
  switch (collection.shape()) {
    case Shape::kSorted:
    case Shape::kOrdered: return std::vector<std::uint32_t>();
    case Shape::kHashed: return hash_order(machine, table);
    default: break;
  }
  if (table.size() <= (is_map ? kArrayMapMax : 1)) return std::vector<std::uint32_t>();
  return hash_order(machine, table);
}

Shape table_shape(const Value& map) {
  const bool grown = map.shape() == Shape::kNone && map.table().size() > kArrayMapMax;
  return grown ? Shape::kHashed : map.shape();
}

Result<Value> in_hash_order(Machine& machine, Value map) {
  const Table& table = map.table();
  const std::vector<std::uint32_t> order = KSV_TRY(hash_order(machine, table));
  Value ordered = Value::map();
  for (const std::uint32_t at : order) ordered.put(table[at].key, table[at].value);
  ordered.set_shape(Shape::kHashed);
  return ordered;
}

}  // namespace ksv::expr
