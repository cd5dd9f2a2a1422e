// Keys, versions, listings and stores in etcd.
#include "backend/etcd/etcd_place.h"
#include "unit/etcd/native_world.h"

namespace ksv::testing {
namespace {

TEST_CASE("a key is a path under the prefix, with or without a slash in front") {
  NativeWorld world;
  REQUIRE(world.put("/cats/mittens", "black and white") == "written");
  CHECK(world.etcd.value_of("/app/cats/mittens") == "black and white");
  const auto entry = world.store->get(Value::string("cats/mittens"));
  REQUIRE_OK(entry);
  REQUIRE(*entry);
  CHECK((*entry)->value == Value::string("black and white"));
}

TEST_CASE("what v2 would redirect is no key") {
  NativeWorld world;
  for (const std::string key : {"", "/", "/a//b", "/a/", "/../a", "/a/./b", "/a\xFF"}) {
    CAPTURE(key);
    REQUIRE_ERROR(world.backend->read(key), ErrorCode::kUsage);
  }
  for (const std::string key :
       {"/a b", "/a+b", "/a%20b", "/\xE2\x88\xB4/\xE2\x88\x8E", "/...", "/_x"}) {
    CAPTURE(key);
    CHECK_OK(world.backend->read(key));
  }
}

TEST_CASE("a directory is no value") {
  NativeWorld world;
  world.etcd.set("/app/cats/mittens", "x");
  const auto read = world.backend->read("/cats");
  REQUIRE_ERROR(read, ErrorCode::kState);
  REQUIRE_FALSE(read.error().details().empty());
  CHECK(read.error().details().front().number == 102);
}

TEST_CASE("a version that never was is a lost race without a request") {
  NativeWorld world;
  world.etcd.set("/app/k", "old");
  for (const std::string token : {"", "0", "-1", "x", "11x", "99999999999999999999"}) {
    CAPTURE(token);
    CHECK(world.put("/k", "new", Match{{token}}) == "refused");
  }
  CHECK(world.etcd.value_of("/app/k") == "old");
}

TEST_CASE("a listing is in order, keeps to its prefix, and begins its keys as the prefix does") {
  NativeWorld world;
  for (const char* path : {"/app/b", "/app/a/y", "/app/a-b", "/app/a/x", "/app/_h", "/other/z"}) {
    world.etcd.set(path, "12345");
  }
  const auto keys = [&](const std::string& prefix) {
    auto page = world.backend->list(prefix, {});
    REQUIRE_OK(page);
    std::string text;
    for (const Listed& each : page->entries) text += each.key + " ";
    return text;
  };
  CHECK(keys("/") == "/a-b /a/x /a/y /b ");
  CHECK(keys("") == "a-b a/x a/y b ");
  CHECK(keys("/a") == "/a-b /a/x /a/y ");
  CHECK(keys("/a/") == "/a/x /a/y ");
  CHECK(keys("a/y") == "a/y ");
  CHECK(keys("/none/") == "");
}

TEST_CASE("a value of any kind is stored as its text") {
  CHECK(text_of(plain_text_of(Value::string("a \"b\""))) == "a \"b\"");
  CHECK(text_of(plain_text_of(Value::integer(-5))) == "-5");
  CHECK(text_of(plain_text_of(Value())) == "");
  CHECK(text_of(plain_text_of(Value::boolean(true))) == "true");
  CHECK(text_of(plain_text_of(Value::keyword("kw"))) == ":kw");
  CHECK(text_of(plain_text_of(Value::character(u'\u2234'))) == "\xE2\x88\xB4");
  CHECK(text_of(plain_text_of(Value::vector({Value::string("a")}))) == "[\"a\"]");
}

TEST_CASE("what is no UTF-8 is read as bytes") {
  NativeWorld world;
  world.etcd.set("/app/k", "\xFF\x00");
  const auto entry = world.store->get(Value::string("/k"));
  REQUIRE_OK(entry);
  REQUIRE(*entry);
  CHECK((*entry)->value.kind() == Kind::kBytes);
}

TEST_CASE("a key of another kind than string is refused") {
  NativeWorld world;
  REQUIRE_ERROR(world.store->get(Value::keyword("k")), ErrorCode::kUsage);
}

TEST_CASE("a store of konserve's layout is marked where no listing shows it") {
  FakeEtcd etcd;
  FakeEnv env;
  etcd::Settings settings;
  settings.prefix = "/stores/one";
  settings.konserve = true;
  etcd::EtcdPlace place(etcd, settings, env);
  CHECK_FALSE(*place.exists());
  CHECK(*place.create() == CreateOutcome::kCreated);
  CHECK(*place.create() == CreateOutcome::kExisted);
  CHECK(*place.exists());
  const auto page = place.backend().list("", {});
  REQUIRE_OK(page);
  CHECK(page->entries.empty());
}

TEST_CASE("a marker whose answer was lost is known by what it holds") {
  FakeEtcd etcd;
  FakeEnv env;
  etcd::Settings settings;
  settings.konserve = true;
  etcd::EtcdPlace place(etcd, settings, env);
  SUBCASE("written") {
    etcd.then({EtcdFault::Kind::kLostAnswer, {}});
    CHECK(*place.create() == CreateOutcome::kCreated);
  }
  SUBCASE("delivered twice") {
    etcd.then({EtcdFault::Kind::kTwice, {}});
    CHECK(*place.create() == CreateOutcome::kCreated);
  }
  SUBCASE("another's") {
    etcd.then({EtcdFault::Kind::kLostRequest, [&] { etcd.set("/_ksv/store", "another's"); }});
    CHECK(*place.create() == CreateOutcome::kExisted);
  }
  SUBCASE("lost, and the next ones refused") {
    etcd.then({EtcdFault::Kind::kLostRequest, {}});
    for (int n = 0; n < 3; ++n) etcd.then({EtcdFault::Kind::kRefused, {}});
    const auto outcome = place.create();
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
  }
}

TEST_CASE("v2 holds konserve's blobs in base64, v3 as they are") {
  FakeEnv env;
  etcd::Settings settings;
  settings.konserve = true;
  for (const etcd::Api api : {etcd::Api::kV2, etcd::Api::kV3}) {
    FakeEtcd etcd(api);
    etcd::EtcdBackend backend(etcd, settings, env);
    const std::string blob("\x01\xFF\x00", 3);
    REQUIRE_OK(backend.write("a.ksv", bytes_of(blob), Any{}, {"id"}));
    CHECK(etcd.value_of("/a.ksv") == (api == etcd::Api::kV2 ? "Af8A" : blob));
    const auto stored = backend.read("a.ksv");
    REQUIRE_OK(stored);
    REQUIRE(*stored);
    CHECK(text_of((*stored)->bytes) == blob);
  }
}

}  // namespace
}  // namespace ksv::testing
