// The update loop, cas and append against seeded rivals and faults.
//
// The only points where others can interfere with an update are the backend's calls. So at each of
// them the seed decides whether a rival does a whole increment, and whether the call fails before
// or after its effect. The ledger then has to balance: the counter is what was acknowledged, plus
// at most what was reported as unknown.
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <doctest/doctest.h>
#include <string>

#include "core/append_log.h"
#include "core/update.h"
#include "sim/rival_backend.h"
#include "support/memory_store.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::Fate;
using testing::MemoryStore;
using testing::RivalBackend;

const Value kKey = Value::keyword("counter");

std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return fallback;
  std::uint64_t number = fallback;
  static_cast<void>(std::from_chars(text, text + std::strlen(text), number));
  return number;
}

struct Ledger {
  std::int64_t acknowledged = 0;
  std::int64_t unknown = 0;
};

Result<Value> increment(const Entry* present, std::uint32_t) {
  return Value::integer(present == nullptr ? 1 : present->value.as_long() + 1);
}

void enter(Ledger& ledger, const Result<std::optional<Updated>>& updated) {
  if (updated.has_value()) {
    ledger.acknowledged += updated->has_value() && (*updated)->written ? 1 : 0;
  } else if (updated.error().effect() == Effect::kUnknown) {
    ++ledger.unknown;
  }
}

// One client with `operations` increments among rivals; returns what the counter says at the end.
std::int64_t run_counter(std::uint64_t seed, const Fate& fate, Ledger& ledger) {
  std::mt19937_64 dice(seed);
  MemoryStore memory({}, seed);
  bool in_rival = false;
  Store* rival_client = nullptr;
  const auto rival = [&] {
    if (in_rival || dice() % 4 != 0) return;
    in_rival = true;
    Store& store = rival_client != nullptr ? *rival_client : memory.store;
    enter(ledger, update_value(store, kKey, increment, {}, memory.env, memory.call));
    in_rival = false;
  };
  RivalBackend contested(memory.backend, dice, fate, rival);
  KonserveStore client(contested, memory.env, {});
  KonserveStore second(contested, memory.env, {});
  // Behind a network the rivals are behind it, too: they carry the lineage on.
  if (fate.remote) rival_client = &second;
  for (int i = 0; i < 12; ++i) {
    UpdateOptions options;
    if (dice() % 3 == 0) options.conflict_retries = static_cast<std::uint32_t>(dice() % 3);
    options.skip_equal = dice() % 4 == 0;
    enter(ledger, update_value(client, kKey, increment, options, memory.env, memory.call));
  }
  const auto entry = memory.store.get(kKey);
  REQUIRE_OK(entry);
  return *entry ? (*entry)->value.as_long() : 0;
}

template <typename Check>
void for_each_seed(const Check& check) {
  const std::uint64_t first = number_from("KSV_FIRST_SEED", 1);
  const std::uint64_t count = number_from("KSV_SEEDS", 10'000);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    INFO("replay with KSV_SEEDS=1 KSV_FIRST_SEED=" << seed);
    check(seed);
  }
}

TEST_CASE("among rivals no increment is lost and none is applied twice") {
  for_each_seed([](std::uint64_t seed) {
    Ledger ledger;
    const std::int64_t counter = run_counter(seed, Fate{}, ledger);
    REQUIRE(ledger.unknown == 0);
    REQUIRE(counter == ledger.acknowledged);
  });
}

TEST_CASE("with faults the counter is what was acknowledged plus at most the unknown") {
  std::int64_t unknown_in_all = 0;
  for_each_seed([&](std::uint64_t seed) {
    Ledger ledger;
    const std::int64_t counter =
        run_counter(seed, Fate{.fail_before = 10, .fail_after = 10}, ledger);
    REQUIRE(counter >= ledger.acknowledged);
    REQUIRE(counter <= ledger.acknowledged + ledger.unknown);
    unknown_in_all += ledger.unknown;
  });
  CHECK(unknown_in_all > 0);  // else the faults did not happen
}

// As a store behind a network: answers are lost, requests come twice or late.
const Fate kNetwork{.fail_before = 5, .fail_after = 10, .remote = true, .twice = 10, .late = 10};

TEST_CASE("behind a network settling finds out: nothing is lost, doubled or misreported") {
  std::int64_t unknown_in_all = 0;
  std::int64_t acknowledged_in_all = 0;
  for_each_seed([&](std::uint64_t seed) {
    Ledger ledger;
    const std::int64_t counter = run_counter(seed, kNetwork, ledger);
    REQUIRE(counter >= ledger.acknowledged);
    REQUIRE(counter <= ledger.acknowledged + ledger.unknown);
    unknown_in_all += ledger.unknown;
    acknowledged_in_all += ledger.acknowledged;
  });
  MESSAGE("unknown " << unknown_in_all << " of " << unknown_in_all + acknowledged_in_all);
}

TEST_CASE("behind a network exactly one of those wins that compare and set, and it knows") {
  for_each_seed([](std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    MemoryStore memory({}, seed);
    REQUIRE_OK(memory.store.put(kKey, Value::integer(0), {}));
    int wins = 0;
    int unknown = 0;
    const auto attempt = [&](Store& store) {
      const auto won =
          cas_value(store, kKey, Value::integer(0), Value::integer(1), memory.env, memory.call);
      wins += won.has_value() && won->has_value() ? 1 : 0;
      unknown += !won.has_value() && won.error().effect() == Effect::kUnknown ? 1 : 0;
    };
    bool in_rival = false;
    KonserveStore* other = nullptr;
    const auto rival = [&] {
      if (in_rival || dice() % 3 != 0) return;
      in_rival = true;
      attempt(*other);
      in_rival = false;
    };
    RivalBackend contested(memory.backend, dice, kNetwork, rival);
    KonserveStore rival_store(contested, memory.env, {});
    other = &rival_store;
    KonserveStore client(contested, memory.env, {});
    attempt(client);
    const auto entry = memory.store.get(kKey);
    REQUIRE_OK(entry);
    const bool set = (*entry)->value == Value::integer(1);
    REQUIRE(wins <= 1);
    REQUIRE((set ? wins + unknown >= 1 : wins == 0));
  });
}

TEST_CASE("of rivals that compare and set the same value exactly one wins") {
  for_each_seed([](std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    MemoryStore memory({}, seed);
    REQUIRE_OK(memory.store.put(kKey, Value::integer(0), {}));
    int wins = 0;
    const auto attempt = [&](Store& store) {
      const auto won =
          cas_value(store, kKey, Value::integer(0), Value::integer(1), memory.env, memory.call);
      REQUIRE_OK(won);
      wins += won->has_value() ? 1 : 0;
    };
    const auto rival = [&] {
      if (dice() % 3 == 0) attempt(memory.store);
    };
    RivalBackend contested(memory.backend, dice, Fate{}, rival);
    KonserveStore client(contested, memory.env, {});
    attempt(client);
    REQUIRE(wins == 1);
  });
}

TEST_CASE("appenders at once lose no element and link none twice") {
  for_each_seed([](std::uint64_t seed) {
    std::mt19937_64 dice(seed);
    MemoryStore memory({}, seed);
    std::int64_t appended = 0;
    bool in_rival = false;
    const auto append_next = [&](Store& store) {
      const Value element = Value::integer(++appended);
      REQUIRE_OK(append_to_log(store, kKey, element, memory.env, memory.call));
    };
    const auto rival = [&] {
      if (in_rival || dice() % 6 != 0) return;
      in_rival = true;
      append_next(memory.store);
      in_rival = false;
    };
    RivalBackend contested(memory.backend, dice, Fate{}, rival);
    KonserveStore client(contested, memory.env, {});
    for (int i = 0; i < 4; ++i) append_next(client);
    Table seen;
    const auto walked = each_log_element(memory.store, kKey, [&](const Value& element) -> Status {
      REQUIRE(seen.put(element, Value()));
      return ok();
    });
    REQUIRE_OK(walked);
    REQUIRE(seen.size() == static_cast<std::size_t>(appended));
  });
}

}  // namespace
}  // namespace ksv
