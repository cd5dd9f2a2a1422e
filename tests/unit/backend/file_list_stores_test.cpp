// The stores in a folder.
#include <sys/stat.h>

#include "ksv/catalog.h"

#include "support/file_store.h"

namespace ksv::testing {

namespace {

Result<std::vector<StoreEntry>> list(const std::string& root, bool figures) {
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  StoreAddress address;
  address.backend = "file";
  address.location = root;
  return list_stores(address, figures, env, call);
}

}  // namespace

TEST_CASE("the stores in a folder are listed by name, and nothing else is") {
  TempFolder root;
  for (const std::string name : {"b", "a", "other", "empty"}) {
    REQUIRE(::mkdir((root / name).c_str(), 0777) == 0);
  }
  put_file(root / "b/x.ksv", "12345");
  put_file(root / "a/x.ksv", "123");
  put_file(root / "other/foo.txt", "x");
  put_file(root / "file.ksv", "x");
  auto stores = list(root.path(), false);
  REQUIRE_OK(stores);
  REQUIRE(stores->size() == 3);
  CHECK((*stores)[0].id == "a");
  CHECK((*stores)[1].id == "b");
  CHECK((*stores)[2].id == "empty");
  CHECK((*stores)[1].bytes == 0);
}

TEST_CASE("the figures count keys, not leftovers") {
  TempFolder root;
  REQUIRE(::mkdir((root / "a").c_str(), 0777) == 0);
  put_file(root / "a/x.ksv", "12345");
  put_file(root / "a/y.ksv", "123");
  put_file(root / "a/z.ksv", "");
  put_file(root / "a/x.ksv.new", "1234567");
  auto stores = list(root.path(), true);
  REQUIRE_OK(stores);
  REQUIRE(stores->size() == 1);
  CHECK((*stores)[0].keys == 2);
  CHECK((*stores)[0].bytes == 8);
  struct stat status {};
  REQUIRE(::stat((root / "a/y.ksv").c_str(), &status) == 0);
  CHECK((*stores)[0].last_write_ms / 1000 >= status.st_mtim.tv_sec - 1);
}

TEST_CASE("a folder that is not there cannot be searched") {
  TempFolder root;
  REQUIRE_ERROR(list(root / "gone", false), ErrorCode::kState);
}

}  // namespace ksv::testing
