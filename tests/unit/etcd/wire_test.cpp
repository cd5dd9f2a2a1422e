// Which member is asked, what is asked again, and what never is.
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

constexpr const char* kNoLeader =
    R"({"error":"etcdserver: no leader","message":"etcdserver: no leader","code":14})";
constexpr const char* kBadToken =
    R"({"error":"etcdserver: invalid auth token","message":"etcdserver: invalid auth token","code":16})";
// "/k" with the value "1".
constexpr const char* kFound =
    R"(,"kvs":[{"key":"L2s=","create_revision":"3","mod_revision":"5","version":"2","value":"MQ=="}],"count":"1")";

std::string path_of(const FakeHttp::Asked& asked) {
  return asked.url.substr(asked.url.find('/', 7));
}

}  // namespace

TEST_CASE("a request asks for a leader, in JSON, with a time") {
  V3World world;
  world.tell(kFound);
  REQUIRE_OK(world.client().get("/k", {}));
  CHECK(world.asked(0).method == "POST");
  CHECK(world.asked(0).url == "http://a:1/v3/kv/range");
  CHECK(world.sent_header(0, "Content-Type") == "application/json");
  CHECK(world.sent_header(0, "Grpc-Metadata-hasleader") == "true");
  CHECK(world.sent_header(0, "Grpc-Timeout") == "27000m");
  CHECK(world.sent_header(0, "Authorization").empty());
}

TEST_CASE("a stale read asks for no leader") {
  V3World world;
  world.tell(kFound);
  REQUIRE_OK(world.client().get("/k", {.stale = true}));
  CHECK(world.sent_header(0, "Grpc-Metadata-hasleader").empty());
  CHECK(world.asked(0).body.find("\"serializable\":true") != std::string::npos);
}

TEST_CASE("a write goes to the next member when no connection could be made, and stays there") {
  V3World world("a:1,b:2");
  world.http.fail(HttpFailure::Kind::kConnect, false);
  world.tell(R"(,"succeeded":true,"responses":[{"response_put":{}}])");
  world.tell(R"(,"succeeded":true,"responses":[{"response_put":{}}])");
  REQUIRE_OK(world.client().put("/k", bytes_of("1"), {}));
  REQUIRE_OK(world.client().put("/k", bytes_of("2"), {}));
  CHECK(world.asked(0).url.starts_with("http://a:1/"));
  CHECK(world.asked(1).url.starts_with("http://b:2/"));
  CHECK(world.asked(2).url.starts_with("http://b:2/"));
}

TEST_CASE("a write that may have left is sent once, and its effect is unknown") {
  for (const auto kind : {HttpFailure::Kind::kBroken, HttpFailure::Kind::kTimeout}) {
    V3World world("a:1,b:2");
    world.http.fail(kind, true);
    auto put = world.client().put("/k", bytes_of("1"), {});
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().effect() == Effect::kUnknown);
    CHECK(world.http.asked.size() == 1);
  }
}

TEST_CASE(
    "a write whose answer leaves its effect open is an error that says so, with the server's "
    "words") {
  struct Row {
    int status;
    const char* body;
  };
  for (
      const Row& row :
      {Row{500,
           R"({"error":"context deadline exceeded","message":"context deadline exceeded","code":2})"},
       Row{503,
           R"({"error":"etcdserver: leader changed","message":"etcdserver: leader changed","code":14})"},
       Row{504, R"({"code":4,"message":"context deadline exceeded","details":[]})"},
       Row{502, "<html>"}}) {
    V3World world("a:1,b:2");
    world.refuse(row.status, row.body);
    auto put = world.client().put("/k", bytes_of("1"), {});
    REQUIRE_ERROR(put, ErrorCode::kUnavailable);
    CHECK(put.error().effect() == Effect::kUnknown);
    CHECK(put.error().details()[0] ==
          ErrorDetail{"status", std::to_string(row.status), row.status});
    CHECK(world.http.asked.size() == 1);
  }
}

TEST_CASE("an answer to a write that cannot be read leaves its effect unknown") {
  for (const char* body :
       {"", "{", "[]", R"({"succeeded":true})",
        R"({"succeeded":true,"responses":[{"response_put":{"prev_kv":{"key":"!"}}}]})"}) {
    V3World world;
    world.refuse(200, body);
    auto put = world.client().put("/k", bytes_of("1"), {});
    REQUIRE_FALSE(put.has_value());
    CHECK(put.error().effect() == Effect::kUnknown);
  }
}

TEST_CASE("a read is asked of another member when one fails") {
  V3World world("a:1,b:2");
  world.refuse(503, R"({"message":"etcdserver: request timed out","code":14})");
  world.tell(kFound);
  REQUIRE_OK(world.client().get("/k", {}));
  CHECK(world.asked(1).url.starts_with("http://b:2/"));
}

TEST_CASE("a member without a leader is left for one that has one") {
  V3World world("a:1,b:2,c:3");
  world.refuse(503, kNoLeader);
  world.tell(R"(,"version":"3.4.23","leader":"0")");
  world.tell(R"(,"version":"3.4.23","leader":"12")");
  world.tell(R"(,"succeeded":true,"responses":[{"response_put":{}}])");
  auto put = world.client().put("/k", bytes_of("1"), {});
  REQUIRE_OK(put);
  CHECK(put->applied);
  CHECK(world.asked(1).url == "http://b:2/v3/maintenance/status");
  CHECK(world.asked(3).url == "http://c:3/v3/kv/txn");
  CHECK(world.env.slept().count() == 0);
}

TEST_CASE("that there is no leader anywhere is said at once, and leaves no doubt") {
  V3World world("a:1,b:2");
  world.refuse(503, kNoLeader);
  world.http.fail(HttpFailure::Kind::kTimeout, true);
  auto put = world.client().put("/k", bytes_of("1"), {});
  REQUIRE_ERROR(put, ErrorCode::kUnavailable);
  CHECK(put.error().effect() == Effect::kNone);
  CHECK(world.env.slept().count() == 0);
}

TEST_CASE("a user's token is asked for once, and again when it is refused") {
  V3World world;
  world.address.options = {{"user", "bob"}, {"password", "p\"w"}};
  world.tell(R"(,"token":"one")");
  world.tell(kFound);
  world.tell(kFound);
  world.refuse(401, kBadToken);
  world.tell(R"(,"token":"two")");
  world.tell(R"(,"succeeded":true,"responses":[{"response_put":{}}])");
  REQUIRE_OK(world.client().get("/k", {}));
  REQUIRE_OK(world.client().get("/k", {}));
  auto put = world.client().put("/k", bytes_of("1"), {});
  REQUIRE_OK(put);
  CHECK(path_of(world.asked(0)) == "/v3/auth/authenticate");
  CHECK(world.asked(0).body == R"({"name":"bob","password":"p\"w"})");
  CHECK(world.sent_header(1, "Authorization") == "one");
  CHECK(world.sent_header(3, "Authorization") == "one");
  CHECK(world.sent_header(5, "Authorization") == "two");
}

TEST_CASE("a token that is refused twice is an error") {
  V3World world;
  world.address.options = {{"user", "bob"}, {"password", "pw"}};
  world.tell(R"(,"token":"one")");
  world.refuse(400, R"({"message":"etcdserver: revision of auth store is old","code":3})");
  world.tell(R"(,"token":"two")");
  world.refuse(401, kBadToken);
  auto put = world.client().put("/k", bytes_of("1"), {});
  REQUIRE_ERROR(put, ErrorCode::kDenied);
  CHECK(put.error().effect() == Effect::kNone);
}

TEST_CASE("a cluster without authentication needs no token of its user") {
  V3World world;
  world.address.options = {{"user", "bob:pw"}};
  world.refuse(412, R"({"message":"etcdserver: authentication is not enabled","code":9})");
  world.tell(kFound);
  world.tell(kFound);
  REQUIRE_OK(world.client().get("/k", {}));
  REQUIRE_OK(world.client().get("/k", {}));
  CHECK(world.http.asked.size() == 3);
  CHECK(world.sent_header(2, "Authorization").empty());
}

TEST_CASE("the version prefix is found once") {
  V3World world;
  world.refuse(404, "404 page not found\n");
  world.tell(kFound);
  world.tell(kFound);
  REQUIRE_OK(world.client().get("/k", {}));
  REQUIRE_OK(world.client().get("/k", {}));
  CHECK(world.asked(1).url == "http://a:1/v3beta/kv/range");
  CHECK(world.asked(2).url == "http://a:1/v3beta/kv/range");
  CHECK(world.wire().v3_prefix() == "/v3beta");
}

TEST_CASE("a server of v2 alone is told from one that is no etcd") {
  struct Row {
    const char* version;
    bool only_v2;
  };
  for (const Row& row : {Row{R"({"etcdserver":"2.3.8","etcdcluster":"2.3.0"})", true},
                         Row{"etcd 0.4.6", true}, Row{"<html>hello</html>", false}}) {
    V3World world;
    for (int i = 0; i < 3; ++i) world.refuse(404, "404 page not found\n");
    world.refuse(200, row.version);
    auto got = world.client().get("/k", {});
    REQUIRE_FALSE(got.has_value());
    CHECK(world.wire().has_only_v2() == row.only_v2);
    CHECK(path_of(world.asked(3)) == "/version");
  }
}

TEST_CASE("a server whose v3 has no gateway is asked whether it has v2") {
  for (const bool has_v2 : {true, false}) {
    V3World world;
    for (int i = 0; i < 3; ++i) world.refuse(404, "404 page not found\n");
    world.refuse(200, R"({"etcdserver":"3.4.23","etcdcluster":"3.4.0"})");
    if (has_v2) world.refuse(200, "http://a:1");
    if (!has_v2) world.refuse(404, "404 page not found\n");
    REQUIRE_FALSE(world.client().get("/k", {}).has_value());
    CHECK(world.wire().has_only_v2() == has_v2);
  }
}

TEST_CASE("an unknown path of a server that has v3 is no reason to try another prefix") {
  V3World world;
  world.tell(kFound);
  world.refuse(404, "Not Found\n");
  REQUIRE_OK(world.client().get("/k", {}));
  auto members = world.client().members();
  REQUIRE_ERROR(members, ErrorCode::kUnavailable);
  CHECK(world.http.asked.size() == 2);
}

TEST_CASE("v2's requests carry the user, follow a redirection, and never resend a write") {
  V3World world;
  world.address.options = {{"user", "bob"}, {"password", "pw"}};
  world.client();
  const etcd::Request request{.name = "put /a",
                              .resource = etcd::Resource::kV2,
                              .method = "PUT",
                              .path = "/v2/keys/a",
                              .body = bytes_of("value=1"),
                              .repeat = net::Repeat::kOnce};
  world.http.answer(307, {{"location", "http://b:2/v2/keys/a"}});
  world.http.answer(201, {{"x-etcd-index", "9"}}, "{}");
  auto answer = world.wire().send(request);
  REQUIRE_OK(answer);
  CHECK(answer->number_header("X-Etcd-Index") == 9);
  CHECK(world.sent_header(0, "Authorization") == "Basic Ym9iOnB3");
  CHECK(world.asked(1).url == "http://b:2/v2/keys/a");
  CHECK(world.asked(1).body == "value=1");
  // The password is for those whom the address names.
  CHECK(world.sent_header(1, "Authorization").empty());
  world.http.answer(
      500, {},
      R"({"errorCode":300,"message":"Raft Internal Error","cause":"etcdserver: request timed out","index":7})");
  auto open = world.wire().send(request);
  REQUIRE_ERROR(open, ErrorCode::kUnavailable);
  CHECK(open.error().effect() == Effect::kUnknown);
}

TEST_CASE("a request line that the listener would cut off is refused, but with TLS") {
  for (const bool tls : {false, true}) {
    V3World world;
    world.address.options["tls"] = tls ? "true" : "false";
    world.client();
    const std::string path = "/v2/keys/" + std::string(4096, 'x');
    const etcd::Request request{
        .name = "get", .resource = etcd::Resource::kV2, .method = "GET", .path = path};
    if (tls) world.http.answer(200, {}, "{}");
    auto answer = world.wire().send(request);
    CHECK(answer.has_value() == tls);
    CHECK(world.http.asked.size() == (tls ? 1 : 0));
  }
}

}  // namespace ksv::testing
