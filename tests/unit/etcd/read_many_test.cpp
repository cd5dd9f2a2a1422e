// Many keys of a store in etcd, read together.
#include "core/konserve_store.h"
#include "core/many.h"
#include "unit/etcd/native_world.h"

namespace ksv::testing {
namespace {

Values keys_to(int count) {
  Values keys;
  for (int i = 0; i < count; ++i) keys.push_back(Value::string("/k" + std::to_string(i)));
  return keys;
}

TEST_CASE("values come in the order asked for, in as many reads as transactions hold") {
  NativeWorld world;
  for (int i = 0; i < 300; i += 2) world.etcd.set("/app/k" + std::to_string(i), std::to_string(i));
  const auto found = get_many(*world.store, keys_to(300));
  REQUIRE_OK(found);
  REQUIRE(found->size() == 150);
  for (std::size_t i = 0; i < 150; ++i) {
    const std::string number = std::to_string(2 * i);
    CHECK((*found)[i].key == Value::string("/k" + number));
    CHECK((*found)[i].value == Value::string(number));
  }
  REQUIRE(world.etcd.read_together.size() == 3);
  CHECK(world.etcd.read_together.front() == 128);
}

TEST_CASE("fewer are read together where values are large") {
  NativeWorld world;
  const std::string large(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 140; ++i) world.etcd.set("/app/k" + std::to_string(i), i < 20 ? large : "");
  world.settings.operations_max = 20;
  world.backend.emplace(world.etcd, world.settings, world.env);
  const auto found = get_many(*world.store, keys_to(40));
  REQUIRE_OK(found);
  CHECK(found->size() == 40);
  // Four MiB or less at a time, after the first.
  REQUIRE(world.etcd.read_together.size() > 5);
  CHECK(world.etcd.read_together[0] == 20);
  CHECK(world.etcd.read_together[1] == 3);
}

TEST_CASE("a directory among many keys is the error that it is alone") {
  NativeWorld world;
  world.etcd.set("/app/k0", "x");
  world.etcd.set("/app/k1/deep", "x");
  const auto found = get_many(*world.store, keys_to(3));
  REQUIRE_ERROR(found, ErrorCode::kState);
  REQUIRE_FALSE(found.error().details().empty());
  CHECK(found.error().details().front().number == 102);
  REQUIRE_ERROR(get_many(*world.store, {Value::string("/k0"), Value::string("/a//b")}),
                ErrorCode::kUsage);
}

TEST_CASE("v2 reads them one by one") {
  NativeWorld world(false, etcd::Api::kV2);
  CHECK_FALSE(world.store->capabilities().reads_many);
}

TEST_CASE("konserve's values are read together, too") {
  FakeEnv env;
  FakeEtcd etcd;
  etcd::Settings settings;
  settings.konserve = true;
  settings.operations_max = 128;
  etcd::EtcdBackend backend(etcd, settings, env);
  KonserveStore store(backend, env, {});
  const Values keys = {Value::keyword("a"), Value::keyword("nothing"), Value::keyword("b")};
  REQUIRE_OK(store.put(keys[0], Value::integer(1), {}));
  REQUIRE_OK(store.put(keys[2], Value::integer(2), {}));
  const auto found = get_many(store, keys);
  REQUIRE_OK(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].value == Value::integer(1));
  CHECK((*found)[1].key == keys[2]);
  CHECK((*found)[1].value == Value::integer(2));
  CHECK(etcd.read_together == std::vector<std::size_t>{3});
}

}  // namespace
}  // namespace ksv::testing
