// Outcomes of konserve's layout where answers are lost: exact, or said to be unknown.
#include "backend/dynamodb/dynamo_place.h"
#include "core/konserve_store.h"
#include "support/fake_env.h"
#include "support/result_checks.h"
#include "unit/dynamodb/fake_dynamo.h"

namespace ksv::testing {
namespace {

using Outcome = std::optional<HttpOutcome>;

const HttpFailure kLost{HttpFailure::Kind::kBroken, true, "the connection was lost"};
const Value kKey = Value::keyword("counter");

struct World {
  World() {
    env.use_http(service);
    StoreAddress address{.backend = "dynamodb", .location = "store"};
    address.options = {{"endpoint", "http://db.test"},
                       {"layout", "konserve"},
                       {"access-key", "AK"},
                       {"secret", "SK"}};
    auto opened = dynamodb::open_dynamo_place(address, env, call);
    REQUIRE_OK(opened);
    place = *std::move(opened);
    store = std::make_unique<KonserveStore>(place->backend(), env, StoreEncoding{}, &call);
  }
  Version put(std::int64_t value) {
    auto outcome = store->put(kKey, Value::integer(value), {});
    REQUIRE_OK(outcome);
    return std::get_if<Put>(&*outcome)->version;
  }
  Entry get() {
    auto entry = store->get(kKey);
    REQUIRE_OK(entry);
    REQUIRE(entry->has_value());
    return **std::move(entry);
  }
  // What becomes of an update from `base` on.
  Result<PutOutcome> update(const Entry& base, std::int64_t value) {
    return store->put(kKey, Value::integer(value),
                      {.precondition = Match{base.version}, .base = &base});
  }

  FakeDynamo service;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  std::unique_ptr<StorePlace> place;
  std::unique_ptr<KonserveStore> store;
};

bool is_put(const Result<PutOutcome>& outcome) {
  return outcome.has_value() && std::holds_alternative<Put>(*outcome);
}

// Loses the first answer of an operation, or all of them.
std::function<Outcome(const std::string&)> lose(const std::string& operation, int times = 1) {
  return [operation, times](const std::string& asked) mutable -> Outcome {
    if (asked != operation || times == 0) return std::nullopt;
    --times;
    return kLost;
  };
}

// Says that it may not be, whatever was done.
std::function<Outcome(const std::string&)> deny(const std::string& operation) {
  return [operation](const std::string& asked) -> Outcome {
    if (asked != operation) return std::nullopt;
    return HttpAnswer{403, {}, copy_of(bytes_of(R"({"__type":"x#AccessDeniedException"})"))};
  };
}

}  // namespace

TEST_CASE("an update whose answer was lost is found by its revision, and is not done twice") {
  World world;
  world.put(1);
  const Entry base = world.get();
  world.service.way_back = lose("PutItem");
  const auto outcome = world.update(base, 2);
  REQUIRE_OK(outcome);
  const Put* put = std::get_if<Put>(&*outcome);
  REQUIRE(put != nullptr);
  CHECK(put->resolved_by == ResolvedBy::kReadBack);
  CHECK(world.get().version == put->version);
}

TEST_CASE("an update that was lost on the way there is sent again") {
  World world;
  world.put(1);
  const Entry base = world.get();
  world.service.way_there = lose("PutItem");
  const auto outcome = world.update(base, 2);
  CHECK(is_put(outcome));
  CHECK(world.get().value == Value::integer(2));
}

TEST_CASE("an update that landed and was overwritten is found in the lineage") {
  World world;
  world.put(1);
  const Entry base = world.get();
  bool is_done = false;
  world.service.way_back = [&](const std::string& operation) -> Outcome {
    if (operation != "PutItem" || is_done) return std::nullopt;
    is_done = true;
    const Entry ours = world.get();
    CHECK(is_put(world.update(ours, 3)));
    return kLost;
  };
  const auto outcome = world.update(base, 2);
  REQUIRE_OK(outcome);
  const Put* put = std::get_if<Put>(&*outcome);
  REQUIRE(put != nullptr);
  CHECK(put->resolved_by == ResolvedBy::kLineage);
  CHECK(world.get().value == Value::integer(3));
}

TEST_CASE("an update that lost its race is refused with what stands there") {
  World world;
  world.put(1);
  const Entry base = world.get();
  CHECK(is_put(world.update(base, 5)));
  const auto outcome = world.update(base, 2);
  REQUIRE_OK(outcome);
  const Refused* refused = std::get_if<Refused>(&*outcome);
  REQUIRE(refused != nullptr);
  REQUIRE(refused->present.has_value());
  CHECK(refused->present->value == Value::integer(5));
}

TEST_CASE("a plain write whose answer was lost is found, and one that stays lost is unknown") {
  World world;
  SUBCASE("landed") {
    world.service.way_back = lose("PutItem");
    REQUIRE_OK(world.store->put(kKey, Value::integer(1), {}));
    CHECK(world.service.asked["PutItem"] == 1);
  }
  SUBCASE("not landed") {
    world.service.way_there = lose("PutItem", 100);
    const auto outcome = world.store->put(kKey, Value::integer(1), {});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
    CHECK(world.service.asked["PutItem"] == 1);
  }
}

TEST_CASE("a first write whose answer was lost is no conflict with itself") {
  World world;
  world.service.way_back = lose("PutItem");
  const auto outcome = world.store->put(kKey, Value::integer(1), {.precondition = Absent{}});
  CHECK(is_put(outcome));
}

TEST_CASE("a removal whose answer was lost is unknown by version, and done without one") {
  World world;
  const Version version = world.put(1);
  world.service.way_back = lose("DeleteItem", 100);
  SUBCASE("by version") {
    const auto outcome = world.store->remove(kKey, Match{version});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
  }
  SUBCASE("any") {
    const auto outcome = world.store->remove(kKey, Any{});
    REQUIRE_OK(outcome);
    CHECK(*outcome == RemoveOutcome::kRemoved);
  }
  CHECK(world.service.items.empty());
}

TEST_CASE("a refusal of the next send says nothing of the removal that got no answer") {
  World world;
  const Version version = world.put(1);
  // One request has ten attempts.
  int sent = 0;
  world.service.way_there = [&](const std::string& asked) -> Outcome {
    if (asked != "DeleteItem") return std::nullopt;
    return ++sent <= 10 ? Outcome(kLost) : deny("DeleteItem")(asked);
  };
  Precondition precondition = Any{};
  SUBCASE("any") {}
  SUBCASE("by version") { precondition = Match{version}; }
  const auto outcome = world.store->remove(kKey, precondition);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().effect() == Effect::kUnknown);
  CHECK(sent > 10);
}

TEST_CASE("several writes are one transaction: what became of the first became of all") {
  World world;
  const std::vector<KeyValue> pairs = {{kKey, Value::integer(1)},
                                       {Value::keyword("other"), Value::integer(2)}};
  SUBCASE("done, and no answer came") {
    world.service.way_back = lose("TransactWriteItems", 100);
    const auto versions = world.store->put_many(pairs);
    REQUIRE_OK(versions);
    CHECK(versions->size() == 2);
    CHECK(world.call.resolved_by == ResolvedBy::kReadBack);
  }
  SUBCASE("done, but called denied on the way") {
    world.service.way_back = deny("TransactWriteItems");
    CHECK(world.store->put_many(pairs).has_value());
  }
  SUBCASE("denied in truth") {
    world.service.way_there = deny("TransactWriteItems");
    const auto versions = world.store->put_many(pairs);
    REQUIRE_ERROR(versions, ErrorCode::kDenied);
    CHECK(versions.error().effect() == Effect::kNone);
  }
  SUBCASE("not there so far, and may still come") {
    world.service.way_there = lose("TransactWriteItems", 100);
    const auto versions = world.store->put_many(pairs);
    REQUIRE_FALSE(versions.has_value());
    CHECK(versions.error().effect() == Effect::kUnknown);
  }
}

TEST_CASE("several removals are one transaction, and done when none of the keys is left") {
  World world;
  world.put(1);
  const Values keys = {kKey, Value::keyword("nothing")};
  SUBCASE("done, and no answer came") {
    world.service.way_back = lose("TransactWriteItems", 100);
    const auto existed = world.store->remove_many(keys);
    REQUIRE_OK(existed);
    CHECK(*existed == std::vector<bool>{true, false});
  }
  SUBCASE("done, but called denied on the way") {
    world.service.way_back = deny("TransactWriteItems");
    CHECK(world.store->remove_many(keys).has_value());
  }
  SUBCASE("denied in truth") {
    world.service.way_there = deny("TransactWriteItems");
    const auto existed = world.store->remove_many(keys);
    REQUIRE_ERROR(existed, ErrorCode::kDenied);
    CHECK(existed.error().effect() == Effect::kNone);
  }
  SUBCASE("not done so far, and may still come") {
    world.service.way_there = lose("TransactWriteItems", 100);
    const auto existed = world.store->remove_many(keys);
    REQUIRE_FALSE(existed.has_value());
    CHECK(existed.error().effect() == Effect::kUnknown);
  }
}

TEST_CASE("a table whose creation got no answer is not claimed") {
  World world;
  world.service.has_table = false;
  world.service.way_back = lose("CreateTable");
  const auto outcome = world.place->create();
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().effect() == Effect::kUnknown);
  world.service.has_table = false;
  CHECK(*world.place->create() == CreateOutcome::kCreated);
  CHECK(*world.place->create() == CreateOutcome::kExisted);
}

TEST_CASE("an item of another layout is not taken for a blob") {
  World world;
  world.put(1);
  for (auto& [key, item] : world.service.items) item = dynamodb::key_text(key);
  const auto entry = world.store->get(kKey);
  REQUIRE_ERROR(entry, ErrorCode::kCorrupt);
  CHECK(entry.error().message().find("it has no Header") != std::string::npos);
}

}  // namespace ksv::testing
