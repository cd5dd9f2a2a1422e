// Folders that are stores, that are not, and what is done to them.
#include "backend/file/file_place.h"

#include <sys/stat.h>

#include "support/file_store.h"

namespace ksv::testing {

namespace {

const std::string kUuid = "11111111-2222-5333-8444-555555555555";

struct Folder {
  Folder() { REQUIRE(::mkdir(path.c_str(), 0777) == 0); }
  void put(const std::string& name, std::string_view content = "x") {
    put_file(path + "/" + name, content);
  }
  std::set<std::string> names() {
    auto all = env.files().names(path, 1'000'000);
    REQUIRE_OK(all);
    REQUIRE(all->has_value());
    return {(*all)->begin(), (*all)->end()};
  }
  TempFolder temp;
  std::string path = temp / "store";
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  FilePlace place{{.folder = path}, env, call};
};

}  // namespace

TEST_CASE("an empty folder is an empty store") {
  Folder folder;
  auto exists = folder.place.exists();
  REQUIRE_OK(exists);
  CHECK(*exists);
  auto created = folder.place.create();
  REQUIRE_OK(created);
  CHECK(*created == CreateOutcome::kExisted);
}

TEST_CASE("a folder with blobs is a store, whatever else it holds") {
  Folder folder;
  folder.put("foo.txt");
  folder.put(kBlobName);
  auto exists = folder.place.exists();
  REQUIRE_OK(exists);
  CHECK(*exists);
}

TEST_CASE("a blob among very many other names is found") {
  Folder folder;
  for (int i = 0; i < 200; ++i) folder.put("other" + std::to_string(i));
  REQUIRE_ERROR(folder.place.exists(), ErrorCode::kState);
  folder.put(kBlobName);
  auto exists = folder.place.exists();
  REQUIRE_OK(exists);
  CHECK(*exists);
}

TEST_CASE("a folder with nothing but leftovers of writes is a store") {
  Folder folder;
  folder.put(kBlobName + ".new");
  folder.put(kBlobName + "." + kUuid + ".new");
  folder.put(kBlobName + ".cas", "");
  folder.put(kUuid, "");  // konserve's probe whether it may write
  auto exists = folder.place.exists();
  REQUIRE_OK(exists);
  CHECK(*exists);
}

TEST_CASE("a folder of other things is no store, and the error names one of them") {
  Folder folder;
  folder.put("zoo.txt");
  folder.put("foo.txt");
  for (const bool create : {false, true}) {
    Status result = ok();
    if (create) {
      auto outcome = folder.place.create();
      REQUIRE_FALSE(outcome.has_value());
      result = outcome.error();
    } else {
      auto outcome = folder.place.exists();
      REQUIRE_FALSE(outcome.has_value());
      result = outcome.error();
    }
    REQUIRE_ERROR(result, ErrorCode::kState);
    CHECK(result.error().message() == folder.path + " is not a konserve store (it holds foo.txt)");
  }
  REQUIRE_ERROR(folder.place.remove({}), ErrorCode::kState);
  CHECK(folder.names() == std::set<std::string>{"foo.txt", "zoo.txt"});
}

TEST_CASE("the layouts before konserve 0.6 are known and refused") {
  Folder folder;
  SUBCASE("values by uuid") { folder.put(kUuid); }
  SUBCASE("binaries by uuid") { folder.put("B_" + kUuid); }
  SUBCASE("meta and data") {
    REQUIRE(::mkdir((folder.path + "/meta").c_str(), 0777) == 0);
    REQUIRE(::mkdir((folder.path + "/data").c_str(), 0777) == 0);
  }
  auto exists = folder.place.exists();
  REQUIRE_ERROR(exists, ErrorCode::kUnsupported);
  CHECK_FALSE(exists.error().hint().empty());
  REQUIRE_ERROR(folder.place.create(), ErrorCode::kUnsupported);
  REQUIRE_ERROR(folder.place.remove({}), ErrorCode::kUnsupported);
}

TEST_CASE("a file in the place of the folder is an error of state") {
  TempFolder temp;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  put_file(temp / "store", "x");
  FilePlace place({.folder = temp / "store"}, env, call);
  REQUIRE_ERROR(place.exists(), ErrorCode::kState);
  REQUIRE_ERROR(place.create(), ErrorCode::kState);
  REQUIRE_ERROR(place.remove({}), ErrorCode::kState);
  FilePlace below({.folder = temp / "store/below"}, env, call);
  CHECK_FALSE(below.create().has_value());
}

TEST_CASE("creating makes the folders above, and syncs the one that holds each") {
  TempFolder temp;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  std::vector<std::string> synced;
  RealFiles real;
  WatchedFiles watched(real, [&](const FileCall& made) -> std::optional<Error> {
    if (made.name == "sync_directory") synced.push_back(made.path);
    return std::nullopt;
  });
  env.use_files(watched);
  FilePlace place({.folder = temp / "a/b/store"}, env, call);
  auto created = place.create();
  REQUIRE_OK(created);
  CHECK(*created == CreateOutcome::kCreated);
  CHECK(synced == std::vector<std::string>{temp.path(), temp / "a", temp / "a/b"});
}

TEST_CASE("removing takes blobs and leftovers, and the folder") {
  Folder folder;
  folder.put(kBlobName);
  folder.put("other.ksv");
  folder.put(kBlobName + ".new");
  folder.put(kBlobName + ".backup");
  folder.put(kBlobName + ".cas", "");
  folder.put(kUuid, "");
  std::vector<std::uint64_t> told;
  auto removed = folder.place.remove([&](std::uint64_t count) { told.push_back(count); });
  REQUIRE_OK(removed);
  CHECK(*removed == DeleteOutcome::kDeleted);
  CHECK(told == std::vector<std::uint64_t>{1, 2});
  struct stat status {};
  CHECK(::stat(folder.path.c_str(), &status) != 0);
}

TEST_CASE("removing refuses a store that holds other things, before anything is deleted") {
  Folder folder;
  folder.put(kBlobName);
  SUBCASE("a file") { folder.put("foo.txt"); }
  SUBCASE("a value of the old layout") { folder.put(kUuid); }
  SUBCASE("a folder with the name of a blob") {
    REQUIRE(::mkdir((folder.path + "/folder.ksv").c_str(), 0777) == 0);
  }
  const std::set<std::string> before = folder.names();
  REQUIRE_ERROR(folder.place.remove({}), ErrorCode::kState);
  CHECK(folder.names() == before);
}

TEST_CASE("removing goes on while others write a little, and gives up when they do not stop") {
  Folder folder;
  folder.put(kBlobName);
  int rewrites = 0;
  int rewrites_max = 0;
  RealFiles real;
  WatchedFiles watched(real, [&](const FileCall& made) -> std::optional<Error> {
    if (made.name == "remove_directory" && rewrites++ < rewrites_max) folder.put(kBlobName);
    return std::nullopt;
  });
  folder.env.use_files(watched);
  SUBCASE("a little") {
    rewrites_max = 3;
    auto removed = folder.place.remove({});
    REQUIRE_OK(removed);
    CHECK(*removed == DeleteOutcome::kDeleted);
  }
  SUBCASE("without end") {
    rewrites_max = 1'000'000;
    REQUIRE_ERROR(folder.place.remove({}), ErrorCode::kPartial);
    CHECK(folder.names() == std::set<std::string>{kBlobName});
  }
}

}  // namespace ksv::testing
