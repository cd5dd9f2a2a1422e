// Watches as their bytes come: cut anywhere, over several streams, to the end of the history.
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

std::string message(std::int64_t revision, const std::string& rest) {
  return R"({"result":{"header":{"revision":")" + std::to_string(revision) + R"("})" + rest +
         "}}\n";
}
std::string created(std::int64_t revision) { return message(revision, R"(,"created":true)"); }
// A put of "/k" with its revision as its value, in one digit.
std::string put(std::int64_t revision) {
  const std::string number = std::to_string(revision);
  // base64 of one digit
  const char* const digits[] = {
      "MA==", "MQ==", "Mg==", "Mw==", "NA==", "NQ==", "Ng==", "Nw==", "OA==", "OQ=="};
  return R"({"kv":{"key":"L2s=","mod_revision":")" + number + R"(","value":")" + digits[revision] +
         R"("}})";
}
std::string events(std::int64_t revision, const std::string& list) {
  return message(revision, R"(,"events":[)" + list + "]");
}

// A stream that tells `text`, in pieces, and is lost then.
void stream(V3World& world, std::string text, std::size_t piece = 7) {
  world.http.then(HttpFailure{HttpFailure::Kind::kBroken, true, "lost"});
  const auto before = world.http.on_exchange;
  const std::size_t turn = world.http.outcomes_left();
  world.http.on_exchange = [&world, before, turn, text = std::move(text), piece,
                            n = std::size_t{0}](const HttpRequest& request) mutable {
    if (before) before(request);
    if (!request.sink || ++n != turn) return;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      if (!request.sink(bytes_of(std::string_view(text).substr(at, piece))).has_value()) return;
    }
  };
}

struct Seen {
  std::string values{};
  Result<etcd::WatchEnd> end = etcd::WatchEnd{};
};

Seen watch(V3World& world, std::int64_t from, std::size_t count) {
  Seen seen;
  seen.end =
      world.client().watch("/k", {.from = from}, [&](const etcd::Event& event) -> Result<bool> {
        seen.values += event.action == "put" ? std::string(text_of(event.node.value)) : "-";
        return seen.values.size() < count;
      });
  return seen;
}

}  // namespace

TEST_CASE("messages are cut by lines, wherever the pieces end") {
  for (const std::size_t piece : {1, 2, 13, 1000}) {
    V3World world;
    stream(world, created(4) + events(5, put(5)) + events(7, put(6) + "," + put(7)), piece);
    const Seen seen = watch(world, 5, 3);
    REQUIRE_OK(seen.end);
    CHECK(seen.values == "567");
    CHECK(seen.end->next == 8);
    CHECK(world.asked(0).body ==
          R"({"create_request":{"key":"L2s=","start_revision":"5","progress_notify":true}})");
  }
}

TEST_CASE("a watch that is lost goes on after the last event, at another member") {
  V3World world("a:1,b:2");
  stream(world, created(4) + events(5, put(5)));
  stream(world, created(5) + events(6, put(6)));
  const Seen seen = watch(world, 0, 2);
  REQUIRE_OK(seen.end);
  CHECK(seen.values == "56");
  CHECK(world.asked(1).body.find(R"("start_revision":"6")") != std::string::npos);
  CHECK(world.asked(0).url != world.asked(1).url);
}

TEST_CASE("a watch from now on that is lost before any event misses none") {
  V3World world;
  stream(world, created(4));
  stream(world, created(6) + events(5, put(5)) + events(6, put(6)));
  const Seen seen = watch(world, 0, 2);
  REQUIRE_OK(seen.end);
  CHECK(seen.values == "56");
  CHECK(world.asked(1).body.find(R"("start_revision":"5")") != std::string::npos);
}

TEST_CASE("a sign of life moves on where the next stream begins") {
  V3World world;
  stream(world, created(4) + message(8, ""));
  stream(world, created(8) + events(9, put(9)));
  const Seen seen = watch(world, 5, 1);
  REQUIRE_OK(seen.end);
  CHECK(world.asked(1).body.find(R"("start_revision":"9")") != std::string::npos);
}

TEST_CASE("a watch that ends amid a revision is resumed at that revision") {
  V3World world;
  stream(world, created(4) + events(5, put(5) + "," + put(5)));
  const Seen seen = watch(world, 5, 1);
  REQUIRE_OK(seen.end);
  CHECK(seen.end->next == 5);
}

TEST_CASE("a compacted beginning ends the watch, and tells what is left") {
  V3World world;
  stream(world, created(40) + R"({"result":{"header":{},"canceled":true,"compact_revision":"29"}})"
                              "\n");
  const Seen seen = watch(world, 2, 1);
  REQUIRE_OK(seen.end);
  CHECK(seen.end->cleared);
  CHECK(seen.end->next == 2);
  CHECK(seen.end->oldest == 29);
}

TEST_CASE("a refusal of the watch is an error, at once") {
  V3World world;
  stream(
      world,
      R"({"result":{"header":{"revision":"2"},"watch_id":"-1","created":true,"canceled":true,"cancel_reason":"rpc error: code = PermissionDenied desc = etcdserver: permission denied"}})"
      "\n");
  const Seen seen = watch(world, 2, 1);
  REQUIRE_ERROR(seen.end, ErrorCode::kDenied);
  CHECK(world.http.asked.size() == 1);
}

TEST_CASE("an error of the stream is mended by another stream, in both shapes") {
  for (
      const char* error :
      {R"({"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader","http_status":"Service Unavailable"}})",
       R"({"error":{"code":14,"message":"etcdserver: no leader","details":[]}})"}) {
    V3World world;
    stream(world, created(4) + error + "\n");
    stream(world, created(4) + events(5, put(5)));
    const Seen seen = watch(world, 5, 1);
    REQUIRE_OK(seen.end);
    CHECK(seen.values == "5");
  }
}

TEST_CASE("what is no message of a watch, at first, is an error") {
  for (const char* text : {"<html>\n", "{}\n", "{\"result\":{\"created\":\"x\"}}\n"}) {
    V3World world;
    stream(world, text);
    const Seen seen = watch(world, 5, 1);
    CHECK_FALSE(seen.end.has_value());
  }
}

TEST_CASE("deletions are told without a value, and other keys are not told") {
  V3World world;
  stream(world, created(4) +
                    events(5, R"({"type":"DELETE","kv":{"key":"L2s=","mod_revision":"5"}})") +
                    events(6, R"({"type":1,"kv":{"key":"L2s=","mod_revision":"6"}})"));
  const Seen seen = watch(world, 5, 2);
  REQUIRE_OK(seen.end);
  CHECK(seen.values == "--");
}

}  // namespace ksv::testing
