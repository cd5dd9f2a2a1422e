// Watching v2: no event missed, none doubled, and it says so when that cannot be.
#include "unit/etcd/v2_world.h"

namespace ksv::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string event(const std::string& action, const std::string& key, int index,
                  const std::string& value = "") {
  std::string node = R"({"key":")" + key + R"(",)";
  if (!value.empty()) node += R"("value":")" + value + R"(",)";
  node += R"("modifiedIndex":)" + std::to_string(index) + R"(,"createdIndex":1})";
  return R"({"action":")" + action + R"(","node":)" + node + "}";
}

struct Watched {
  std::string events;  // "put /k=1@5 "
  Result<etcd::WatchEnd> end;
};

// Ends after `most` events.
Watched watch(V2World& world, const std::string& path, etcd::WatchOptions options,
              std::size_t most) {
  std::string events;
  std::size_t count = 0;
  auto end = world.client().watch(path, options, [&](const etcd::Event& event) -> Result<bool> {
    events += event.action + " " + event.node.path;
    if (!event.node.value.empty()) events += "=" + std::string(text_of(event.node.value));
    events += "@" + std::to_string(event.node.modified) + " ";
    return ++count < most;
  });
  return {events, std::move(end)};
}

TEST_CASE("each event is asked for from the index after the last") {
  V2World world;
  world.tell(200, event("set", "/k", 5, "1"));
  world.tell(200, event("compareAndSwap", "/k", 9, "2"));
  world.tell(200, event("expire", "/k", 10));
  const Watched watched = watch(world, "/k", {.from = 3}, 3);
  REQUIRE_OK(watched.end);
  CHECK(watched.events == "put /k=1@5 put /k=2@9 expire /k@10 ");
  CHECK(world.asked(0) == "GET /v2/keys/k?wait=true&waitIndex=3");
  CHECK(world.asked(1) == "GET /v2/keys/k?wait=true&waitIndex=6");
  CHECK(world.asked(2) == "GET /v2/keys/k?wait=true&waitIndex=10");
  CHECK(watched.end->next == 11);
  CHECK_FALSE(watched.end->cleared);
}

TEST_CASE("a watch from now on begins after the index of a read, and never without one") {
  V2World world;
  world.tell(404, R"({"errorCode":100,"message":"Key not found","cause":"/k","index":63})", 63);
  world.tell(200, event("delete", "/k/a", 70));
  const Watched watched = watch(world, "/k", {.recursive = true}, 1);
  REQUIRE_OK(watched.end);
  CHECK(watched.events == "delete /k/a@70 ");
  CHECK(world.asked(1) == "GET /v2/keys/k?wait=true&waitIndex=64&recursive=true");
}

TEST_CASE("a lost connection is resumed from the same index") {
  V2World world;
  world.tell(200, event("set", "/k", 5, "1"));
  world.http.fail(HttpFailure::Kind::kBroken, true);
  world.http.answer(200, {}, "");  // broken off before the event
  world.tell(200, event("set", "/k", 8, "2"));
  const Watched watched = watch(world, "/k", {.from = 3}, 2);
  REQUIRE_OK(watched.end);
  CHECK(watched.events == "put /k=1@5 put /k=2@8 ");
  CHECK(world.asked(3) == "GET /v2/keys/k?wait=true&waitIndex=6");
}

TEST_CASE("a time without events ends the watch where a time was given, else it goes on") {
  V2World world;
  world.http.on_exchange = [&](const HttpRequest& request) { world.env.sleep(request.timeout); };
  SUBCASE("a time was given") {
    world.http.fail(HttpFailure::Kind::kTimeout, true);
    const Watched watched = watch(world, "/k", {.from = 3, .time = seconds(2)}, 1);
    REQUIRE_OK(watched.end);
    CHECK(watched.events.empty());
    CHECK(watched.end->next == 3);
    CHECK(world.http.asked[0].timeout == seconds(2));
  }
  SUBCASE("none was") {
    world.http.fail(HttpFailure::Kind::kTimeout, true);
    world.tell(200, event("set", "/k", 5, "1"));
    const Watched watched = watch(world, "/k", {.from = 3}, 1);
    REQUIRE_OK(watched.end);
    CHECK(watched.events == "put /k=1@5 ");
  }
}

TEST_CASE("events that the server has no more end the watch, and it says from where on") {
  V2World world;
  world.tell(400, R"({"errorCode":401,"message":"The event in requested index is outdated and )"
                  R"(cleared","cause":"the requested history has been cleared [199/88]",)"
                  R"("index":1198})");
  const Watched watched = watch(world, "/k", {.from = 88}, 1);
  REQUIRE_OK(watched.end);
  CHECK(watched.end->cleared);
  CHECK(watched.end->oldest == 199);
  CHECK(watched.end->next == 88);
}

TEST_CASE("with a directory above go the keys in it, and not those whose names begin like it") {
  V2World world;
  constexpr const char* kGone =
      R"({"action":"delete","node":{"key":"/wd","dir":true,"modifiedIndex":93,"createdIndex":91},)"
      R"("prevNode":{"key":"/wd","dir":true,"modifiedIndex":91,"createdIndex":91}})";
  SUBCASE("in it") {
    world.tell(200, kGone);
    const Watched watched = watch(world, "/wd/a/b", {.from = 92}, 1);
    REQUIRE_OK(watched.end);
    CHECK(watched.events == "delete /wd/a/b@93 ");
  }
  SUBCASE("not in it") {
    world.tell(200, kGone);
    world.tell(200, event("set", "/wdx", 95, "1"));
    const Watched watched = watch(world, "/wdx", {.from = 92}, 1);
    REQUIRE_OK(watched.end);
    CHECK(watched.events == "put /wdx=1@95 ");
    CHECK(world.asked(1) == "GET /v2/keys/wdx?wait=true&waitIndex=94");
  }
}

TEST_CASE("hidden names are left out, though the history has them") {
  V2World world;
  world.tell(200, event("set", "/d/_hidden/x", 5, "no"));
  world.tell(200, event("set", "/d/a", 7, "1"));
  const Watched watched = watch(world, "/d", {.recursive = true, .from = 3}, 1);
  REQUIRE_OK(watched.end);
  CHECK(watched.events == "put /d/a=1@7 ");
  CHECK(world.asked(1) == "GET /v2/keys/d?wait=true&waitIndex=6&recursive=true");
}

TEST_CASE("a watch gives up when nothing answers any more") {
  V2World world;
  for (int i = 0; i < 64; ++i) world.http.fail(HttpFailure::Kind::kBroken, true);
  const Watched watched = watch(world, "/k", {.from = 3}, 1);
  REQUIRE_ERROR(watched.end, ErrorCode::kUnavailable);
  CHECK(watched.end.error().effect() == Effect::kNone);
}

TEST_CASE("the first event since an index is asked for only where there may be one") {
  V2World world;
  SUBCASE("nothing was written to any key") {
    world.tell(404, R"({"errorCode":100,"message":"Key not found","cause":"/k","index":63})", 63);
    const auto event = world.client().first_event("/k", 64);
    REQUIRE_OK(event);
    CHECK_FALSE(event->has_value());
  }
  SUBCASE("the key is as it was") {
    world.tell(200, event("get", "/k", 50, "1"), 63);
    const auto event = world.client().first_event("/k", 51);
    REQUIRE_OK(event);
    CHECK_FALSE(event->has_value());
  }
  SUBCASE("the key was written") {
    world.tell(200, event("get", "/k", 60, "3"), 63);
    world.tell(200, event("set", "/k", 55, "2"), 63);
    const auto found = world.client().first_event("/k", 51);
    REQUIRE_OK(found);
    REQUIRE(*found);
    CHECK((*found)->node.modified == 55);
    CHECK(text_of((*found)->node.value) == "2");
    CHECK(world.asked(1) == "GET /v2/keys/k?wait=true&waitIndex=51");
  }
  SUBCASE("an absent key has no event") {
    world.tell(404, R"({"errorCode":100,"message":"Key not found","cause":"/k","index":63})", 63);
    world.http.on_exchange = [&](const HttpRequest& request) {
      if (request.url.find("wait") != std::string::npos) world.env.sleep(request.timeout);
    };
    world.http.fail(HttpFailure::Kind::kTimeout, true);
    const auto event = world.client().first_event("/k", 51);
    REQUIRE_OK(event);
    CHECK_FALSE(event->has_value());
  }
  SUBCASE("the events are gone") {
    world.tell(200, event("get", "/k", 60, "3"), 2'000);
    world.tell(400, R"({"errorCode":401,"message":"outdated","cause":"[199/51]","index":2000})");
    const auto event = world.client().first_event("/k", 51);
    REQUIRE_ERROR(event, ErrorCode::kState);
  }
  CHECK(world.http.outcomes_left() == 0);
}

}  // namespace
}  // namespace ksv::testing
