// The system's files behind the interface: what is an answer, and what an error.
#include "base/real_files.h"

#include "support/processes.h"
#include "support/result_checks.h"
#include "support/temp_folder.h"

namespace ksv::testing {

namespace {

template <typename T>
T done(Result<T> result) {
  REQUIRE_OK(result);
  return *std::move(result);
}

}  // namespace

TEST_CASE("what is absent is an answer") {
  TempFolder folder;
  RealFiles files;
  const std::string gone = folder / "gone";
  CHECK(done(files.open(gone, OpenMode::kRead)) == nullptr);
  CHECK(done(files.open(gone, OpenMode::kReadWrite)) == nullptr);
  CHECK_FALSE(done(files.info(gone)).has_value());
  CHECK_FALSE(done(files.remove(gone)));
  CHECK_FALSE(done(files.remove_directory(gone)));
  CHECK_FALSE(done(files.names(gone, 10)).has_value());
}

TEST_CASE("what exists already is an answer") {
  TempFolder folder;
  RealFiles files;
  put_file(folder / "a", "1");
  put_file(folder / "b", "2");
  CHECK(done(files.open(folder / "a", OpenMode::kCreateNew)) == nullptr);
  CHECK_FALSE(done(files.link(folder / "a", folder / "b")));
  CHECK_FALSE(done(files.make_directory(folder / "a")));
}

TEST_CASE("other failures are errors with the path and the system's words") {
  TempFolder folder;
  RealFiles files;
  auto created = files.open(folder / "gone/a", OpenMode::kCreateNew);
  REQUIRE_ERROR(created, ErrorCode::kUnavailable);
  CHECK(created.error().message() == "create " + folder / "gone/a" + ": No such file or directory");
  put_file(folder / "a", "1");
  REQUIRE_ERROR(files.names(folder / "a", 10), ErrorCode::kUnavailable);
  REQUIRE_ERROR(files.rename(folder / "gone", folder / "a"), ErrorCode::kUnavailable);
  REQUIRE_ERROR(files.remove_directory(folder.path()), ErrorCode::kState);
}

TEST_CASE("a full disk is an error") {
  RealFiles files;
  auto full = done(files.open("/dev/full", OpenMode::kReadWrite));
  REQUIRE(full != nullptr);
  const Bytes byte(1);
  REQUIRE_ERROR(full->write(byte), ErrorCode::kUnavailable);
}

TEST_CASE("bytes written one after the other are read from anywhere") {
  TempFolder folder;
  RealFiles files;
  auto file = done(files.open(folder / "a", OpenMode::kCreateNew));
  REQUIRE(file != nullptr);
  REQUIRE_OK(file->write(bytes_of("0123")));
  REQUIRE_OK(file->write(bytes_of("456789")));
  REQUIRE_OK(file->sync());
  Bytes into(4);
  CHECK(done(file->read_at(3, into)) == 4);
  CHECK(text_of(into) == "3456");
  CHECK(done(file->read_at(8, into)) == 2);
  CHECK(done(file->read_at(100, into)) == 0);
  CHECK(done(file->info()).size == 10);
  CHECK(done(file->info()).same_file(*done(files.info(folder / "a"))));
}

TEST_CASE("a linked file has two names, and a renamed one replaces another") {
  TempFolder folder;
  RealFiles files;
  put_file(folder / "a", "1");
  CHECK(done(files.link(folder / "a", folder / "b")));
  CHECK(done(files.info(folder / "a"))->same_file(*done(files.info(folder / "b"))));
  CHECK(done(files.info(folder / "a"))->links == 2);
  put_file(folder / "c", "22");
  REQUIRE_OK(files.rename(folder / "c", folder / "a"));
  CHECK(done(files.info(folder / "a"))->size == 2);
  CHECK(done(files.info(folder / "b"))->links == 1);
}

TEST_CASE("two files exchange their names, and an absent one is told") {
  TempFolder folder;
  RealFiles files;
  put_file(folder / "a", "1");
  put_file(folder / "b", "22");
  CHECK(done(files.exchange(folder / "a", folder / "b")));
  CHECK(done(files.info(folder / "a"))->size == 2);
  CHECK(done(files.info(folder / "b"))->size == 1);
  CHECK_FALSE(done(files.exchange(folder / "a", folder / "gone")));
}

TEST_CASE("names come as asked for, up to a number") {
  TempFolder folder;
  RealFiles files;
  for (const std::string name : {"a", ".b", "c"}) put_file(folder / name, "");
  CHECK(done(files.names(folder.path(), 100))->size() == 3);
  CHECK(done(files.names(folder.path(), 2))->size() == 2);
}

TEST_CASE("writers exclude each other, readers do not, and neither the other") {
  TempFolder folder;
  RealFiles files;
  put_file(folder / "a", "1");
  struct Row {
    LockMode first;
    LockMode second;
    bool both;
  };
  const Row rows[] = {{LockMode::kWriter, LockMode::kWriter, false},
                      {LockMode::kReader, LockMode::kReader, true},
                      {LockMode::kReader, LockMode::kWriter, true},
                      {LockMode::kWriter, LockMode::kReader, true}};
  for (const Row& row : rows) {
    auto first = done(files.open(folder / "a", OpenMode::kReadWrite));
    auto second = done(files.open(folder / "a", OpenMode::kReadWrite));
    CHECK(done(first->try_lock(row.first)));
    CHECK(done(second->try_lock(row.second)) == row.both);
    first.reset();
    CHECK(done(second->try_lock(row.second)));
  }
}

TEST_CASE("a lock as the JVM takes it excludes readers and writers, and is excluded by them") {
  TempFolder folder;
  RealFiles files;
  put_file(folder / "a", "1");
  auto file = done(files.open(folder / "a", OpenMode::kReadWrite));
  const auto jvm_can_lock = [&](int) { return lock_as_the_jvm(folder / "a") ? 0 : 1; };
  for (const LockMode mode : {LockMode::kReader, LockMode::kWriter}) {
    CHECK(run_children(1, jvm_can_lock) == std::vector<ChildEnd>{0});
    {
      const HeldChild jvm([&] { return lock_as_the_jvm(folder / "a"); });
      REQUIRE(jvm.ready());
      CHECK_FALSE(done(file->try_lock(mode)));
    }
    CHECK(done(file->try_lock(mode)));
    CHECK(run_children(1, jvm_can_lock) == std::vector<ChildEnd>{1});
    file = done(files.open(folder / "a", OpenMode::kReadWrite));
  }
}

}  // namespace ksv::testing
