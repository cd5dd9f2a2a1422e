// What v3's client sends, and how it takes answers of the shapes that 3.4, 3.5 and 3.6 have.
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

// "/k" with the value "1".
constexpr const char* kLeaf =
    R"({"response_range":{"kvs":[{"key":"L2s=","create_revision":"3","mod_revision":"5","version":"2","value":"MQ=="}],"count":"1"}})";

std::string succeeded(const std::string& responses) {
  return R"(,"succeeded":true,"responses":[)" + responses + "]";
}
std::string failed(const std::string& responses) { return R"(,"responses":[)" + responses + "]"; }

}  // namespace

TEST_CASE("a leaf is read in one request, whichever way the gateway spells the fields") {
  for (
      const char* leaf :
      {R"(,"kvs":[{"key":"L2s=","create_revision":"3","mod_revision":"5","version":"2","value":"MQ=="}],"count":"1")",
       R"(,"kvs":[{"key":"L2s=","createRevision":"3","modRevision":5,"version":2,"value":"MQ==","lease":"0"}],"more":false,"count":"1")"}) {
    V3World world;
    world.tell(leaf);
    auto got = world.client().get("/k", {});
    REQUIRE_OK(got);
    CHECK(got->node->path == "/k");
    CHECK(text_of(got->node->value) == "1");
    CHECK(got->node->created == 3);
    CHECK(got->node->modified == 5);
    CHECK(got->node->writes == 2);
    CHECK(got->meta.index == 7);
    CHECK(got->meta.raft_term == 2);
    CHECK(got->meta.member_id == "18446744073709551615");
    CHECK(world.http.asked.size() == 1);
  }
}

TEST_CASE(
    "a directory's further pages are of the first one's revision, and jump over what lies deeper") {
  V3World world;
  // "/d/a" and "/d/b/c", and more of them.
  const std::string page =
      R"({"response_range":{"kvs":[{"key":"L2QvYQ==","mod_revision":"5","value":"MQ=="},{"key":"L2QvYi9j","mod_revision":"6"}],"more":true,"count":"9"}})";
  world.tell("");  // there is no leaf
  world.tell(succeeded(std::string(kNoKeys) + "," + page));
  world.tell(R"(,"kvs":[{"key":"L2QvZQ==","mod_revision":"7","value":"Mg=="}],"count":"1")");
  auto got = world.client().get("/d", {});
  REQUIRE_OK(got);
  REQUIRE(got->node);
  CHECK(got->node->children.size() == 3);
  CHECK(got->node->children[1].is_directory);
  // From "/d/b0" on, which follows all of "/d/b/".
  CHECK(world.asked(2).body ==
        R"({"key":"L2QvYjA=","range_end":"L2Qw","limit":"1024","revision":"7"})");
}

TEST_CASE("a page that is empty but says that there is more ends the listing") {
  V3World world;
  world.tell("");
  world.tell(succeeded(std::string(kNoKeys) + R"(,{"response_range":{"more":true,"count":"9"}})"));
  auto got = world.client().get("/d", {});
  REQUIRE_ERROR(got, ErrorCode::kUnavailable);
}

TEST_CASE("a compare by version is one transaction that brings the winner along") {
  V3World world;
  etcd::WriteOptions options;
  options.condition.modified = 4;
  world.tell(failed(std::string(kLeaf) + "," + kNoKeys));
  auto put = world.client().put("/k", bytes_of("2"), options);
  REQUIRE_OK(put);
  CHECK_FALSE(put->applied);
  CHECK(put->error_code == 101);
  CHECK(put->cause == "[4 != 5]");
  CHECK(text_of(put->reply.node->value) == "1");
  CHECK(world.http.asked.size() == 1);
  CHECK(world.asked(0).body ==
        R"({"compare":[{"key":"L2s=","target":"MOD","result":"EQUAL","mod_revision":"4"}],)"
        R"("success":[{"request_put":{"key":"L2s=","value":"Mg==","prev_kv":true}}],)"
        R"("failure":[{"request_range":{"key":"L2s="}},)"
        R"({"request_range":{"key":"L2sv","range_end":"L2sw","limit":"1","keys_only":true}}]})");
}

TEST_CASE("a put without a condition holds that its place in the tree is free") {
  V3World world;
  world.tell(succeeded(R"({"response_put":{}})"));
  auto put = world.client().put("/a/b", bytes_of("1"), {});
  REQUIRE_OK(put);
  CHECK(put->reply.node->modified == 7);
  CHECK(put->reply.node->created == 7);
  const std::string& body = world.asked(0).body;
  // No key from "/a/b/" to "/a/b0", and no key "/a".
  CHECK(
      body.find(
          R"({"key":"L2EvYi8=","range_end":"L2EvYjA=","target":"VERSION","result":"EQUAL","version":"0"})") !=
      std::string::npos);
  CHECK(body.find(R"({"key":"L2E=","target":"CREATE","result":"EQUAL","create_revision":"0"})") !=
        std::string::npos);
}

TEST_CASE("a lease is revoked when the put was refused, and left alone when that is not known") {
  for (const bool known : {true, false}) {
    V3World world;
    etcd::WriteOptions options;
    options.ttl = 60;
    options.condition.modified = 4;
    world.tell(R"(,"ID":"9007199254740993","TTL":"60")");
    if (known) {
      world.tell(failed(std::string(kLeaf) + "," + kNoKeys));
      world.tell("");
    } else {
      world.http.fail(HttpFailure::Kind::kBroken, true);
    }
    auto put = world.client().put("/k", bytes_of("2"), options);
    CHECK(put.has_value() == known);
    CHECK(world.asked(1).body.find(R"("lease":"9007199254740993")") != std::string::npos);
    REQUIRE(world.http.asked.size() == (known ? 3 : 2));
    if (known) CHECK(world.asked(2).body == R"({"ID":"9007199254740993"})");
  }
}

TEST_CASE("a lease whose grant got no answer leaves no doubt about the key") {
  V3World world;
  etcd::WriteOptions options;
  options.ttl = 60;
  for (int i = 0; i < 3; ++i) world.http.fail(HttpFailure::Kind::kBroken, true);
  auto put = world.client().put("/k", bytes_of("2"), options);
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().effect() == Effect::kNone);
  // The same name each time: asking again does not make another.
  CHECK(world.asked(0).body == world.asked(2).body);
}

TEST_CASE(
    "numbered children follow the last one and the revision, and a lost race tells both anew") {
  V3World world;
  // Nothing yet; then "/q/00000000000000000020"; then done.
  world.tell(succeeded(kNoKeys));
  world.tell(failed(
      R"({"response_range":{"kvs":[{"key":"L3EvMDAwMDAwMDAwMDAwMDAwMDAwMjA=","mod_revision":"7"}],"count":"1"}},)" +
      std::string(kNoKeys)));
  world.tell(succeeded(R"({"response_put":{}})"));
  auto created = world.client().create_in_order("/q", bytes_of("x"), {});
  REQUIRE_OK(created);
  CHECK(created->node->path == "/q/00000000000000000021");
  // No child from the guess, 8, on: "/q/00000000000000000008" to "/q/:".
  CHECK(
      world.asked(1).body.find(
          R"({"key":"L3EvMDAwMDAwMDAwMDAwMDAwMDAwMDg=","range_end":"L3EvOg==","target":"VERSION","result":"EQUAL","version":"0"})") !=
      std::string::npos);
}

TEST_CASE("members are told with their leader, whose id is beyond what a double holds") {
  V3World world;
  world.tell(
      R"(,"members":[{"ID":"1680732849596558627","name":"m0","peerURLs":["http://p"],"clientURLs":["http://c"]},{"ID":"1680732849596558628","name":"m1","isLearner":true}])");
  world.tell(R"(,"version":"3.5.9","leader":"1680732849596558627")");
  auto members = world.client().members();
  REQUIRE_OK(members);
  REQUIRE(members->size() == 2);
  CHECK((*members)[0].is_leader);
  CHECK_FALSE((*members)[1].is_leader);
  CHECK((*members)[1].is_learner);
  CHECK((*members)[0].client_urls == std::vector<std::string>{"http://c"});
}

TEST_CASE("health is told of each endpoint, with why not") {
  V3World world("a:1,b:2,c:3");
  world.refuse(200, R"({"health":"true","reason":""})");
  world.refuse(503, R"({"health":"false","reason":"RAFT NO LEADER"})");
  for (int i = 0; i < 6; ++i) world.http.fail(HttpFailure::Kind::kConnect, false, "refused");
  auto health = world.client().health();
  REQUIRE_OK(health);
  REQUIRE(health->size() == 3);
  CHECK((*health)[0].healthy);
  CHECK_FALSE((*health)[1].healthy);
  CHECK((*health)[1].reason == "RAFT NO LEADER");
  CHECK_FALSE((*health)[2].healthy);
  CHECK((*health)[2].endpoint == "http://c:3");
}

TEST_CASE("a lease that is gone is no error") {
  V3World world;
  world.refuse(200, std::string(R"({"result":)") + kHeader + R"(,"ID":"5"}})" + "\n");
  auto left = world.client().keep_alive(5);
  REQUIRE_OK(left);
  CHECK(*left == 0);
  world.refuse(
      404,
      R"({"error":"etcdserver: requested lease not found","message":"etcdserver: requested lease not found","code":5})");
  CHECK_OK(world.client().revoke_lease(5));
}

}  // namespace ksv::testing
