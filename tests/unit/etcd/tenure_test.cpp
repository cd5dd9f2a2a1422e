// Keys that are kept alive: when they are still ours, and when they are lost.
#include "backend/etcd/etcd_tenure.h"
#include "unit/etcd/v2_world.h"
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

// The leaf "/k" with the value "1", of revision 5 unless told otherwise.
std::string leaf(std::int64_t lease, std::int64_t modified = 5) {
  return R"(,"kvs":[{"key":"L2s=","value":"MQ==","create_revision":"5","mod_revision":")" +
         std::to_string(modified) + R"(","version":"1","lease":")" + std::to_string(lease) +
         R"("}],"count":"1")";
}

void tell_keep_alive(V3World& world, const std::string& ttl) {
  world.http.answer(200, {}, R"({"result":{"header":{"revision":"7"},"ID":"77")" + ttl + "}}\n");
}

etcd::Tenure begun(V3World& world) {
  world.tell(leaf(77));
  auto tenure = etcd::Tenure::begin(world.client(), "/k", 5, 10);
  REQUIRE_OK(tenure);
  return *std::move(tenure);
}

std::string v2_node(int modified, const std::string& value = "1") {
  return R"({"action":"get","node":{"key":"/k","value":")" + value +
         R"(","expiration":"2026-11-21T10:48:43.8Z","ttl":10,"createdIndex":5,"modifiedIndex":)" +
         std::to_string(modified) + "}}";
}

}  // namespace

TEST_CASE("a lease that is kept alive keeps the key, for as long as the server says") {
  V3World world;
  etcd::Tenure tenure = begun(world);
  tell_keep_alive(world, R"(,"TTL":"12")");
  world.tell(leaf(77));
  const auto renewed = tenure.renew();
  REQUIRE_OK(renewed);
  CHECK(*renewed);
  CHECK(tenure.lifetime() == std::chrono::seconds(12));
}

TEST_CASE("a key is lost with its lease, and when others write it or remove it") {
  const std::string gone =
      R"(,"succeeded":true,"responses":[{"response_range":{}},{"response_range":{}}])";
  for (const std::string& now : {leaf(0, 6), leaf(78, 6), std::string()}) {
    V3World world;
    etcd::Tenure tenure = begun(world);
    tell_keep_alive(world, R"(,"TTL":"12")");
    world.tell(now);
    if (now.empty()) world.tell(gone);  // nor is there a directory
    const auto renewed = tenure.renew();
    REQUIRE_OK(renewed);
    CHECK_FALSE(*renewed);
  }
  V3World world;
  etcd::Tenure tenure = begun(world);
  tell_keep_alive(world, "");
  const auto renewed = tenure.renew();
  REQUIRE_OK(renewed);
  CHECK_FALSE(*renewed);
}

TEST_CASE("no key is held that others have written since, or that has no time to live") {
  V3World world;
  for (const std::string& now : {leaf(77, 6), leaf(0)}) {
    world.tell(now);
    const auto tenure = etcd::Tenure::begin(world.client(), "/k", 5, 10);
    REQUIRE_ERROR(tenure, ErrorCode::kState);
  }
}

TEST_CASE("on v2 the refresh and the removal hold the index, and our own lost refresh is known") {
  V2World world;
  world.tell(200, v2_node(5));
  auto tenure = etcd::Tenure::begin(world.client(), "/k", 5, 10);
  REQUIRE_OK(tenure);
  world.tell(200, v2_node(6));
  auto renewed = tenure->renew();
  REQUIRE_OK(renewed);
  CHECK(*renewed);
  CHECK(world.asked(1).find("prevIndex=5") != std::string::npos);
  CHECK(world.asked(1).find("refresh=true") != std::string::npos);
  // The refresh that made index 8 was ours: neither value nor beginning is another.
  world.tell(412, R"({"errorCode":101,"message":"Compare failed","cause":"[6 != 8]","index":8})");
  world.tell(200, v2_node(8));
  world.tell(200, v2_node(9));
  renewed = tenure->renew();
  REQUIRE_OK(renewed);
  CHECK(*renewed);
  CHECK(world.asked(4).find("prevIndex=8") != std::string::npos);
  world.tell(
      200,
      R"({"action":"compareAndDelete","node":{"key":"/k","createdIndex":5,"modifiedIndex":10}})");
  REQUIRE_OK(tenure->end());
  CHECK(world.asked(5).starts_with("DELETE "));
  CHECK(world.asked(5).find("prevIndex=9") != std::string::npos);
}

TEST_CASE("on v2 a key of another value is lost, and is not removed at the end") {
  V2World world;
  world.tell(200, v2_node(5));
  auto tenure = etcd::Tenure::begin(world.client(), "/k", 5, 10);
  REQUIRE_OK(tenure);
  const char* const failed =
      R"({"errorCode":101,"message":"Compare failed","cause":"[5 != 8]","index":8})";
  world.tell(412, failed);
  world.tell(200, v2_node(8, "2"));
  const auto renewed = tenure->renew();
  REQUIRE_OK(renewed);
  CHECK_FALSE(*renewed);
  world.tell(412, failed);
  world.tell(200, v2_node(8, "2"));
  world.tell(200, v2_node(8, "2"));
  REQUIRE_OK(tenure->end());
}

TEST_CASE("a refresh keeps the lease alive where the time is its own, and makes a new one else") {
  V3World world;
  world.tell(leaf(77));
  tell_keep_alive(world, R"(,"TTL":"12")");
  auto version = etcd::refresh(world.client(), "/k", 12);
  REQUIRE_OK(version);
  CHECK(*version == 5);
  CHECK(world.http.asked.size() == 2);
  world.tell(leaf(77));
  tell_keep_alive(world, R"(,"TTL":"12")");
  world.tell(R"(,"ID":"78","TTL":"20")");
  world.tell(
      R"(,"succeeded":true,"responses":[{"response_put":{"prev_kv":{"key":"L2s=","value":"MQ==","create_revision":"5","mod_revision":"5","version":"1"}}}])");
  version = etcd::refresh(world.client(), "/k", 20);
  REQUIRE_OK(version);
  CHECK(*version == 7);
  CHECK(world.asked(5).body.find("ignore_value") != std::string::npos);
  world.tell(leaf(0));
  version = etcd::refresh(world.client(), "/k", std::nullopt);
  REQUIRE_ERROR(version, ErrorCode::kState);
}

}  // namespace ksv::testing
