// How Clojure's case finds a constant: by parts of its hash in Java, then by equality.
#include "expr/case_hash.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "expr/java_hash.h"

namespace ksv::expr {
namespace {

// Integers of 32 bits are found by their value.
bool all_ints(const Table& choices) {
  return std::all_of(choices.begin(), choices.end(), [](const Table::Entry& choice) {
    return choice.key.is(Kind::kLong) &&
           choice.key.as_long() >= std::numeric_limits<std::int32_t>::min() &&
           choice.key.as_long() <= std::numeric_limits<std::int32_t>::max();
  });
}

// Equal values of these kinds have equal hashes.
bool has_one_hash(const Value& value) {
  switch (value.kind()) {
    case Kind::kNil:
    case Kind::kBoolean:
    case Kind::kChar:
    case Kind::kString:
    case Kind::kSymbol:
    case Kind::kKeyword:
    case Kind::kInst:
    case Kind::kUuid: return true;
    default: return false;
  }
}

struct Window {
  std::int32_t shift;
  std::int32_t mask;
  std::int32_t of(std::int32_t hash) const { return (hash >> shift) & mask; }
};

// The bits of the hashes that `case` looks at: the fewest and lowest ones that tell all hashes
// apart, or all 32 when the hashes are close to each other or no 13 bits tell them apart.
Result<Window> window_of(Machine& machine, std::vector<std::int32_t> hashes) {
  constexpr std::int64_t kTableMax = 1 << 13;
  constexpr std::int32_t kBitsMax = 13;
  constexpr std::int32_t kShiftMax = 30;
  const Window all{.shift = 0, .mask = -1};
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (std::int64_t{hashes.back()} - hashes.front() < kTableMax) return all;
  std::vector<std::int32_t> parts(hashes.size());
  for (std::int32_t bits = 1; bits <= kBitsMax; ++bits) {
    if (hashes.size() > std::size_t{1} << bits) continue;
    for (std::int32_t shift = 0; shift <= kShiftMax; ++shift) {
      if (!machine.spend(hashes.size())) return machine.out_of_steps();
      const Window window{.shift = shift, .mask = (1 << bits) - 1};
      std::transform(hashes.begin(), hashes.end(), parts.begin(),
                     [&](std::int32_t hash) { return window.of(hash); });
      std::sort(parts.begin(), parts.end());
      if (std::adjacent_find(parts.begin(), parts.end()) == parts.end()) return window;
    }
  }
  return all;
}

}  // namespace

Result<bool> is_found_by_hash(Machine& machine, const Table& choices, const Value& constant,
                              const Value& subject) {
  if (has_one_hash(subject) || all_ints(choices)) return true;
  const std::int32_t wanted = KSV_TRY(java_hash(machine, constant));
  const std::int32_t got = KSV_TRY(java_hash(machine, subject));
  if (wanted == got) return true;
  std::vector<std::int32_t> hashes;
  hashes.reserve(choices.size());
  for (const Table::Entry& choice : choices) {
    const std::int32_t hash = KSV_TRY(java_hash(machine, choice.key));
    hashes.push_back(hash);
  }
  const Window window = KSV_TRY(window_of(machine, std::move(hashes)));
  return window.of(wanted) == window.of(got);
}

}  // namespace ksv::expr
