// What the client of v2 sends, and what it makes of the answers.
#include "unit/etcd/v2_world.h"

namespace ksv::testing {
namespace {

constexpr const char* kLeaf =
    R"({"action":"get","node":{"key":"/atom","value":"hi","modifiedIndex":28,"createdIndex":27}})";
constexpr const char* kNoKey =
    R"({"errorCode":100,"message":"Key not found","cause":"/atom","index":63})";
constexpr const char* kCompareFailed =
    R"({"errorCode":101,"message":"Compare failed","cause":"[1 != 28]","index":64})";

TEST_CASE("a read asks for a quorum unless an old state will do") {
  V2World world;
  world.tell(200, kLeaf);
  auto reply = world.client().get("/atom", {});
  REQUIRE_OK(reply);
  CHECK(world.asked(0) == "GET /v2/keys/atom?quorum=true");
  REQUIRE(reply->node);
  CHECK(text_of(reply->node->value) == "hi");
  CHECK(reply->node->modified == 28);
  CHECK(reply->node->created == 27);
  CHECK(reply->meta.status == 200);
  CHECK(reply->meta.index == 100);
  CHECK(reply->meta.raft_index == 34);
  CHECK(reply->meta.raft_term == 2);
  CHECK(reply->meta.cluster_id == "28bd3701d02db528");
  world.tell(200, kLeaf);
  REQUIRE_OK(world.client().get("/atom", {.stale = true}));
  CHECK(world.asked(1) == "GET /v2/keys/atom");
}

TEST_CASE("the root has no key, and its children come sorted") {
  V2World world;
  world.tell(200, R"({"action":"get","node":{"dir":true,"nodes":[
      {"key":"/b","value":"","modifiedIndex":5,"createdIndex":5},
      {"key":"/a","dir":true,"nodes":[
        {"key":"/a/x","value":"1","expiration":"2026-11-21T10:45:46.47Z","ttl":5,
         "modifiedIndex":4,"createdIndex":4}],"modifiedIndex":4,"createdIndex":4}]}})");
  const auto reply = world.client().get("/", {.recursive = true});
  REQUIRE_OK(reply);
  CHECK(world.asked(0) == "GET /v2/keys/?quorum=true&recursive=true");
  REQUIRE(reply->node);
  CHECK(reply->node->path == "/");
  CHECK(reply->node->is_directory);
  REQUIRE(reply->node->children.size() == 2);
  const etcd::Node& a = reply->node->children[0];
  CHECK(a.path == "/a");
  REQUIRE(a.children.size() == 1);
  CHECK(a.children[0].ttl == 5);
  CHECK(a.children[0].expiration == "2026-11-21T10:45:46.47Z");
  CHECK(reply->node->children[1].path == "/b");
  CHECK_FALSE(reply->node->children[1].is_directory);
}

TEST_CASE("an empty root is there") {
  V2World world;
  world.tell(200, R"({"action":"get","node":{"dir":true}})");
  const auto reply = world.client().get("/", {});
  REQUIRE_OK(reply);
  REQUIRE(reply->node);
  CHECK(reply->node->children.empty());
}

TEST_CASE("absent is errorCode 100, and no other 404") {
  V2World world;
  world.tell(404, kNoKey, 63);
  const auto absent = world.client().get("/atom", {});
  REQUIRE_OK(absent);
  CHECK_FALSE(absent->node);
  CHECK(absent->meta.index == 63);
  world.http.answer(404, {}, "404 page not found\n");
  CHECK_FALSE(world.client().get("/atom", {}).has_value());
}

TEST_CASE("names are percent-encoded, spaces as %20") {
  V2World world;
  struct Row {
    const char* path;
    const char* encoded;
  };
  const Row rows[] = {{"/a b", "/a%20b"},
                      {"/a+b", "/a%2Bb"},
                      {"/a%b", "/a%25b"},
                      {"/a?b#c&d=e", "/a%3Fb%23c%26d%3De"},
                      {"/\xE2\x88\xB4/\xE2\x88\x8E", "/%E2%88%B4/%E2%88%8E"},
                      {"/\xF0\x9F\x98\x80", "/%F0%9F%98%80"}};
  for (const Row& row : rows) {
    world.tell(404, kNoKey);
    REQUIRE_OK(world.client().get(row.path, {.stale = true}));
    CHECK(world.asked(world.http.asked.size() - 1) == std::string("GET /v2/keys") + row.encoded);
  }
  for (const char* path : {"", "a", "/a//b", "/a/", "/a/../b", "/."}) {
    CAPTURE(path);
    REQUIRE_ERROR(world.client().get(path, {}), ErrorCode::kUsage);
  }
  CHECK(world.http.asked.size() == std::size(rows));
}

TEST_CASE("a value goes in the body as a form, and the form says so") {
  V2World world;
  world.tell(201, R"({"action":"set","node":{"key":"/atom","value":"a b&c=\u2235",)"
                  R"("modifiedIndex":28,"createdIndex":28}})");
  const auto reply = world.client().put("/atom", bytes_of("a b&c=\xE2\x88\xB5"), {});
  REQUIRE_OK(reply);
  CHECK(reply->applied);
  CHECK(world.asked(0) == "PUT /v2/keys/atom value=a%20b%26c%3D%E2%88%B5");
  const std::string* type = find_header(world.http.asked[0].headers, "Content-Type");
  REQUIRE(type != nullptr);
  CHECK(*type == "application/x-www-form-urlencoded");
  REQUIRE(reply->reply.node);
  CHECK(reply->reply.node->modified == 28);
  CHECK(reply->reply.action == "set");
}

struct PutRow {
  const char* what;
  etcd::WriteOptions options;
  const char* asked;
};

TEST_CASE("conditions, times to live and directories are asked for as v2 names them") {
  const PutRow rows[] = {
      {"create", {.condition = {.exists = false}}, "PUT /v2/keys/k?prevExist=false value=v"},
      {"update", {.condition = {.exists = true}}, "PUT /v2/keys/k?prevExist=true value=v"},
      {"by index", {.condition = {.modified = 28}}, "PUT /v2/keys/k?prevIndex=28 value=v"},
      {"by value",
       {.condition = {.value = copy_of(bytes_of("o l"))}},
       "PUT /v2/keys/k value=v&prevValue=o%20l"},
      {"ttl", {.ttl = 5}, "PUT /v2/keys/k value=v&ttl=5"},
      {"refresh",
       {.ttl = 50, .refresh = true},
       "PUT /v2/keys/k?prevExist=true refresh=true&ttl=50"},
      {"directory", {.directory = true}, "PUT /v2/keys/k?dir=true"},
      {"directory, new",
       {.condition = {.exists = false}, .directory = true},
       "PUT /v2/keys/k?prevExist=false&dir=true"},
  };
  for (const PutRow& row : rows) {
    CAPTURE(row.what);
    V2World world;
    world.tell(201, R"({"action":"set","node":{"key":"/k","modifiedIndex":2,"createdIndex":2}})");
    REQUIRE_OK(world.client().put("/k", bytes_of("v"), row.options));
    CHECK(world.asked(0) == row.asked);
  }
}

TEST_CASE("what the server would take for something else is refused before it is sent") {
  V2World world;
  const auto code = [&](const etcd::WriteOptions& options, std::string_view value = "v") {
    const auto reply = world.client().put("/k", bytes_of(value), options);
    return reply.has_value() ? "sent" : reply.error().code() == ErrorCode::kUsage ? "usage" : "?";
  };
  CHECK(code({.condition = {.modified = 0}}) == std::string("usage"));
  CHECK(code({.condition = {.modified = -1}}) == std::string("usage"));
  CHECK(code({.ttl = 0}) == std::string("usage"));
  CHECK(code({.ttl = 99'999'999'999}) == std::string("usage"));
  CHECK(code({.refresh = true}) == std::string("usage"));
  CHECK(code({}, "\xFF") == std::string("usage"));
  CHECK(code({.condition = {.exists = false, .modified = 3}}) == std::string("usage"));
  REQUIRE_ERROR(world.client().remove("/k", {.condition = {.modified = 0}}), ErrorCode::kUsage);
  CHECK(world.http.asked.empty());
}

TEST_CASE("a refused condition comes with the present state, at the price of one read") {
  V2World world;
  world.tell(412, kCompareFailed);
  world.tell(200, kLeaf);
  const auto reply = world.client().put("/atom", bytes_of("x"), {.condition = {.modified = 1}});
  REQUIRE_OK(reply);
  CHECK_FALSE(reply->applied);
  CHECK(reply->error_code == 101);
  CHECK(reply->cause == "[1 != 28]");
  REQUIRE(reply->reply.node);
  CHECK(reply->reply.node->modified == 28);
  CHECK(world.http.asked.size() == 2);
  world.tell(412, kCompareFailed);
  const auto quick =
      world.client().put("/atom", bytes_of("x"), {.condition = {.modified = 1}, .is_quick = true});
  REQUIRE_OK(quick);
  CHECK_FALSE(quick->applied);
  CHECK(world.http.asked.size() == 3);
}

TEST_CASE("a missing key needs no read to be known as absent") {
  V2World world;
  world.tell(404, kNoKey);
  const auto reply = world.client().put("/atom", bytes_of("x"), {.condition = {.modified = 1}});
  REQUIRE_OK(reply);
  CHECK_FALSE(reply->applied);
  CHECK(reply->error_code == 100);
  CHECK_FALSE(reply->reply.node);
  CHECK(world.http.asked.size() == 1);
}

TEST_CASE("an empty value is compared by a read and the index that goes with it") {
  V2World world;
  const etcd::WriteOptions at_empty{.condition = {.value = Bytes{}}};
  SUBCASE("it is empty") {
    world.tell(200, R"({"action":"get","node":{"key":"/atom","value":"","modifiedIndex":9,)"
                    R"("createdIndex":9}})");
    world.tell(200, R"({"action":"compareAndSwap","node":{"key":"/atom","value":"x",)"
                    R"("modifiedIndex":10,"createdIndex":9}})");
    const auto reply = world.client().put("/atom", bytes_of("x"), at_empty);
    REQUIRE_OK(reply);
    CHECK(reply->applied);
    CHECK(world.asked(1) == "PUT /v2/keys/atom?prevIndex=9 value=x");
  }
  SUBCASE("it is not") {
    world.tell(200, kLeaf);
    const auto reply = world.client().put("/atom", bytes_of("x"), at_empty);
    REQUIRE_OK(reply);
    CHECK_FALSE(reply->applied);
    CHECK(reply->error_code == 101);
    CHECK(reply->cause == "[ != hi]");
  }
  SUBCASE("there is none") {
    world.tell(404, kNoKey);
    const auto reply = world.client().put("/atom", bytes_of("x"), at_empty);
    REQUIRE_OK(reply);
    CHECK_FALSE(reply->applied);
    CHECK(reply->error_code == 100);
  }
}

TEST_CASE("errors keep etcd's own fields, and the answer that is lost leaves the fate open") {
  V2World world;
  world.tell(403, R"({"errorCode":102,"message":"Not a file","cause":"/cats","index":51})");
  const auto reply = world.client().put("/cats", bytes_of("x"), {});
  REQUIRE_ERROR(reply, ErrorCode::kState);
  CHECK(reply.error().effect() == Effect::kNone);
  bool has_code = false;
  for (const ErrorDetail& each : reply.error().details()) {
    if (each.name == "errorCode") has_code = each.number == 102;
  }
  CHECK(has_code);
  world.tell(500, R"({"errorCode":300,"message":"Raft Internal Error","cause":)"
                  R"("etcdserver: request timed out","index":0})");
  const auto open = world.client().put("/cats", bytes_of("x"), {.condition = {.modified = 3}});
  REQUIRE_FALSE(open.has_value());
  CHECK(open.error().effect() == Effect::kUnknown);
  CHECK(world.http.asked.size() == 2);
}

TEST_CASE("a success that cannot be read may have been one") {
  V2World world;
  world.tell(200, "{");
  const auto reply = world.client().put("/atom", bytes_of("x"), {});
  REQUIRE_FALSE(reply.has_value());
  CHECK(reply.error().effect() == Effect::kUnknown);
}

TEST_CASE("a child in order is a POST on the directory") {
  V2World world;
  world.tell(201, R"({"action":"create","node":{"key":"/queue/00000000000000000080",)"
                  R"("value":"Job1","modifiedIndex":80,"createdIndex":80}})");
  const auto reply = world.client().create_in_order("/queue", bytes_of("Job1"), 9);
  REQUIRE_OK(reply);
  CHECK(world.asked(0) == "POST /v2/keys/queue value=Job1&ttl=9");
  REQUIRE(reply->node);
  CHECK(reply->node->path == "/queue/00000000000000000080");
}

TEST_CASE("removals have no body: conditions go in the query, and a value is compared here") {
  V2World world;
  constexpr const char* kGone =
      R"({"action":"compareAndDelete","node":{"key":"/atom","modifiedIndex":29,)"
      R"("createdIndex":27},"prevNode":{"key":"/atom","value":"hi","modifiedIndex":28,)"
      R"("createdIndex":27}})";
  world.tell(200, kGone);
  const auto reply = world.client().remove("/atom", {.condition = {.modified = 28}});
  REQUIRE_OK(reply);
  CHECK(reply->applied);
  REQUIRE(reply->reply.previous);
  CHECK(text_of(reply->reply.previous->value) == "hi");
  CHECK(world.asked(0) == "DELETE /v2/keys/atom?prevIndex=28");
  world.tell(200, kGone);
  REQUIRE_OK(world.client().remove("/atom", {.recursive = true}));
  CHECK(world.asked(1) == "DELETE /v2/keys/atom?recursive=true");
  world.tell(200, kLeaf);
  world.tell(200, kGone);
  REQUIRE_OK(world.client().remove("/atom", {.condition = {.value = copy_of(bytes_of("hi"))}}));
  CHECK(world.asked(3) == "DELETE /v2/keys/atom?prevIndex=28");
  world.tell(404, kNoKey);
  const auto absent = world.client().remove("/atom", {});
  REQUIRE_OK(absent);
  CHECK_FALSE(absent->applied);
  CHECK(absent->error_code == 100);
}

TEST_CASE("what v3 alone has is said to be so") {
  V2World world;
  REQUIRE_ERROR(world.client().transact({}), ErrorCode::kUnsupported);
  REQUIRE_ERROR(world.client().grant_lease(5), ErrorCode::kUnsupported);
  REQUIRE_ERROR(world.client().compact(5, false), ErrorCode::kUnsupported);
  REQUIRE_ERROR(world.client().get("/a", {.revision = 5}), ErrorCode::kUnsupported);
  CHECK(world.http.asked.empty());
}

TEST_CASE("members are told with their leader") {
  V2World world;
  world.tell(200, R"({"members":[{"id":"a1","name":"s1","peerURLs":["http://p"],)"
                  R"("clientURLs":["http://c"]},{"id":"b2","name":"s2","peerURLs":[],)"
                  R"("clientURLs":[]}]})");
  world.tell(200, R"({"id":"b2","name":"s2","peerURLs":[],"clientURLs":[]})");
  const auto members = world.client().members();
  REQUIRE_OK(members);
  REQUIRE(members->size() == 2);
  CHECK((*members)[0].client_urls == std::vector<std::string>{"http://c"});
  CHECK_FALSE((*members)[0].is_leader);
  CHECK((*members)[1].is_leader);
}

}  // namespace
}  // namespace ksv::testing
