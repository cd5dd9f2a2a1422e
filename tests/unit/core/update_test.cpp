// The update loop: rounds, answers, and what it never does.
#include "core/update.h"

#include "support/memory_store.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::MemoryStore;

const Value kKey = Value::keyword("counter");

Result<Value> increment(const Entry* present, std::uint32_t) {
  return Value::integer(present == nullptr ? 1 : present->value.as_long() + 1);
}

Status assoc(Store& store, const Value& value) {
  const PutOutcome outcome = KSV_TRY(store.put(kKey, value, {}));
  KSV_ASSERT(std::holds_alternative<Put>(outcome));
  return ok();
}

TEST_CASE("an update of an absent key starts from nothing and says so") {
  MemoryStore memory;
  const auto updated = update_value(memory.store, kKey, increment, {}, memory.env, memory.call);
  REQUIRE_OK(updated);
  REQUIRE(*updated);
  CHECK((*updated)->was_absent);
  CHECK((*updated)->written);
  CHECK((*updated)->old_value.is_nil());
  CHECK((*updated)->new_value == Value::integer(1));
}

TEST_CASE("a lost race computes again from what the winner wrote") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(10)));
  int calls = 0;
  const Compute with_rival = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
    if (++calls == 1) KSV_CHECK(assoc(memory.store, Value::integer(50)));
    return increment(present, round);
  };
  const auto updated = update_value(memory.store, kKey, with_rival, {}, memory.env, memory.call);
  REQUIRE_OK(updated);
  CHECK((*updated)->old_value == Value::integer(50));
  CHECK((*updated)->new_value == Value::integer(51));
  CHECK((*updated)->rounds == 2);
  CHECK(memory.call.stats.conflicts == 1);
}

TEST_CASE("a rival that writes an equal value still costs a round") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(10)));
  int calls = 0;
  const Compute with_twin = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
    if (++calls == 1) KSV_CHECK(assoc(memory.store, Value::integer(10)));
    return increment(present, round);
  };
  const auto updated = update_value(memory.store, kKey, with_twin, {}, memory.env, memory.call);
  REQUIRE_OK(updated);
  CHECK((*updated)->rounds == 2);
  CHECK((*updated)->new_value == Value::integer(11));
}

TEST_CASE("a key that is removed in between is computed anew as absent") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(10)));
  int calls = 0;
  const Compute with_removal = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
    if (++calls == 1) REQUIRE_OK(memory.store.remove(kKey, Any{}));
    return increment(present, round);
  };
  const auto updated = update_value(memory.store, kKey, with_removal, {}, memory.env, memory.call);
  REQUIRE_OK(updated);
  CHECK((*updated)->was_absent);
  CHECK((*updated)->new_value == Value::integer(1));
}

TEST_CASE("a function that fails leaves the value as it was") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(10)));
  const Compute fails = [](const Entry*, std::uint32_t) -> Result<Value> {
    return Error(ErrorCode::kFunction, "no");
  };
  REQUIRE_ERROR(update_value(memory.store, kKey, fails, {}, memory.env, memory.call),
                ErrorCode::kFunction);
  const auto entry = memory.store.get(kKey);
  REQUIRE_OK(entry);
  CHECK((*entry)->value == Value::integer(10));
}

TEST_CASE("with must_exist an absent key is an answer, and nothing is written") {
  MemoryStore memory;
  const auto updated =
      update_value(memory.store, kKey, increment, {.must_exist = true}, memory.env, memory.call);
  REQUIRE_OK(updated);
  CHECK_FALSE(updated->has_value());
  CHECK_FALSE(*memory.store.exists(kKey));
}

TEST_CASE("a requirement is judged against the state of each round") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(10)));
  const Version version = (*memory.store.get(kKey))->version;

  SUBCASE("the right version is written over") {
    const auto updated = update_value(memory.store, kKey, increment, {.require = Match{version}},
                                      memory.env, memory.call);
    REQUIRE_OK(updated);
    CHECK(updated->has_value());
  }
  SUBCASE("a rival between read and write makes it fail, not go on") {
    const Compute with_rival = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
      KSV_CHECK(assoc(memory.store, Value::integer(50)));
      return increment(present, round);
    };
    const auto updated = update_value(memory.store, kKey, with_rival, {.require = Match{version}},
                                      memory.env, memory.call);
    REQUIRE_OK(updated);
    CHECK_FALSE(updated->has_value());
    CHECK((*memory.store.get(kKey))->value == Value::integer(50));
  }
  SUBCASE("Absent is not met by a key that is there") {
    const auto updated =
        update_value(memory.store, kKey, increment, {.require = Absent{}}, memory.env, memory.call);
    REQUIRE_OK(updated);
    CHECK_FALSE(updated->has_value());
  }
}

TEST_CASE("the budget of lost races is kept, and its end is contention without effect") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(0)));
  std::uint32_t calls = 0;
  const Compute always_beaten = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
    ++calls;
    KSV_CHECK(assoc(memory.store, Value::integer(1000)));
    return increment(present, round);
  };
  const auto updated = update_value(memory.store, kKey, always_beaten, {.conflict_retries = 3},
                                    memory.env, memory.call);
  REQUIRE_ERROR(updated, ErrorCode::kContention);
  CHECK(updated.error().effect() == Effect::kNone);
  CHECK(calls == 4);
}

TEST_CASE("the deadline ends a loop that others keep winning") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(0)));
  const Compute slow = [&](const Entry* present, std::uint32_t round) -> Result<Value> {
    memory.env.sleep(std::chrono::seconds(10));
    KSV_CHECK(assoc(memory.store, Value::integer(1000)));
    return increment(present, round);
  };
  REQUIRE_ERROR(update_value(memory.store, kKey, slow, {}, memory.env, memory.call),
                ErrorCode::kContention);
}

TEST_CASE("a dry run and a skipped equal value write nothing") {
  MemoryStore memory;
  REQUIRE_OK(assoc(memory.store, Value::integer(10)));
  const Version before = (*memory.store.get(kKey))->version;
  const Compute same = [](const Entry* present, std::uint32_t) -> Result<Value> {
    return present->value;
  };
  const auto dry =
      update_value(memory.store, kKey, increment, {.dry_run = true}, memory.env, memory.call);
  REQUIRE_OK(dry);
  CHECK_FALSE((*dry)->written);
  CHECK((*dry)->new_value == Value::integer(11));
  const auto skipped =
      update_value(memory.store, kKey, same, {.skip_equal = true}, memory.env, memory.call);
  REQUIRE_OK(skipped);
  CHECK_FALSE((*skipped)->written);
  CHECK((*memory.store.get(kKey))->version == before);
  const auto rewritten = update_value(memory.store, kKey, same, {}, memory.env, memory.call);
  REQUIRE_OK(rewritten);
  CHECK((*memory.store.get(kKey))->version != before);
}

TEST_CASE("compare-and-set by value") {
  MemoryStore memory;
  const auto cas = [&](std::int64_t from, std::int64_t to) {
    return cas_value(memory.store, kKey, Value::integer(from), Value::integer(to), memory.env,
                     memory.call);
  };
  const auto on_absent = cas(1, 2);
  REQUIRE_OK(on_absent);
  CHECK_FALSE(on_absent->has_value());
  REQUIRE_OK(assoc(memory.store, Value::integer(1)));
  CHECK(cas(1, 2)->has_value());
  CHECK_FALSE(cas(1, 3)->has_value());
  CHECK((*memory.store.get(kKey))->value == Value::integer(2));
}

TEST_CASE("a pause is between nothing and a cap that doubles") {
  testing::FakeEnv env;
  using std::chrono::milliseconds;
  CHECK(backoff(milliseconds(0), 5, env) == milliseconds(0));
  for (std::uint32_t round = 2; round < 60; ++round) {
    const auto pause = backoff(milliseconds(10), round, env);
    CHECK(pause >= milliseconds(0));
    CHECK(pause <= milliseconds(2000));
    if (round == 2) CHECK(pause <= milliseconds(10));
  }
}

TEST_CASE("the cap of a pause follows what the lost write took") {
  using std::chrono::milliseconds;
  CHECK(longest_backoff(milliseconds(50), milliseconds(0)) == milliseconds(200));
  CHECK(longest_backoff(milliseconds(50), milliseconds(10)) == milliseconds(640));
  CHECK(longest_backoff(milliseconds(50), milliseconds(900)) == milliseconds(2000));
  testing::FakeEnv env;
  for (std::uint32_t round = 2; round < 60; ++round) {
    CHECK(backoff(milliseconds(50), round, env, milliseconds(200)) <= milliseconds(200));
  }
}

}  // namespace
}  // namespace ksv
