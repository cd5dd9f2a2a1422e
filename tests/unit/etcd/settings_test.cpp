// Addresses of etcd stores, and etcdctl's variables.
#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

etcd::Settings settings_of(V3World& world) {
  auto settings = etcd::read_settings(world.address, world.env);
  REQUIRE_OK(settings);
  return *settings;
}

}  // namespace

TEST_CASE("endpoints get etcd's port, and the scheme that TLS asks for") {
  V3World world("h,127.0.0.1:4001,[::1],[::1]:80,h:2379/a/b/");
  etcd::Settings settings = settings_of(world);
  CHECK(settings.endpoints == std::vector<std::string>{"http://h:2379", "http://127.0.0.1:4001",
                                                       "http://[::1]:2379", "http://[::1]:80"});
  CHECK(settings.prefix == "/a/b");
  world.address.options["tls"] = "true";
  CHECK(settings_of(world).endpoints[0] == "https://h:2379");
  world.address.options = {{"ca", "/ca.pem"}};
  CHECK(settings_of(world).endpoints[0] == "https://h:2379");
  CHECK(settings_of(world).http.ca_bundle == "/ca.pem");
}

TEST_CASE("prefixes have one slash between names and none at their end") {
  struct Row {
    const char* location;
    const char* prefix;
  };
  for (const Row& row : {Row{"h", ""}, Row{"h/", ""}, Row{"h//", ""}, Row{"h/a", "/a"},
                         Row{"h//a//b//", "/a/b"}, Row{"h/a b", "/a b"}}) {
    V3World world(row.location);
    CHECK(settings_of(world).prefix == row.prefix);
  }
}

TEST_CASE("etcdctl's variables stand in where the address says nothing") {
  V3World world("/p");
  CHECK(settings_of(world).endpoints == std::vector<std::string>{"http://127.0.0.1:2379"});
  world.env.variables = {{"ETCDCTL_ENDPOINTS", "https://x:1, y"},
                         {"ETCDCTL_CACERT", "/ca"},
                         {"ETCDCTL_CERT", "/cert"},
                         {"ETCDCTL_KEY", "/key"},
                         {"ETCDCTL_USER", "bob:secret"}};
  etcd::Settings settings = settings_of(world);
  CHECK(settings.endpoints == std::vector<std::string>{"https://x:1", "https://y:2379"});
  CHECK(settings.prefix == "/p");
  CHECK(settings.http.client_certificate == "/cert");
  CHECK(settings.http.client_key == "/key");
  CHECK(settings.user == "bob");
  CHECK(settings.password == "secret");
  world.env.variables["ETCDCTL_PASSWORD"] = "other";
  CHECK(settings_of(world).password == "other");
  world.address.location = "z:3/p";
  world.address.options = {
      {"user", "eve"}, {"password", "own"}, {"ca", ""}, {"cert", ""}, {"key", ""}};
  settings = settings_of(world);
  CHECK(settings.endpoints == std::vector<std::string>{"http://z:3"});
  CHECK(settings.user == "eve");
  CHECK(settings.password == "own");
}

TEST_CASE("what cannot be is refused") {
  using Options = std::map<std::string, std::string>;
  for (const Options& options :
       {Options{{"api", "v4"}}, Options{{"tls", "yes"}}, Options{{"layout", "other"}},
        Options{{"settle", "never"}}, Options{{"ttl", "0"}}, Options{{"ttl", "1.5"}},
        Options{{"key", "/k"}}, Options{{"connect-timeout", "soon"}},
        Options{{"max-txn-ops", "-1"}}, Options{{"api", "v2"}, {"settle", "sidecar"}}}) {
    V3World world;
    world.address.options = options;
    auto settings = etcd::read_settings(world.address, world.env);
    REQUIRE_ERROR(settings, ErrorCode::kUsage);
  }
  for (const char* location : {"h:0", "h:99999", "h:x", ",h", "h,", "u@h:1", "h?x"}) {
    V3World world(location);
    auto settings = etcd::read_settings(world.address, world.env);
    REQUIRE_ERROR(settings, ErrorCode::kUsage);
  }
}

}  // namespace ksv::testing
