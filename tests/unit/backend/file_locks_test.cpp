// Waiting for the locks of other processes: bounded, and right about what changed meanwhile.
#include "support/file_store.h"
#include "support/processes.h"

namespace ksv::testing {

namespace {

constexpr auto kTimeout = std::chrono::seconds(30);

bool names_lock(const Error& error, const std::string& path) {
  return error.code() == ErrorCode::kDeadline && error.effect() == Effect::kNone &&
         error.message().find(path) != std::string::npos;
}

}  // namespace

TEST_CASE("a lock of the JVM that lasts ends reads and writes at the deadline") {
  FileStore store;
  store.put("one");
  const HeldChild jvm([&] { return lock_as_the_jvm(store.path()); });
  REQUIRE(jvm.ready());
  std::optional<Error> error;
  auto keep = [&](auto result) {
    REQUIRE_FALSE(result.has_value());
    error = result.error();
  };
  SUBCASE("read") { keep(store.backend.read(kBlobName)); }
  SUBCASE("range") { keep(store.backend.read_range(kBlobName, 0, 1)); }
  SUBCASE("write") { keep(store.write("two")); }
  SUBCASE("conditional write") { keep(store.write("two", Match{{"x"}})); }
  SUBCASE("remove") { keep(store.backend.remove(kBlobName, Any{})); }
  REQUIRE(error.has_value());
  CHECK(names_lock(*error, store.path()));
  CHECK(store.env.slept() >= kTimeout);
  CHECK(store.env.slept() <= kTimeout + std::chrono::milliseconds(10));
  CHECK(store.names() == std::set<std::string>{kBlobName});
}

TEST_CASE("reads and writes go on when the JVM lets go") {
  FileStore store;
  store.put("one");
  HeldChild jvm([&] { return lock_as_the_jvm(store.path()); });
  REQUIRE(jvm.ready());
  int sleeps = 0;
  store.env.on_sleep = [&](std::chrono::microseconds) {
    if (++sleeps == 3) jvm.release();
  };
  SUBCASE("read") { CHECK(store.text() == "one"); }
  SUBCASE("write") { store.put("two"); }
  CHECK(sleeps == 3);
}

TEST_CASE("a locked fence holds up writes and removals, not reads") {
  FileStore store;
  store.put("one");
  const std::string fence = store.path() + ".cas";
  put_file(fence, "");
  const HeldChild jvm([&] { return lock_as_the_jvm(fence); });
  REQUIRE(jvm.ready());
  CHECK(store.text() == "one");
  CHECK(store.env.slept().count() == 0);
  SUBCASE("write") { CHECK(names_lock(store.write("two").error(), fence)); }
  SUBCASE("remove") { CHECK(names_lock(store.backend.remove(kBlobName, Any{}).error(), fence)); }
  CHECK(store.text() == "one");
}

TEST_CASE("a waiter that gets the lock of a file which lost its name starts over") {
  FileStore store;
  store.put("one");
  const Version version = store.version();
  HeldChild jvm([&] { return lock_as_the_jvm(store.path()); });
  REQUIRE(jvm.ready());
  bool removed = false;
  SUBCASE("it was replaced") {}
  SUBCASE("it was removed") { removed = true; }
  store.env.on_sleep = [&](std::chrono::microseconds) {
    if (!jvm.ready()) return;
    // What the JVM does before it lets go.
    if (removed) {
      REQUIRE(::unlink(store.path().c_str()) == 0);
    } else {
      put_file(store.path() + ".new", "of the JVM");
      REQUIRE(std::rename((store.path() + ".new").c_str(), store.path().c_str()) == 0);
    }
    store.env.on_sleep = nullptr;
    jvm.release();
  };
  // A reader may still see the file that it had opened: the read began before the replacement.
  FileBackend unsynced({.folder = store.folder.path(), .sync = false}, store.env, store.call);
  auto outcome = unsynced.write(kBlobName, bytes_of("two"), Match{version}, {});
  REQUIRE_OK(outcome);
  const Conflict* conflict = std::get_if<Conflict>(&*outcome);
  REQUIRE(conflict != nullptr);
  CHECK(conflict->winner.has_value() != removed);
  CHECK(store.text() == (removed ? "(absent)" : "of the JVM"));
}

TEST_CASE("a reader that opened the empty file of a first write waits and sees the value") {
  FileStore store;
  put_file(store.path(), "");
  HeldChild jvm([&] { return lock_as_the_jvm(store.path()); });
  REQUIRE(jvm.ready());
  store.env.on_sleep = [&](std::chrono::microseconds) {
    put_file(store.path() + ".new", "of the JVM");
    REQUIRE(std::rename((store.path() + ".new").c_str(), store.path().c_str()) == 0);
    store.env.on_sleep = nullptr;
    jvm.release();
  };
  CHECK(store.text() == "of the JVM");
}

TEST_CASE("a slow reader does not hold writers up, and reads one version to its end") {
  FileStore store;
  const std::string first(3'000'000, 'a');
  store.put(first);
  const Version version = store.version();
  std::string got;
  auto result = store.backend.read_stream(kBlobName, 0, [&](BytesView bytes) {
    if (got.empty()) store.put("two");
    got.append(text_of(bytes));
    return ok();
  });
  REQUIRE_OK(result);
  REQUIRE(result->has_value());
  CHECK(**result == version);
  CHECK(got == first);
  CHECK(store.env.slept().count() == 0);
  CHECK(store.text() == "two");
}

TEST_CASE("the wait for a lock is told to the log, once") {
  FileStore store;
  store.put("one");
  HeldChild jvm([&] { return lock_as_the_jvm(store.path()); });
  REQUIRE(jvm.ready());
  std::vector<std::string> lines;
  store.call.log = [&](const std::string& line) { lines.push_back(line); };
  CHECK_FALSE(store.backend.read(kBlobName).has_value());
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find(store.path()) != std::string::npos);
}

}  // namespace ksv::testing
