// What history tells of writes whose answers were lost.
#include <charconv>

#include "unit/etcd/native_world.h"

namespace ksv::testing {
namespace {

using Kind = EtcdFault::Kind;

int number_of(const Value& value) {
  const std::string& text = value.as_string();
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// What a rival does before the client hears of its own write.
enum class Rival { kNobody, kOther, kTwin, kOverwrites, kRemoves };

struct Row {
  const char* what;
  Kind fault;
  Rival rival;
  // Under Match, Absent and Any: the outcome, and how often the write took effect.
  const char* match;
  const char* absent;
  const char* any;
};

// The value is "new", and the rival's twin as well.
constexpr Row kByHistory[] = {
    {"no fault", Kind::kNone, Rival::kNobody, "written 1", "written 1", "written 1"},
    {"nothing was done", Kind::kLostRequest, Rival::kNobody, "written 1", "written 1", "unknown 0"},
    {"it was done", Kind::kLostAnswer, Rival::kNobody, "unknown 1", "unknown 1", "unknown 1"},
    {"a rival was first", Kind::kLostRequest, Rival::kOther, "refused 0", "refused 0", "unknown 0"},
    {"a twin was first", Kind::kLostRequest, Rival::kTwin, "unknown 0", "unknown 0", "unknown 0"},
    {"it was written over", Kind::kLostAnswer, Rival::kOverwrites, "unknown 1", "unknown 1",
     "unknown 1"},
    {"it was removed", Kind::kLostAnswer, Rival::kRemoves, "unknown 1", "unknown 1", "unknown 1"},
    {"refused by a liar", Kind::kRefused, Rival::kNobody, "denied 0", "denied 0", "denied 0"},
    {"refused after it was done", Kind::kRefusedDone, Rival::kNobody, "unknown 1", "unknown 1",
     "unknown 1"},
    {"refused after it was done, and written over", Kind::kRefusedDone, Rival::kOverwrites,
     "unknown 1", "unknown 1", "unknown 1"},
};

// With a mark beside the key nothing is in doubt.
constexpr Row kBySidecar[] = {
    {"no fault", Kind::kNone, Rival::kNobody, "written 1", "written 1", "written 1"},
    {"nothing was done", Kind::kLostRequest, Rival::kNobody, "written 1", "written 1", "written 1"},
    {"it was done", Kind::kLostAnswer, Rival::kNobody, "written 1", "written 1", "written 1"},
    {"a rival was first", Kind::kLostRequest, Rival::kOther, "refused 0", "refused 0", "written 1"},
    {"a twin was first", Kind::kLostRequest, Rival::kTwin, "refused 0", "refused 0", "written 1"},
    {"it was written over", Kind::kLostAnswer, Rival::kOverwrites, "written 1", "written 1",
     "written 1"},
    {"it was removed", Kind::kLostAnswer, Rival::kRemoves, "written 1", "written 1", "written 1"},
    {"delivered twice", Kind::kTwice, Rival::kNobody, "written 1", "written 1", "written 1"},
    {"delivered twice, and written over between", Kind::kTwice, Rival::kOverwrites, "written 1",
     "written 1", "written 1"},
    {"refused by a liar", Kind::kRefused, Rival::kNobody, "denied 0", "denied 0", "denied 0"},
    {"refused after it was done", Kind::kRefusedDone, Rival::kNobody, "written 1", "written 1",
     "written 1"},
};

void act(Rival rival, FakeEtcd& etcd) {
  switch (rival) {
    case Rival::kNobody: return;
    case Rival::kOther: return etcd.set("/app/k", "other");
    case Rival::kTwin: return etcd.set("/app/k", "new");
    case Rival::kOverwrites: return etcd.set("/app/k", "after");
    case Rival::kRemoves: return etcd.erase("/app/k");
  }
}

std::string run(const Row& row, bool sidecar, const std::string& condition) {
  NativeWorld world(sidecar);
  if (condition != "absent") world.etcd.set("/app/k", "old");
  Precondition precondition = Any{};
  if (condition == "absent") precondition = Absent{};
  if (condition == "match") precondition = world.read("/k");
  // An answer before the write says from where on the history counts.
  REQUIRE_OK(world.store->get(Value::string("/elsewhere")));
  world.etcd.then({row.fault, [&] { act(row.rival, world.etcd); }});
  const std::string word = world.put("/k", "new", precondition);
  return word + " " + std::to_string(world.etcd.writes_of("/app/k"));
}

TEST_CASE("history decides what another value took the place of, and what has not come") {
  for (const Row& row : kByHistory) {
    CAPTURE(row.what);
    CHECK(run(row, false, "match") == row.match);
    CHECK(run(row, false, "absent") == row.absent);
    CHECK(run(row, false, "any") == row.any);
  }
}

TEST_CASE("with settle=sidecar every outcome is exact, twins included") {
  for (const Row& row : kBySidecar) {
    CAPTURE(row.what);
    CHECK(run(row, true, "match") == row.match);
    CHECK(run(row, true, "absent") == row.absent);
    CHECK(run(row, true, "any") == row.any);
  }
}

TEST_CASE("a history that is gone leaves the write unknown") {
  for (const bool sidecar : {false, true}) {
    CAPTURE(sidecar);
    NativeWorld world(sidecar);
    world.etcd.set("/app/k", "old");
    const Match match = world.read("/k");
    world.etcd.then({Kind::kLostRequest, [&] {
                       world.etcd.set("/app/k", "other");
                       world.etcd.set("/app/k", "later");
                       world.etcd.forget_before(1'000);
                     }});
    CHECK(world.put("/k", "new", match) == "unknown");
  }
}

TEST_CASE("where nothing can be read back the write is unknown") {
  NativeWorld world;
  world.etcd.set("/app/k", "old");
  const Match match = world.read("/k");
  world.etcd.then({Kind::kLostAnswer, [&] { world.etcd.go_dark(); }});
  CHECK(world.put("/k", "new", match) == "unknown");
}

TEST_CASE("a write that never arrives is unknown in the end") {
  NativeWorld world;
  world.etcd.set("/app/k", "old");
  const Match match = world.read("/k");
  for (int i = 0; i < 20; ++i) world.etcd.then({Kind::kLostRequest, {}});
  CHECK(world.put("/k", "new", match) == "unknown");
  CHECK(world.etcd.value_of("/app/k") == "old");
}

TEST_CASE("a lost race costs one request, and brings the winner along") {
  NativeWorld world;
  world.etcd.set("/app/k", "old");
  const Match match = world.read("/k");
  world.etcd.set("/app/k", "other");
  world.etcd.requests = 0;
  PutOptions options;
  options.precondition = match;
  auto outcome = world.store->put(Value::string("/k"), Value::string("new"), options);
  REQUIRE_OK(outcome);
  const Refused* refused = std::get_if<Refused>(&*outcome);
  REQUIRE(refused != nullptr);
  CHECK(refused->present_known);
  REQUIRE(refused->present);
  CHECK(refused->present->value == Value::string("other"));
  CHECK(world.etcd.requests == 1);
}

TEST_CASE("a race lost to another ksv costs one request with settle=sidecar, too") {
  NativeWorld world(true);
  REQUIRE(world.put("/k", "old") == "written");
  const Match match = world.read("/k");
  REQUIRE(world.put("/k", "other", match) == "written");
  world.etcd.requests = 0;
  CHECK(world.put("/k", "new", match) == "refused");
  CHECK(world.etcd.requests == 1);
}

TEST_CASE("the version of a settled write is that of the state it made") {
  NativeWorld world(true);
  world.etcd.set("/app/k", "old");
  const Match match = world.read("/k");
  world.etcd.then({Kind::kLostAnswer, [&] { world.etcd.set("/app/k", "after"); }});
  REQUIRE(world.put("/k", "new", match) == "written");
  CHECK(world.call.resolved_by == ResolvedBy::kLineage);
  CHECK(world.version.token == "12");
  CHECK(world.read("/k").version.token == "13");
}

TEST_CASE("counters survive every fault with settle=sidecar") {
  NativeWorld world(true);
  world.etcd.set("/app/n", "0");
  const Kind kinds[] = {Kind::kLostAnswer, Kind::kNone,       Kind::kTwice, Kind::kLostRequest,
                        Kind::kNone,       Kind::kLostAnswer, Kind::kTwice, Kind::kNone};
  for (const Kind kind : kinds) world.etcd.then({kind, {}});
  const Compute compute = [](const Entry* present, std::uint32_t) -> Result<Value> {
    return Value::integer(number_of(present->value) + 1);
  };
  for (int i = 1; i <= 8; ++i) {
    const auto updated =
        update_value(*world.store, Value::string("/n"), compute, {}, world.env, world.call);
    REQUIRE_OK(updated);
    CHECK(world.etcd.value_of("/app/n") == std::to_string(i));
  }
}
TEST_CASE(
    "a race lost once begins again at once from the winner, one lost again from a fresh read") {
  NativeWorld world;
  world.etcd.set("/app/n", "0");
  int rounds = 0;
  const Compute compute = [&](const Entry* present, std::uint32_t) -> Result<Value> {
    const int found = number_of(present->value);
    // In each of the first rounds a rival is faster.
    if (++rounds <= 3) world.etcd.set("/app/n", std::to_string(found + 10));
    return Value::integer(found + 1);
  };
  world.etcd.requests = 0;
  const auto updated =
      update_value(*world.store, Value::string("/n"), compute, {}, world.env, world.call);
  REQUIRE_OK(updated);
  CHECK(world.etcd.value_of("/app/n") == "31");
  // A read and four writes, and reads after the second and the third.
  CHECK(world.etcd.requests == 7);
  CHECK(world.env.slept() > std::chrono::microseconds(0));
}

struct RemovalRow {
  const char* what;
  Kind fault;
  Rival rival;
  const char* any;  // dissoc
  const char* any_sidecar;
  const char* match;  // dissoc --if-match
  const char* match_sidecar;
};
constexpr RemovalRow kRemovals[] = {
    {"no fault", Kind::kNone, Rival::kNobody, "removed", "removed", "removed", "removed"},
    {"nothing was done", Kind::kLostRequest, Rival::kNobody, "removed", "removed", "removed",
     "removed"},
    {"it was done", Kind::kLostAnswer, Rival::kNobody, "removed", "removed", "unknown", "removed"},
    {"a rival wrote first", Kind::kLostRequest, Rival::kOther, "removed", "removed", "conflict",
     "conflict"},
    {"a rival removed it first", Kind::kLostRequest, Rival::kRemoves, "removed", "absent",
     "unknown", "absent"},
    {"refused by a liar", Kind::kRefused, Rival::kNobody, "denied", "denied", "denied", "denied"},
    {"refused after it was done", Kind::kRefusedDone, Rival::kNobody, "removed", "removed",
     "unknown", "removed"},
    {"another was written after it", Kind::kLostAnswer, Rival::kOverwrites, "removed", "removed",
     "unknown", "removed"},
};

std::string removed(NativeWorld& world, const Precondition& precondition) {
  const auto outcome = world.backend->remove("/k", precondition);
  if (!outcome.has_value()) {
    if (outcome.error().effect() == Effect::kUnknown) return "unknown";
    return outcome.error().code() == ErrorCode::kDenied ? "denied" : outcome.error().message();
  }
  switch (*outcome) {
    case RemoveOutcome::kRemoved: return "removed";
    case RemoveOutcome::kWasAbsent: return "absent";
    case RemoveOutcome::kConflict: return "conflict";
  }
  return "";
}

TEST_CASE("a removal is settled by history, too") {
  for (const RemovalRow& row : kRemovals) {
    CAPTURE(row.what);
    for (const bool sidecar : {false, true}) {
      CAPTURE(sidecar);
      for (const bool is_match : {false, true}) {
        CAPTURE(is_match);
        NativeWorld world(sidecar);
        world.etcd.set("/app/k", "old");
        const Match match = world.read("/k");
        world.etcd.then({row.fault, [&] { act(row.rival, world.etcd); }});
        const char* any = sidecar ? row.any_sidecar : row.any;
        const char* expected = is_match ? (sidecar ? row.match_sidecar : row.match) : any;
        CHECK(removed(world, is_match ? Precondition(match) : Precondition(Any{})) == expected);
      }
    }
  }
}

}  // namespace
}  // namespace ksv::testing
