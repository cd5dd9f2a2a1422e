// Finding a backend by the name in an address.
#include "backend/registry.h"

#include "support/fake_env.h"
#include "support/result_checks.h"
#include "support/temp_folder.h"

namespace ksv::testing {

namespace {

StoreAddress address_of(std::string backend, std::string location) {
  StoreAddress address;
  address.backend = std::move(backend);
  address.location = std::move(location);
  return address;
}

}  // namespace

TEST_CASE("a backend that does not exist is refused with those that do") {
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  auto place = open_place(address_of("ftp", "x"), env, call);
  REQUIRE_ERROR(place, ErrorCode::kUsage);
  for (const BackendKind& kind : backend_kinds()) {
    CHECK(place.error().hint().find(kind.name) != std::string::npos);
  }
  REQUIRE_ERROR(list_stores(address_of("ftp", "x"), false, env, call), ErrorCode::kUsage);
}

TEST_CASE("the option sync of a file store is true or false") {
  TempFolder folder;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  StoreAddress address = address_of("file", folder / "store/");
  address.options["sync"] = "maybe";
  REQUIRE_ERROR(open_place(address, env, call), ErrorCode::kUsage);
  address.options["sync"] = "false";
  auto unsynced = open_place(address, env, call);
  REQUIRE_OK(unsynced);
  address.options["sync"] = "true";
  auto synced = open_place(address, env, call);
  REQUIRE_OK(synced);
  CHECK((*synced)->backend().capabilities().durability !=
        (*unsynced)->backend().capabilities().durability);
}

TEST_CASE("a file store needs a path") {
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  REQUIRE_ERROR(open_place(address_of("file", ""), env, call), ErrorCode::kUsage);
}

TEST_CASE("two stores in memory are two stores") {
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  auto one = open_place(address_of("memory", ""), env, call);
  auto two = open_place(address_of("memory", ""), env, call);
  REQUIRE_OK(one);
  REQUIRE_OK(two);
  REQUIRE_OK((*one)->create());
  auto exists = (*two)->exists();
  REQUIRE_OK(exists);
  CHECK_FALSE(*exists);
}

}  // namespace ksv::testing
