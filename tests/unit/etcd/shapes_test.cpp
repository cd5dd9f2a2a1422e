// Recorded answers beside transactions, read alike in the shapes of 3.4, 3.5 and 3.6.
#include <algorithm>

#include "unit/etcd/recorded.h"
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

struct Answer {
  int status = 0;
  std::vector<std::string> lines{};
};

Answer recorded_answer(const std::string& name) {
  for (const std::vector<std::string>& row : recorded_rows("answers.tsv")) {
    if (row[0] != name) continue;
    return {(row[1][0] - '0') * 100 + (row[1][1] - '0') * 10 + row[1][2] - '0',
            {row.begin() + 2, row.end()}};
  }
  FAIL("there is no answer " << name);
  return {};
}

// The next answer of the world, a line each. Refusals are no messages of protobuf's, whose names
// are as they are.
void replay(V3World& world, const std::string& name, Shape shape) {
  const Answer answer = recorded_answer(name);
  if (answer.status != 200 && shape != Shape::kSpaced) shape = Shape::kRecorded;
  std::string body;
  for (const std::string& line : answer.lines) body += reprinted(parsed(line), shape) + "\n";
  world.http.answer(answer.status, {}, body);
}

struct Refusal {
  std::string name;
  std::int64_t code = 0;
  std::string message{};
  etcd::ServiceError as_recorded{};
};

std::vector<Refusal> recorded_refusals() {
  std::vector<Refusal> refusals;
  for (const std::vector<std::string>& row : recorded_rows("refusals.tsv")) {
    if (!row[2].starts_with("v3:")) continue;
    const int status = (row[1][0] - '0') * 100 + (row[1][1] - '0') * 10 + row[1][2] - '0';
    Refusal refusal{.name = row[0]};
    refusal.as_recorded = etcd::read_refusal({.status = status, .body = copy_of(bytes_of(row[4]))});
    refusal.code = refusal.as_recorded.code.value_or(0);
    refusal.message = refusal.as_recorded.message;
    refusals.push_back(std::move(refusal));
  }
  return refusals;
}

// What the gateway of 3.6 makes of gRPC's codes: other than 3.4's for 1, 9 and 12.
int new_status(std::int64_t code) {
  const int statuses[] = {200, 499, 500, 400, 504, 404, 409, 403, 429,
                          400, 409, 400, 501, 500, 503, 500, 401};
  return code >= 0 && code <= 16 ? statuses[code] : 500;
}

std::string quoted(const std::string& text) {
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

std::string watched(V3World& world, const std::string& path, std::int64_t from,
                    std::size_t events) {
  std::string text;
  std::size_t count = 0;
  const auto end = world.client().watch(
      path, {.from = from, .previous = true}, [&](const etcd::Event& event) -> Result<bool> {
        text += event.action + " " + std::string(text_of(event.node.value)) + "@" +
                std::to_string(event.node.modified);
        if (event.previous) text += " was " + std::string(text_of(event.previous->value));
        text += ";";
        return ++count < events;
      });
  if (!end.has_value()) return text + end.error().message();
  if (end->cleared) text += "cleared before " + std::to_string(end->oldest);
  return text + " next " + std::to_string(end->next);
}

}  // namespace

TEST_CASE("each refusal is the same in the shapes and with the statuses of other releases") {
  int refusals = 0;
  for (const Refusal& refusal : recorded_refusals()) {
    CAPTURE(refusal.name);
    const std::string code = std::to_string(refusal.code);
    const std::string message = quoted(refusal.message);
    const std::string details =
        R"([{"@type":"type.googleapis.com/google.rpc.ErrorInfo","code":7,"message":"no"}])";
    const std::string shapes[] = {
        R"({"error":)" + message + R"(,"message":)" + message + R"(,"code":)" + code + "}",
        R"({"error":)" + message + R"(,"code":)" + code + "}",
        R"({"code":)" + code + R"(,"message":)" + message + R"(,"details":[]})",
        R"({"code": )" + code + R"(, "message": )" + message + R"(, "details": )" + details + "}",
        R"({"error":{"grpc_code":)" + code + R"(,"http_code":500,"message":)" + message +
            R"(,"http_status":"x"}})",
        R"({"error":{"code":)" + code + R"(,"message":)" + message + R"(,"details":[]}})"};
    for (const std::string& shape : shapes) {
      CAPTURE(shape);
      const int status = new_status(refusal.code);
      const etcd::ServiceError got =
          etcd::read_refusal({.status = status, .body = copy_of(bytes_of(shape))});
      CHECK(got.code == refusal.code);
      CHECK(got.message == refusal.message);
      CHECK(got.traits.definite == refusal.as_recorded.traits.definite);
      CHECK(got.traits.meaning == refusal.as_recorded.traits.meaning);
      CHECK(got.traits.verdict == refusal.as_recorded.traits.verdict);
      CHECK(got.traits.code == refusal.as_recorded.traits.code);
      CHECK(etcd::v2_code_of(got) == etcd::v2_code_of(refusal.as_recorded));
    }
    ++refusals;
  }
  CHECK(refusals > 35);
}

TEST_CASE("a path that the router of 3.6 does not know is no absent key") {
  const std::string unknown = R"({"code":5, "message":"Not Found", "details":[]})";
  const auto refusal = etcd::read_refusal({.status = 404, .body = copy_of(bytes_of(unknown))});
  CHECK(refusal.traits.meaning == etcd::Meaning::kNoRoute);
  CHECK(etcd::v2_code_of(refusal) != 100);
  V3World world;
  world.refuse(404, unknown);
  world.refuse(404, unknown);
  world.tell(R"(,"ID":"5","TTL":"9")");
  REQUIRE_OK(world.client().grant_lease(9));
  CHECK(world.asked(2).url == "http://a:1/v3alpha/lease/grant");
  CHECK(world.wire().v3_prefix() == "/v3alpha");
}

TEST_CASE("what a member tells of itself and of the others is read in each shape") {
  for (const Shape shape : kShapes) {
    CAPTURE(static_cast<int>(shape));
    V3World world;
    replay(world, "member-list", shape);
    replay(world, "status", shape);
    const auto members = world.client().members();
    REQUIRE_OK(members);
    REQUIRE(members->size() == 1);
    CHECK(members->front().is_leader);
    CHECK_FALSE(members->front().is_learner);
    CHECK(members->front().name == "s1");
    CHECK(members->front().peer_urls == std::vector<std::string>{"http://127.0.0.1:22380"});
    replay(world, "status", shape);
    const auto state = world.client().state();
    REQUIRE_OK(state);
    CHECK(state->raft_index == 1357);
    CHECK(state->raft_term == 2);
    CHECK(state->leader == "1680732849596558627");
    replay(world, "member-list", shape);
    replay(world, "noquorum-status", shape);
    const auto leaderless = world.client().members();
    REQUIRE_OK(leaderless);
    CHECK_FALSE(leaderless->front().is_leader);
  }
}

TEST_CASE("the release is read with whatever later servers tell beside it") {
  const std::string old = recorded_answer("endpoint /version").lines[0];
  for (const std::string& told :
       {old, std::string(R"({"etcdserver":"3.6.1","etcdcluster":"3.6.0","storage":"3.6.0"})")}) {
    V3World world;
    replay(world, "status", Shape::kRecorded);
    world.refuse(200, told);
    const auto release = world.client().release();
    REQUIRE_OK(release);
    CHECK(release->server == (told == old ? "3.4.23" : "3.6.1"));
    CHECK(release->cluster == (told == old ? "3.4.0" : "3.6.0"));
    CHECK(release->prefix == "/v3");
  }
}

TEST_CASE("health is told with and without a reason") {
  struct Row {
    const char* name;
    bool is_healthy;
  };
  for (const Row& row : {Row{"endpoint /health", true}, Row{"noleader-health", false},
                         Row{"nospace-health", false}}) {
    CAPTURE(row.name);
    V3World world("a:1,b:2");
    replay(world, row.name, Shape::kRecorded);
    const std::string word = row.is_healthy ? "true" : "false";
    world.refuse(row.is_healthy ? 200 : 503, R"({"health":")" + word + R"(","reason":"of 3.5"})");
    const auto health = world.client().health();
    REQUIRE_OK(health);
    REQUIRE(health->size() == 2);
    for (const etcd::Health& each : *health) CHECK(each.healthy == row.is_healthy);
    CHECK(health->back().reason == "of 3.5");
  }
}

TEST_CASE("leases are granted, kept and missed alike in each shape") {
  for (const Shape shape : kShapes) {
    CAPTURE(static_cast<int>(shape));
    V3World world;
    replay(world, "lease-grant", shape);
    const auto lease = world.client().grant_lease(1);
    REQUIRE_OK(lease);
    CHECK(*lease == 7864307485323318006);
    replay(world, "lease-grant-dup", shape);
    CHECK(world.client().grant_lease(60).has_value());  // asked for twice
    const std::pair<const char*, std::int64_t> kept[] = {{"lease-keepalive", 2},
                                                         {"lease-keepalive-gone", 0}};
    for (const auto& [name, seconds] : kept) {
      replay(world, name, shape);
      const auto left = world.client().keep_alive(777);
      REQUIRE_OK(left);
      CHECK(*left == seconds);
    }
    for (const char* name : {"lease-revoke", "lease-revoke-gone"}) {
      replay(world, name, shape);
      CHECK_OK(world.client().revoke_lease(777));
    }
    replay(world, "noquorum-keepalive", shape);
    const auto leaderless = world.client().keep_alive(1);
    REQUIRE_ERROR(leaderless, ErrorCode::kUnavailable);
    CHECK(leaderless.error().message().find("no leader") != std::string::npos);
  }
}

TEST_CASE("a watch tells the same events and the same end in each shape") {
  for (const Shape shape : kShapes) {
    CAPTURE(static_cast<int>(shape));
    V3World world;
    replay(world, "watch-live", shape);
    CHECK(watched(world, "/w", 0, 2) == "put 1@28;delete @29 was 1; next 30");
    replay(world, "watch-past", shape);
    CHECK(watched(world, "/t", 17, 3) == "put 2@17;put 4@18;put 5@20; next 21");
    replay(world, "watch-compacted", shape);
    CHECK(watched(world, "/t", 2, 1) == "cleared before 29 next 2");
    replay(world, "noquorum-watch-hasleader", shape);
    CHECK(watched(world, "/c", 2, 1).find("no leader") != std::string::npos);
  }
}

TEST_CASE("a compacted watch is cleared though a later server gives the reason, too") {
  V3World world;
  world.http.answer(200, {},
                    R"({"result":{"header":{"revision":"30"},"watch_id":"0","created":true}}
{"result":{"header":{"revision":"30"},"watch_id":"0","canceled":true,"compact_revision":"29","cancel_reason":"etcdserver: mvcc: required revision has been compacted"}}
)");
  CHECK(watched(world, "/t", 2, 1) == "cleared before 29 next 2");
}

TEST_CASE("a watch whose token is refused gets a new one, in the words of each release") {
  const auto cancelled = [](const std::string& reason) {
    return R"({"result":{"header":{"revision":"2"},"watch_id":"-1","created":true,)"
           R"("canceled":true,"cancel_reason":)" +
           quoted("rpc error: code = " + reason) + "}}\n";
  };
  const std::string empty = recorded_answer("auth-watch-noauth").lines[0] + "\n";
  for (const std::string& refusal :
       {empty, cancelled("Unauthenticated desc = etcdserver: invalid auth token"),
        cancelled("InvalidArgument desc = etcdserver: revision of auth store is old"),
        cancelled("InvalidArgument desc = etcdserver: user name is empty")}) {
    CAPTURE(refusal);
    V3World world;
    world.address.options = {{"user", "bob"}, {"password", "pw"}};
    for (const Shape shape : {Shape::kRecorded, Shape::kFull}) {
      replay(world, "auth-authenticate", shape);
      if (shape == Shape::kRecorded) world.http.answer(200, {}, refusal);
    }
    replay(world, "watch-past", Shape::kRecorded);
    CHECK(watched(world, "/t", 17, 3) == "put 2@17;put 4@18;put 5@20; next 21");
    CHECK(world.sent_header(3, "Authorization") == "ajvFRtQccsIZXIdA.39");
  }
}

}  // namespace ksv::testing
