// TLS with client certificates, users with tokens, or v2 alone: whatever the server of the
// environment has.
#include "etcd/etcd_world.h"

namespace ksv::testing {

namespace {

bool has_tls(EtcdWorld& world) { return world.setting("KSV_TEST_ETCD_KIND") == "etcd-tls"; }
bool has_users(EtcdWorld& world) { return world.setting("KSV_TEST_ETCD_KIND") == "etcd-auth"; }

}  // namespace

TEST_CASE("a server of v2 alone is found out once") {
  EtcdWorld world;
  if (world.setting("KSV_TEST_ETCD_KIND") != "etcd-v2") return;
  world.set("/k", "1");
  CHECK(world.client().api() == etcd::Api::kV2);
  const auto requests = world.call.stats.requests;
  CHECK(world.value("/k") == "1");
  CHECK(world.call.stats.requests == requests + 1);
  world.address.options["api"] = "v3";
  auto got = world.another_client()->get(world.at("/k"), {});
  REQUIRE_ERROR(got, ErrorCode::kUnsupported);
}

TEST_CASE("a client with a certificate reads and writes") {
  EtcdWorld world;
  if (!has_tls(world)) return;
  world.set("/k", "1");
  CHECK(world.value("/k") == "1");
  const std::string long_name = "/" + std::string(5000, 'x');
  world.set(long_name, "no limit");
  CHECK(world.value(long_name) == "no limit");
}

TEST_CASE("a client without a certificate, or without trust in the server's, is denied") {
  EtcdWorld world;
  if (!has_tls(world)) return;
  for (const char* missing : {"cert", "ca"}) {
    StoreAddress address = world.address;
    address.options.erase(missing);
    if (std::string(missing) == "cert") address.options.erase("key");
    address.options["tls"] = "true";
    auto client = etcd::open_client(address, world.env, world.call);
    REQUIRE_OK(client);
    auto got = (*client)->get("/k", {});
    REQUIRE_FALSE(got.has_value());
    // With TLS 1.3 the alert may be lost with the connection.
    const bool is_told = got.error().code() == ErrorCode::kDenied;
    CHECK((is_told ||
           (std::string(missing) == "cert" && got.error().code() == ErrorCode::kUnavailable)));
    CHECK(got.error().hint().find("cert") != std::string::npos);
  }
}

TEST_CASE("who speaks plainly to a server with TLS is told to say tls") {
  EtcdWorld world;
  if (!has_tls(world)) return;
  StoreAddress address = world.address;
  address.options = {{"tls", "false"}, {"api", world.is_v2() ? "v2" : "v3"}};
  auto client = etcd::open_client(address, world.env, world.call);
  REQUIRE_OK(client);
  auto got = (*client)->get("/k", {});
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().hint().find("tls") != std::string::npos);
}

TEST_CASE("a user does what it may, and is denied the rest") {
  EtcdWorld world;
  if (!has_users(world)) return;
  world.root = "/pub/x";
  world.set("/k", "1");
  CHECK(world.value("/k") == "1");
  auto elsewhere = world.client().put("/elsewhere", bytes_of("1"), {});
  REQUIRE_ERROR(elsewhere, ErrorCode::kDenied);
  CHECK(elsewhere.error().effect() == Effect::kNone);
}

TEST_CASE("who names no user, or a wrong password, is denied") {
  EtcdWorld world;
  if (!has_users(world)) return;
  StoreAddress address = world.address;
  address.options["password"] = "wrong";
  auto wrong = etcd::open_client(address, world.env, world.call);
  REQUIRE_OK(wrong);
  auto got = (*wrong)->get("/pub/x", {});
  REQUIRE_ERROR(got, ErrorCode::kDenied);
  CHECK(got.error().message().find("wrong") == std::string::npos);
  address.options.erase("user");
  address.options.erase("password");
  auto nobody = etcd::open_client(address, world.env, world.call);
  REQUIRE_OK(nobody);
  auto put = (*nobody)->put("/pub/x", bytes_of("1"), {});
  REQUIRE_ERROR(put, ErrorCode::kDenied);
  CHECK(put.error().effect() == Effect::kNone);
}

TEST_CASE("a token that has expired is renewed, for writes, reads and watches") {
  EtcdWorld world(std::chrono::seconds(60));
  if (!has_users(world) || world.is_v2()) return;
  world.root = "/pub/x";
  const std::int64_t version = world.set("/k", "1");
  world.env.sleep(std::chrono::seconds(3));
  world.set("/k", "2");
  world.env.sleep(std::chrono::seconds(3));
  CHECK(world.value("/k") == "2");
  world.env.sleep(std::chrono::seconds(3));
  std::string seen;
  auto end =
      world.client().watch(world.at("/k"), {.from = version, .time = std::chrono::seconds(10)},
                           [&](const etcd::Event& event) -> Result<bool> {
                             seen += text_of(event.node.value);
                             return seen.size() < 2;
                           });
  REQUIRE_OK(end);
  CHECK(seen == "12");
}

}  // namespace ksv::testing
