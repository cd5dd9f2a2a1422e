// v3 over real connections: what libcurl does with kept ones, and streams in chunks.
#include "backend/etcd/etcd_open.h"
#include "base/real_env.h"
#include "net/curl_http.h"
#include "support/result_checks.h"
#include "support/scripted_server.h"

namespace ksv::testing {

namespace {

constexpr const char* kDone =
    R"({"header":{"revision":"7"},"succeeded":true,"responses":[{"response_put":{}}]})";
constexpr const char* kCreated = R"({"result":{"header":{"revision":"4"},"created":true}})"
                                 "\n";
constexpr const char* kEvent =
    R"({"result":{"header":{"revision":"5"},"events":[{"kv":{"key":"L2s=","mod_revision":"5","value":"MQ=="}}]}})"
    "\n";

struct Scripted {
  explicit Scripted(const std::string& location) {
    StoreAddress address{.backend = "etcd", .location = location};
    auto settings = etcd::read_settings(address, env);
    REQUIRE_OK(settings);
    wire = std::make_unique<etcd::Wire>(*settings, env, call);
    client = etcd::make_v3_client(*wire);
  }
  RealEnv env{net::make_curl_http};
  Call call{Deadline(env, std::chrono::seconds(20))};
  std::unique_ptr<etcd::Wire> wire;
  std::unique_ptr<etcd::Client> client;
};

}  // namespace

TEST_CASE("a write on a kept connection that dies is sent once, and its effect is unknown") {
  ScriptedServer server;
  Scripted scripted(server.authority());
  server.reply(200, {}, kDone);
  server.then({.kind = ServerAction::Kind::kClose});
  server.otherwise([](const ServedRequest&) { return ServerAction{.body = kDone}; });
  REQUIRE_OK(scripted.client->put("/k", bytes_of("1"), {}));
  auto put = scripted.client->put("/k", bytes_of("2"), {});
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().effect() == Effect::kUnknown);
  CHECK(server.request_count() == 2);
}

TEST_CASE("a member that resets the connection is left for the next by reads, and not by writes") {
  ScriptedServer bad;
  ScriptedServer good;
  bad.otherwise(
      [](const ServedRequest&) { return ServerAction{.kind = ServerAction::Kind::kReset}; });
  good.otherwise([](const ServedRequest&) {
    return ServerAction{
        .body =
            R"({"header":{"revision":"7"},"succeeded":true,"responses":[{"response_range":{}},{"response_range":{}}]})"};
  });
  Scripted reader(bad.authority() + "," + good.authority());
  auto got = reader.client->get("/k", {});
  REQUIRE_OK(got);
  CHECK_FALSE(got->node.has_value());
  const auto before = good.request_count();
  CHECK(before > 0);
  Scripted writer(bad.authority() + "," + good.authority());
  auto put = writer.client->put("/k", bytes_of("1"), {});
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().effect() == Effect::kUnknown);
  CHECK(good.request_count() == before);
}

TEST_CASE("a watch over chunks of three bytes is resumed where its connection broke off") {
  ScriptedServer server;
  Scripted scripted(server.authority());
  server.then({.body = std::string(kCreated) + kEvent + "{\"result\":{\"hea",
               .chunked = true,
               .close_after = true});
  server.then({.body = std::string(kCreated) +
                       R"({"result":{"header":{},"canceled":true,"compact_revision":"6"}})"
                       "\n",
               .chunked = true,
               .stall = true});
  int events = 0;
  auto end = scripted.client->watch("/k", {.from = 5}, [&](const etcd::Event&) -> Result<bool> {
    ++events;
    return true;
  });
  REQUIRE_OK(end);
  CHECK(events == 1);
  CHECK(end->cleared);
  CHECK(server.requests()[1].body.find(R"("start_revision":"6")") != std::string::npos);
}

}  // namespace ksv::testing
