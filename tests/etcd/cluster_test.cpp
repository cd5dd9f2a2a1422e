// Three nodes: other members, paused ones, no quorum, and the end of a leader, which is the last
// case.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <csignal>
#include <sys/types.h>
#include <thread>

#include "etcd/etcd_world.h"

namespace ksv::testing {

namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= list.size();) {
    const auto comma = std::min(list.find(',', at), list.size());
    parts.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  return parts;
}

// The members as the environment has them: m0 is the first of the endpoints and of the processes.
class Cluster {
 public:
  explicit Cluster(EtcdWorld& world)
      : world_(world), endpoints(split(world.setting("KSV_TEST_ETCD_ENDPOINTS"))) {
    for (const std::string& text : split(world.setting("KSV_TEST_ETCD_PIDS"))) {
      pid_t pid = 0;
      std::from_chars(text.data(), text.data() + text.size(), pid);
      REQUIRE(pid > 1);
      pids_.push_back(pid);
    }
    REQUIRE(pids_.size() == 3);
  }
  ~Cluster() {
    for (const pid_t pid : pids_) kill(pid, SIGCONT);
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  std::size_t leader() {
    for (int i = 0; i < 200; ++i) {
      const auto members = world_.client().members();
      for (std::size_t j = 0; members.has_value() && j < members->size(); ++j) {
        if (!(*members)[j].is_leader) continue;
        const std::string& name = (*members)[j].name;
        return static_cast<std::size_t>(name[1] - '0');
      }
      world_.env.sleep(std::chrono::milliseconds(100));
    }
    FAIL("no leader");
    return 0;
  }
  void pause(std::size_t member) { kill(pids_[member], SIGSTOP); }
  void resume(std::size_t member) { kill(pids_[member], SIGCONT); }
  void end(std::size_t member) { kill(pids_[member], SIGKILL); }

 private:
  EtcdWorld& world_;

 public:
  std::vector<std::string> endpoints;

 private:
  std::vector<pid_t> pids_;
};

std::unique_ptr<etcd::Client> client_of(EtcdWorld& world, const std::string& endpoints) {
  StoreAddress address = world.address;
  address.location = endpoints;
  auto opened = etcd::open_client(address, world.env, world.call);
  REQUIRE_OK(opened);
  return std::move(*opened);
}

}  // namespace

TEST_CASE("what one member wrote is read through each other") {
  EtcdWorld world;
  const Cluster cluster(world);
  for (const std::string& one : cluster.endpoints) {
    REQUIRE_OK(client_of(world, one)->put(world.at("/k"), bytes_of(one), {}));
    for (const std::string& other : cluster.endpoints) {
      auto got = client_of(world, other)->get(world.at("/k"), {});
      REQUIRE_OK(got);
      CHECK(text_of(got->node->value) == one);
    }
  }
}

TEST_CASE("endpoints where nobody listens are passed over") {
  EtcdWorld world;
  const Cluster cluster(world);
  auto client = client_of(world, "127.0.0.1:1,127.0.0.1:2," + cluster.endpoints[2]);
  auto put = client->put(world.at("/k"), bytes_of("1"), {});
  REQUIRE_OK(put);
  CHECK(put->applied);
  const auto requests = world.call.stats.requests;
  REQUIRE_OK(client->put(world.at("/k"), bytes_of("2"), {}));
  CHECK(world.call.stats.requests == requests + 1);
}

TEST_CASE("a read goes on to another member when one says nothing") {
  EtcdWorld world;
  Cluster cluster(world);
  world.set("/k", "1");
  const std::size_t follower = (cluster.leader() + 1) % 3;
  auto client =
      client_of(world, cluster.endpoints[follower] + "," + cluster.endpoints[(follower + 1) % 3]);
  cluster.pause(follower);
  auto got = client->get(world.at("/k"), {});
  REQUIRE_OK(got);
  CHECK(text_of(got->node->value) == "1");
}

TEST_CASE("a write without an answer may yet take effect, and its fate is in the history") {
  EtcdWorld world(std::chrono::seconds(60));
  Cluster cluster(world);
  const std::int64_t base = world.set("/k", "before");
  const std::size_t leader = cluster.leader();
  cluster.pause((leader + 1) % 3);
  cluster.pause((leader + 2) % 3);
  Call short_call{Deadline(world.env, std::chrono::milliseconds(800))};
  StoreAddress address = world.address;
  address.location = cluster.endpoints[leader];
  auto impatient = etcd::open_client(address, world.env, short_call);
  REQUIRE_OK(impatient);
  auto put = (*impatient)->put(world.at("/k"), bytes_of("after"), {});
  REQUIRE_FALSE(put.has_value());
  CHECK_MESSAGE(put.error().effect() == Effect::kUnknown, put.error().message());
  cluster.resume((leader + 1) % 3);
  cluster.resume((leader + 2) % 3);
  world.set("/other", "x");
  auto event = world.client().first_event(world.at("/k"), base + 1);
  REQUIRE_OK(event);
  const auto got = world.client().get(world.at("/k"), {});
  REQUIRE_OK(got);
  // Both may be; the history and the key say the same.
  CHECK(event->has_value() == (text_of(got->node->value) == "after"));
}

TEST_CASE("without a quorum a write is refused at once and without an effect") {
  EtcdWorld world(std::chrono::seconds(60));
  if (world.is_v2()) return;
  Cluster cluster(world);
  world.set("/k", "1");
  const std::size_t leader = cluster.leader();
  cluster.pause((leader + 1) % 3);
  cluster.pause((leader + 2) % 3);
  world.env.sleep(std::chrono::seconds(4));  // the leader finds itself alone, and steps down
  for (const bool alone : {true, false}) {
    auto client = client_of(
        world, alone ? cluster.endpoints[leader] : world.setting("KSV_TEST_ETCD_ENDPOINTS"));
    const auto start = world.env.monotonic();
    auto put = client->put(world.at("/k"), bytes_of("2"), {});
    if (alone) CHECK(world.env.monotonic() - start < std::chrono::seconds(2));
    if (alone) REQUIRE_ERROR(put, ErrorCode::kUnavailable);
    if (alone) CHECK(put.error().effect() == Effect::kNone);
    REQUIRE_FALSE(put.has_value());
  }
  auto stale = client_of(world, cluster.endpoints[leader])->get(world.at("/k"), {.stale = true});
  REQUIRE_OK(stale);
  CHECK(text_of(stale->node->value) == "1");
}

TEST_CASE("a watch goes on when the leader, whom it asked, ends") {
  EtcdWorld world(std::chrono::seconds(120));
  Cluster cluster(world);
  world.set("/k", "0");
  const std::size_t leader = cluster.leader();
  const std::string others =
      cluster.endpoints[(leader + 1) % 3] + "," + cluster.endpoints[(leader + 2) % 3];
  auto got = world.client().get(world.at("/k"), {});
  REQUIRE_OK(got);
  const std::int64_t from = got->node->modified;
  constexpr int kWrites = 30;
  std::thread writer([&] {
    RealEnv env{net::make_curl_http};
    Call call{Deadline(env, std::chrono::seconds(100))};
    StoreAddress address = world.address;
    address.location = others;
    auto client = etcd::open_client(address, env, call);
    if (!client.has_value()) return;
    for (int i = 1; i <= kWrites; ++i) {
      if (i == kWrites / 2) cluster.end(leader);
      // Each number once: a write of unknown effect is read back.
      for (int tries = 0; tries < 300; ++tries) {
        const auto now = (*client)->get(world.at("/k"), {});
        if (now.has_value() && text_of(now->node->value) == std::to_string(i)) break;
        if (now.has_value()) {
          etcd::WriteOptions options;
          options.condition.modified = now->node->modified;
          const auto put = (*client)->put(world.at("/k"), bytes_of(std::to_string(i)), options);
          if (put.has_value() && put->applied) break;
        }
        env.sleep(std::chrono::milliseconds(50));
      }
    }
  });
  std::vector<std::string> seen;
  auto client = client_of(world, cluster.endpoints[leader] + "," + others);
  auto end = client->watch(world.at("/k"), {.from = from, .time = std::chrono::seconds(90)},
                           [&](const etcd::Event& event) -> Result<bool> {
                             seen.emplace_back(text_of(event.node.value));
                             return seen.back() != std::to_string(kWrites);
                           });
  writer.join();
  REQUIRE_OK(end);
  std::vector<std::string> expected;
  for (int i = 0; i <= kWrites; ++i) expected.push_back(std::to_string(i));
  CHECK(seen == expected);
}

TEST_CASE("two members of three serve on") {
  EtcdWorld world(std::chrono::seconds(60));
  world.set("/k", "1");
  CHECK(world.value("/k") == "1");
  auto health = world.client().health();
  REQUIRE_OK(health);
  CHECK(std::count_if(health->begin(), health->end(),
                      [](const etcd::Health& each) { return each.healthy; }) == 2);
}

}  // namespace ksv::testing
