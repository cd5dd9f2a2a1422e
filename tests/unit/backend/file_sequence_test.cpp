// The order of the calls that make a write durable and a read quick.
#include <vector>

#include "support/file_store.h"

namespace ksv::testing {

namespace {

// A call as "name place", where the place is one of: blob, stage, fence, folder.
class Recorder {
 public:
  explicit Recorder(FileStore& store)
      : store_(store), files_(real_, [this](const FileCall& call) { return record(call); }) {
    store_.env.use_files(files_);
  }
  ~Recorder() { store_.env.use_real_files(); }
  std::vector<std::string> calls;
  std::string unsupported;  // the name of a call that is to be refused

 private:
  std::optional<Error> record(const FileCall& call) {
    std::string place = "folder";
    if (call.path.ends_with(".ksv")) place = "blob";
    if (call.path.ends_with(".cas")) place = "fence";
    if (call.path.ends_with(".new")) place = "stage";
    calls.push_back(call.name + " " + place);
    if (call.name != unsupported) return std::nullopt;
    return Error(ErrorCode::kUnsupported, "made to be refused");
  }

  FileStore& store_;
  RealFiles real_;
  WatchedFiles files_;
};

using Calls = std::vector<std::string>;

}  // namespace

TEST_CASE("a read opens, locks, looks and reads, no more, and only for reading") {
  FileStore store;
  store.put("one");
  Recorder recorder(store);
  CHECK(store.text() == "one");
  CHECK(recorder.calls ==
        Calls{"open to read blob", "try_lock blob", "info of open file blob", "read_at blob"});
}

TEST_CASE("a first write is on the disk before it gets the name, and the name after") {
  FileStore store;
  Recorder recorder(store);
  store.put("one");
  CHECK(recorder.calls == Calls{"create stage", "write stage", "sync stage", "open to write blob",
                                "open to write fence", "link blob", "remove stage",
                                "sync_directory folder"});
}

TEST_CASE(
    "a conditional write is judged under the lock, then staged, and on the disk before its name") {
  FileStore store;
  store.put("one");
  const Version version = store.version();
  Recorder recorder(store);
  REQUIRE_OK(store.write("two", Match{version}));
  CHECK(recorder.calls == Calls{"open to write blob", "try_lock blob", "info of open file blob",
                                "info blob", "open to write fence", "read_at blob", "create stage",
                                "write stage", "sync stage", "rename blob",
                                "sync_directory folder"});
}

TEST_CASE("an unconditional write holds the lock for the rename alone") {
  FileStore store;
  store.put("one");
  Recorder recorder(store);
  store.put("two");
  CHECK(recorder.calls == Calls{"create stage", "write stage", "sync stage", "open to write blob",
                                "try_lock blob", "info of open file blob", "info blob",
                                "open to write fence", "rename blob", "sync_directory folder"});
}

TEST_CASE("a lost race that shows before the write costs no staging") {
  FileStore store;
  store.put("one");
  Recorder recorder(store);
  auto outcome = store.write("two", Match{{"another"}});
  REQUIRE_OK(outcome);
  CHECK(std::holds_alternative<Conflict>(*outcome));
  CHECK(recorder.calls == Calls{"open to write blob", "try_lock blob", "info of open file blob",
                                "info blob", "open to write fence", "read_at blob"});
}

TEST_CASE("without sync nothing is synced, and the replaced file is written again") {
  FileStore store(false);
  store.put("one");
  Recorder recorder(store);
  store.put("two");
  CHECK(recorder.calls == Calls{"create stage", "write stage", "open to write blob",
                                "try_lock blob", "info of open file blob", "info blob",
                                "open to write fence", "exchange blob", "unlock blob"});
  recorder.calls.clear();
  store.put("three");
  REQUIRE_OK(store.backend.remove(kBlobName, Any{}));
  CHECK(recorder.calls == Calls{"reuse blob", "write blob", "cut blob", "open to write blob",
                                "try_lock blob", "info of open file blob", "info blob",
                                "open to write fence", "exchange blob", "unlock blob",
                                "open to write blob", "try_lock blob", "info of open file blob",
                                "info blob", "open to write fence", "remove blob"});
}

TEST_CASE("a fence is locked before the blob, by writes and removals, and stays") {
  FileStore store;
  store.put("one");
  put_file(store.path() + ".cas", "");
  Recorder recorder(store);
  bool removes = false;
  SUBCASE("write") { store.put("two"); }
  SUBCASE("remove") {
    removes = true;
    REQUIRE_OK(store.backend.remove(kBlobName, Any{}));
  }
  const auto begin = recorder.calls.begin();
  const auto fence = std::find(begin, recorder.calls.end(), "try_lock fence");
  REQUIRE(fence != recorder.calls.end());
  const Calls after(fence + 1, recorder.calls.end());
  CHECK(after == Calls{"open to write blob", "try_lock blob", "info of open file blob", "info blob",
                       removes ? "remove blob" : "rename blob", "sync_directory folder"});
  CHECK(store.names().count(kBlobName + ".cas") == 1);
}

TEST_CASE("a fence of an absent key is locked before the first write") {
  FileStore store;
  put_file(store.path() + ".cas", "");
  Recorder recorder(store);
  store.put("one");
  const auto fence = std::find(recorder.calls.begin(), recorder.calls.end(), "try_lock fence");
  const auto link = std::find(recorder.calls.begin(), recorder.calls.end(), "link blob");
  CHECK(fence < link);
  CHECK(link != recorder.calls.end());
}

TEST_CASE("where files have but one name, the first write claims it with an empty file") {
  FileStore store;
  Recorder recorder(store);
  recorder.unsupported = "link";
  auto outcome = store.write("one", Absent{});
  REQUIRE_OK(outcome);
  CHECK(std::holds_alternative<Written>(*outcome));
  const auto claim = std::find(recorder.calls.begin(), recorder.calls.end(), "create blob");
  CHECK(Calls(claim, recorder.calls.end()) == Calls{"create blob", "try_lock blob",
                                                    "info of open file blob", "info blob",
                                                    "rename blob", "sync_directory folder"});
  auto again = store.write("two", Absent{});
  REQUIRE_OK(again);
  CHECK(std::holds_alternative<Conflict>(*again));
  CHECK(store.text() == "one");
  CHECK(store.names() == std::set<std::string>{kBlobName});
}

}  // namespace ksv::testing
