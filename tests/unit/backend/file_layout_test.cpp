// What lies in the folder of a file store, and what is not konserve's.
#include <sys/stat.h>
#include <unistd.h>

#include "backend/file/file_names.h"
#include "support/file_store.h"
#include "support/processes.h"

namespace ksv::testing {

TEST_CASE("names are told apart by what konserve makes of them") {
  const std::string uuid = "11111111-2222-5333-8444-555555555555";
  struct Row {
    std::string name;
    NameKind kind;
  };
  const Row rows[] = {
      {uuid + ".ksv", NameKind::kBlob},
      {"any.ksv", NameKind::kBlob},
      {uuid + ".ksv.new", NameKind::kLeftover},
      {uuid + ".ksv." + uuid + ".new", NameKind::kLeftover},
      {uuid + ".ksv.backup", NameKind::kLeftover},
      {uuid + ".ksv.cas", NameKind::kLeftover},
      {".nfs000000000123", NameKind::kNfs},
      {uuid, NameKind::kOldBlob},
      {"B_" + uuid, NameKind::kOldBlob},
      {"foo.txt", NameKind::kUnknown},
      {"report.new", NameKind::kUnknown},
      {"a.b.new", NameKind::kUnknown},
      {"a.backup", NameKind::kUnknown},
      {".ksv", NameKind::kUnknown},
      {".ksv.new", NameKind::kUnknown},
      {uuid + ".ksv.old", NameKind::kUnknown},
      {uuid + ".ksv.x.backup", NameKind::kUnknown},
      {"meta", NameKind::kUnknown},
      {"", NameKind::kUnknown},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(name_kind(row.name) == row.kind);
  }
}

TEST_CASE("a write leaves the blob and nothing else") {
  FileStore store;
  store.put("one");
  store.put("two");
  CHECK(store.names() == std::set<std::string>{kBlobName});
}

TEST_CASE("an empty blob is an absent key") {
  FileStore store;
  put_file(store.path(), "");
  CHECK(store.text() == "(absent)");
  auto range = store.backend.read_range(kBlobName, 0, 10);
  REQUIRE_OK(range);
  CHECK_FALSE(range->has_value());
}

TEST_CASE("an empty blob does not stand in the way of a first write") {
  FileStore store;
  put_file(store.path(), "");
  auto outcome = store.write("one", Absent{});
  REQUIRE_OK(outcome);
  CHECK(std::holds_alternative<Written>(*outcome));
  CHECK(store.text() == "one");
  CHECK(store.names() == std::set<std::string>{kBlobName});
}

TEST_CASE("Match on an empty blob is a conflict with an absent key") {
  FileStore store;
  put_file(store.path(), "");
  auto outcome = store.write("two", Match{{"0"}});
  REQUIRE_OK(outcome);
  const Conflict* conflict = std::get_if<Conflict>(&*outcome);
  REQUIRE(conflict != nullptr);
  CHECK(conflict->winner_known);
  CHECK_FALSE(conflict->winner.has_value());
}

TEST_CASE("removing an empty blob takes it away, though the key was absent") {
  FileStore store;
  put_file(store.path(), "");
  auto outcome = store.backend.remove(kBlobName, Any{});
  REQUIRE_OK(outcome);
  CHECK(*outcome == RemoveOutcome::kWasAbsent);
  CHECK(store.names().empty());
}

TEST_CASE("what others left in the folder is neither listed nor touched") {
  FileStore store;
  const std::set<std::string> others = {kBlobName + ".new", kBlobName + ".backup",
                                        kBlobName + ".abc.new", ".nfs0001", "foo.txt"};
  for (const std::string& name : others) put_file(store.path(name), "theirs");
  store.put("one");
  auto page = store.backend.list("", {});
  REQUIRE_OK(page);
  REQUIRE(page->entries.size() == 1);
  CHECK(page->entries[0].key == kBlobName);
  auto removed = store.backend.remove(kBlobName, Any{});
  REQUIRE_OK(removed);
  CHECK(store.names() == others);
}

TEST_CASE("a shorter value replaces a longer one whole") {
  FileStore store;
  put_file(store.path() + ".new", std::string(500, 's'));
  store.put(std::string(300, 'x'));
  store.put("abc");
  CHECK(store.text() == "abc");
}

TEST_CASE("a value written by another program is read, and replaced under its version") {
  FileStore store;
  put_file(store.path(), "of the JVM");
  const Version version = store.version();
  put_file(store.path(), "of the JVM, later, in place");
  auto late = store.write("mine", Match{version});
  REQUIRE_OK(late);
  const Conflict* conflict = std::get_if<Conflict>(&*late);
  REQUIRE(conflict != nullptr);
  REQUIRE(conflict->winner.has_value());
  CHECK(text_of(conflict->winner->bytes) == "of the JVM, later, in place");
  auto outcome = store.write("mine", Match{conflict->winner->version});
  REQUIRE_OK(outcome);
  CHECK(std::holds_alternative<Written>(*outcome));
}

TEST_CASE("a pipe or a folder with the name of a blob is an error, not a hang") {
  FileStore store;
  SUBCASE("pipe") { REQUIRE(::mkfifo(store.path().c_str(), 0666) == 0); }
  SUBCASE("folder") { REQUIRE(::mkdir(store.path().c_str(), 0777) == 0); }
  CHECK_FALSE(store.backend.read(kBlobName).has_value());
  CHECK_FALSE(store.write("x").has_value());
  CHECK(store.names() == std::set<std::string>{kBlobName});
}

TEST_CASE("without its folder a store reads as empty, and refuses writes as no store") {
  TempFolder folder;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  FileBackend backend({.folder = folder / "gone"}, env, call);
  auto stored = backend.read(kBlobName);
  REQUIRE_OK(stored);
  CHECK_FALSE(stored->has_value());
  REQUIRE_ERROR(backend.write(kBlobName, bytes_of("x"), Any{}, {}), ErrorCode::kState);
  REQUIRE_ERROR(backend.list("", {}), ErrorCode::kState);
}

TEST_CASE("a folder that may not be written can be read, and a write there is denied") {
  FileStore store;
  store.put("one");
  REQUIRE(::chmod(store.path().c_str(), 0444) == 0);
  REQUIRE(::chmod(store.folder.path().c_str(), 0555) == 0);
  // Root may do all; so a child gives that up. Its exit status tells what failed.
  const auto ends = run_children(1, [&](int) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
    auto stored = store.backend.read(kBlobName);
    if (!stored || !*stored || text_of((*stored)->bytes) != "one") return 2;
    auto page = store.backend.list("", {});
    if (!page || page->entries.size() != 1) return 3;
    const auto written = store.write("two");
    if (written || written.error().code() != ErrorCode::kDenied) return 4;
    const auto removed = store.backend.remove(kBlobName, Any{});
    if (removed || removed.error().code() != ErrorCode::kDenied) return 5;
    return 0;
  });
  REQUIRE(::chmod(store.folder.path().c_str(), 0755) == 0);
  CHECK(ends == std::vector<ChildEnd>{0});
}

}  // namespace ksv::testing
