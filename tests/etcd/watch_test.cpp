// Watches and the look back, on v2 and v3; transactions, leases and compaction on v3.
#include <thread>

#include "etcd/etcd_world.h"

namespace ksv::testing {

using etcd::Event;

namespace {

// The first `count` events from `from` on, as "action path value".
std::vector<std::string> events(EtcdWorld& world, const std::string& path, std::int64_t from,
                                std::size_t count, bool recursive = false) {
  std::vector<std::string> seen;
  const auto take = [&](const Event& event) -> Result<bool> {
    seen.push_back(event.action + " " + event.node.path.substr(world.root.size()) + " " +
                   std::string(text_of(event.node.value)));
    return seen.size() < count;
  };
  auto end = world.client().watch(
      world.at(path), {.recursive = recursive, .from = from, .time = std::chrono::seconds(10)},
      take);
  REQUIRE_OK(end);
  CHECK_FALSE(end->cleared);
  return seen;
}

}  // namespace

TEST_CASE("a watch tells the changes of a key in their order") {
  EtcdWorld world;
  const std::int64_t first = world.set("/k", "1");
  world.set("/other", "x");
  world.set("/k", "2");
  REQUIRE_OK(world.client().remove(world.at("/k"), {}));
  const auto seen = events(world, "/k", first, 3);
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].ends_with(" /k 1"));
  CHECK(seen[1].ends_with(" /k 2"));
  CHECK(seen[2] == "delete /k ");
}

TEST_CASE("a recursive watch tells the changes of a tree, but of no hidden name or neighbour") {
  EtcdWorld world;
  const std::int64_t first = world.set("/d/a", "1");
  world.set("/d-beside", "no");
  world.set("/d/_hidden/leaf", "no");
  world.set("/d/sub/b", "2");
  const auto seen = events(world, "/d", first, 2, true);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].ends_with(" /d/a 1"));
  CHECK(seen[1].ends_with(" /d/sub/b 2"));
}

TEST_CASE("a watch from now on waits for what comes") {
  EtcdWorld world;
  world.set("/k", "before");
  std::thread writer([&] {
    RealEnv env{net::make_curl_http};
    Call call{Deadline(env, std::chrono::seconds(20))};
    auto client = etcd::open_client(world.address, env, call);
    env.sleep(std::chrono::milliseconds(500));
    if (client.has_value()) (*client)->put(world.at("/k"), bytes_of("after"), {}).has_value();
  });
  const auto seen = events(world, "/k", 0, 1);
  writer.join();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].ends_with(" /k after"));
}

TEST_CASE("a watch is resumed where it ended") {
  EtcdWorld world;
  std::int64_t next = world.set("/k", "0");
  for (int i = 1; i < 4; ++i) world.set("/k", std::to_string(i));
  std::string seen;
  for (int i = 0; i < 4; ++i) {
    auto end =
        world.client().watch(world.at("/k"), {.from = next, .time = std::chrono::seconds(10)},
                             [&](const Event& event) -> Result<bool> {
                               seen += text_of(event.node.value);
                               return false;
                             });
    REQUIRE_OK(end);
    next = end->next;
  }
  CHECK(seen == "0123");
}

TEST_CASE("a watch whose time is up ends without an error") {
  EtcdWorld world;
  const std::int64_t version = world.set("/k", "1");
  auto end = world.client().watch(world.at("/k"),
                                  {.from = version + 1, .time = std::chrono::milliseconds(300)},
                                  [](const Event&) -> Result<bool> { return true; });
  REQUIRE_OK(end);
  CHECK(end->next >= version + 1);
}

TEST_CASE("an error of the one who is told ends the watch and is its error") {
  EtcdWorld world;
  const std::int64_t version = world.set("/k", "1");
  auto end = world.client().watch(
      world.at("/k"), {.from = version, .time = std::chrono::seconds(10)},
      [](const Event&) -> Result<bool> { return Error(ErrorCode::kFunction, "enough"); });
  REQUIRE_ERROR(end, ErrorCode::kFunction);
}

TEST_CASE("the first event on a key since a version is found, or that there was none") {
  EtcdWorld world;
  const std::int64_t base = world.set("/k", "1");
  auto none = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(none);
  CHECK_FALSE(none->has_value());
  world.set("/other", "x");
  none = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(none);
  CHECK_FALSE(none->has_value());
  const std::int64_t second = world.set("/k", "2");
  world.set("/k", "3");
  auto found = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(found);
  REQUIRE(found->has_value());
  CHECK((*found)->node.modified == second);
  CHECK(text_of((*found)->node.value) == "2");
}

TEST_CASE("an event on a key that was absent before and is absent again is found") {
  EtcdWorld world;
  const std::int64_t base = world.set("/other", "x");
  auto none = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(none);
  CHECK_FALSE(none->has_value());
  world.set("/other", "y");
  none = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(none);
  CHECK_FALSE(none->has_value());
  const std::int64_t made = world.set("/k", "1");
  REQUIRE_OK(world.client().remove(world.at("/k"), {}));
  world.set("/other", "z");
  auto found = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(found);
  REQUIRE(found->has_value());
  CHECK((*found)->node.modified == made);
}

TEST_CASE("a compacted history is said to be gone") {
  EtcdWorld world;
  if (world.is_v2()) return;
  const std::int64_t old = world.set("/k", "1");
  const std::int64_t now = world.set("/k", "2");
  REQUIRE_OK(world.client().compact(now, true));
  auto end = world.client().watch(world.at("/k"), {.from = old, .time = std::chrono::seconds(10)},
                                  [](const Event&) -> Result<bool> { return true; });
  REQUIRE_OK(end);
  CHECK(end->cleared);
  CHECK(end->oldest == now);
  auto found = world.client().first_event(world.at("/k"), old);
  REQUIRE_ERROR(found, ErrorCode::kState);
  auto again = world.client().compact(now, false);
  REQUIRE_ERROR(again, ErrorCode::kState);
  auto got = world.client().get(world.at("/k"), {.revision = old});
  REQUIRE_ERROR(got, ErrorCode::kState);
}

TEST_CASE("a transaction does one list or the other") {
  EtcdWorld world;
  if (world.is_v2()) return;
  const std::int64_t version = world.set("/k", "1");
  etcd::Transaction txn;
  txn.compares.push_back({.key = world.at("/k"), .number = version});
  txn.then.push_back(
      etcd::PutOp{.key = world.at("/k"), .value = copy_of(bytes_of("2")), .previous = true});
  txn.then.push_back(etcd::RangeOp{.key = world.at("/k")});
  txn.otherwise.push_back(etcd::RangeOp{.key = world.at("/k")});
  auto first = world.client().transact(txn);
  REQUIRE_OK(first);
  CHECK(first->succeeded);
  REQUIRE(first->replies.size() == 2);
  CHECK(text_of(first->replies[0].nodes[0].value) == "1");
  CHECK(text_of(first->replies[1].nodes[0].value) == "2");
  auto second = world.client().transact(txn);
  REQUIRE_OK(second);
  CHECK_FALSE(second->succeeded);
  REQUIRE(second->replies.size() == 1);
  CHECK(second->replies[0].count == 1);
  etcd::Transaction clear;
  clear.then.push_back(etcd::DeleteOp{.key = world.at("/k"), .previous = true});
  auto cleared = world.client().transact(clear);
  REQUIRE_OK(cleared);
  CHECK(cleared->replies[0].count == 1);
}

TEST_CASE("a lease keeps its keys while it is kept alive, and takes them with it") {
  EtcdWorld world;
  if (world.is_v2()) return;
  auto lease = world.client().grant_lease(60);
  REQUIRE_OK(lease);
  etcd::Transaction txn;
  txn.then.push_back(
      etcd::PutOp{.key = world.at("/k"), .value = copy_of(bytes_of("1")), .lease = *lease});
  REQUIRE_OK(world.client().transact(txn));
  auto left = world.client().keep_alive(*lease);
  REQUIRE_OK(left);
  CHECK(*left == 60);
  REQUIRE_OK(world.client().revoke_lease(*lease));
  CHECK(world.value("/k") == "(absent)");
  left = world.client().keep_alive(*lease);
  REQUIRE_OK(left);
  CHECK(*left == 0);
  REQUIRE_OK(world.client().revoke_lease(*lease));
}

TEST_CASE("an old state is read as it was") {
  EtcdWorld world;
  if (world.is_v2()) return;
  const std::int64_t old = world.set("/d/a", "1");
  world.set("/d/a", "2");
  world.set("/d/b", "3");
  CHECK(world.tree("/d", {.revision = old}) == "{a:1}");
  CHECK(world.tree("/d") == "{a:2 b:3}");
  auto future = world.client().get(world.at("/d"), {.revision = old + 1'000'000});
  REQUIRE_ERROR(future, ErrorCode::kState);
}

TEST_CASE("a leaf that other programs put beside a directory of its path can be written") {
  EtcdWorld world;
  if (world.is_v2()) return;
  world.set("/both/below", "1");
  etcd::Transaction txn;
  txn.then.push_back(etcd::PutOp{.key = world.at("/both"), .value = copy_of(bytes_of("leaf"))});
  REQUIRE_OK(world.client().transact(txn));
  CHECK(world.value("/both") == "leaf");
  world.set("/both", "new");
  CHECK(world.value("/both") == "new");
  REQUIRE_OK(world.client().remove(world.at("/both"), {}));
  CHECK(world.value("/both") == "(directory)");
}

TEST_CASE("the cluster tells its members, its health and its release") {
  EtcdWorld world;
  auto members = world.client().members();
  REQUIRE_OK(members);
  REQUIRE_FALSE(members->empty());
  int leaders = 0;
  for (const etcd::Member& member : *members) leaders += member.is_leader ? 1 : 0;
  CHECK(leaders == 1);
  auto health = world.client().health();
  REQUIRE_OK(health);
  for (const etcd::Health& each : *health) CHECK_MESSAGE(each.healthy, each.reason);
  auto release = world.client().release();
  REQUIRE_OK(release);
  CHECK(release->server.starts_with("3."));
  CHECK((release->api == etcd::Api::kV2) == world.is_v2());
}

TEST_CASE("what etcd would not take is refused before it is sent") {
  EtcdWorld world;
  const std::string long_name(4100, 'x');
  auto put = world.client().put(world.at("/" + long_name), bytes_of("1"), {});
  if (world.is_v2()) REQUIRE_ERROR(put, ErrorCode::kUsage);
  if (!world.is_v2()) {
    REQUIRE_OK(put);
    const std::string large(std::size_t{3} << 19, 'x');
    auto too_large = world.client().put(world.at("/large"), bytes_of(large), {});
    REQUIRE_ERROR(too_large, ErrorCode::kUsage);
    etcd::Transaction txn;
    for (int i = 0; i < 129; ++i) txn.then.push_back(etcd::RangeOp{.key = std::to_string(i)});
    auto too_many = world.client().transact(txn);
    REQUIRE_ERROR(too_many, ErrorCode::kUsage);
    CHECK(world.call.stats.requests == 1);
  }
}

}  // namespace ksv::testing
