// Without sync, when a replaced file is written again, and when it must not be.
#include <sys/stat.h>
#include <unistd.h>

#include "support/file_store.h"

namespace ksv::testing {

namespace {

ino_t inode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

// A store whose key was written twice, so that the file of the first write is aside; the inodes of
// both files.
struct Replaced {
  Replaced() {
    store.put("first");
    first = inode_of(store.path());
    store.put("second");
    second = inode_of(store.path());
    REQUIRE(first != second);
  }
  FileStore store{false};
  ino_t first = 0;
  ino_t second = 0;
};

}  // namespace

TEST_CASE("writes without sync take turns with two files, whatever lengths they have") {
  Replaced replaced;
  FileStore& store = replaced.store;
  store.put("a longer third value");
  CHECK(inode_of(store.path()) == replaced.first);
  CHECK(store.text() == "a longer third value");
  store.put("4");
  CHECK(inode_of(store.path()) == replaced.second);
  CHECK(store.text() == "4");
  CHECK(store.names().size() == 2);
}

TEST_CASE("a file that somebody still has open is never written again") {
  Replaced replaced;
  FileStore& store = replaced.store;
  // A reader who came before the third write: what it opened must stay the second value.
  auto reader = store.env.files().open(store.path(), OpenMode::kRead);
  REQUIRE_OK(reader);
  store.put("third");  // into the first file, which nobody has open
  store.put("fourth");
  CHECK(inode_of(store.path()) != replaced.second);
  Bytes bytes(6);
  const auto got = (*reader)->read_at(0, bytes);
  REQUIRE_OK(got);
  CHECK(text_of(bytes) == "second");
  CHECK(store.text() == "fourth");
}

TEST_CASE("a file with a second name, or with another mode, is not kept to be written again") {
  for (const bool linked : {true, false}) {
    FileStore store(false);
    store.put("first");
    const ino_t first = inode_of(store.path());
    if (linked) {
      REQUIRE(::link(store.path().c_str(), store.path("backup").c_str()) == 0);
    } else {
      REQUIRE(::chmod(store.path().c_str(), 0400) == 0);
    }
    store.put("second");
    store.put("third");
    if (!linked) {
      struct stat status {};
      REQUIRE(::stat(store.path().c_str(), &status) == 0);
      CHECK((status.st_mode & 0777) != 0400);
    } else {
      CHECK(inode_of(store.path()) != first);
      auto backup = store.env.files().open(store.path("backup"), OpenMode::kRead);
      REQUIRE_OK(backup);
      Bytes bytes(5);
      REQUIRE_OK((*backup)->read_at(0, bytes));
      CHECK(text_of(bytes) == "first");
    }
  }
}

TEST_CASE("a file that was emptied for another use holds zeros and nothing of before") {
  FileStore store(false);
  store.put("what it was");
  auto file = store.env.files().open(store.path(), OpenMode::kReadWrite);
  REQUIRE_OK(file);
  const auto reused = (*file)->reuse();
  REQUIRE_OK(reused);
  REQUIRE(*reused);
  Bytes bytes(11, 'x');
  REQUIRE_OK((*file)->read_at(0, bytes));
  CHECK(bytes == Bytes(11, 0));
  auto other = store.env.files().open(store.path(), OpenMode::kRead);
  REQUIRE_OK(other);
  const auto again = (*file)->reuse();
  REQUIRE_OK(again);
  CHECK_FALSE(*again);
}

TEST_CASE("files that were kept go with the store that kept them") {
  TempFolder folder;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  {
    FileBackend backend({.folder = folder.path(), .sync = false}, env, call);
    for (const char* value : {"one", "two", "three"}) {
      REQUIRE_OK(backend.write(kBlobName, bytes_of(value), Any{}, WriteId{"id"}));
    }
  }
  auto names = env.files().names(folder.path(), 10);
  REQUIRE_OK(names);
  CHECK(**names == std::vector<std::string>{kBlobName});
}

}  // namespace ksv::testing
