// Every change of a key, by a process that is killed at its n-th call on the file system.
#include <csignal>

#include "backend/file/file_place.h"
#include "support/file_operations.h"
#include "support/processes.h"

namespace ksv::testing {

namespace {

// How the child ended: 0, when the operation has no n-th call.
ChildEnd kill_at(const FileOperation& operation, std::uint64_t n, FileStore& store) {
  operation.prepare(store);
  return run_children(1, [&](int) {
    RealFiles real;
    KillAtNth kill(n);
    WatchedFiles files(real, [&](const FileCall& call) {
      if (auto error = kill(call)) return error;
      return operation.no_links ? refuse_links(call) : std::nullopt;
    });
    store.env.use_files(files);
    const auto result = operation.run(store.backend);
    return result && *result ? 0 : 1;
  })[0];
}

void check_survivor(const FileOperation& operation, FileStore& store) {
  const std::string text = store.text();
  const bool is_old = text == operation.old_text();
  CHECK_MESSAGE((is_old || text == operation.new_text()), text);
  for (const std::string& name : store.names()) {
    CAPTURE(name);
    CHECK(name_kind(name) != NameKind::kUnknown);
  }
  auto page = store.backend.list("", {});
  REQUIRE_OK(page);
  CHECK(page->entries.size() <= 1);
  // The next process, with randomness of its own, is not held up by anything that was left.
  random_uuid(store.env);
  if (is_old) {
    const auto again = operation.run(store.backend);
    REQUIRE_OK(again);
    CHECK(*again);
  }
  store.put("later");
  CHECK(store.text() == "later");
  CHECK(store.env.slept().count() == 0);
  FilePlace place({.folder = store.folder.path()}, store.env, store.call);
  auto removed = place.remove({});
  REQUIRE_OK(removed);
  CHECK(*removed == DeleteOutcome::kDeleted);
}

}  // namespace

TEST_CASE("a process that is killed leaves the key old or new, and nothing in the way") {
  for (const FileOperation& operation : file_operations()) {
    CAPTURE(operation.name);
    std::uint64_t n = 1;
    for (bool killed = true; killed; ++n) {
      CAPTURE(n);
      FileStore store(operation.sync);
      const ChildEnd end = kill_at(operation, n, store);
      killed = end == -SIGKILL;
      if (!killed) CHECK(end == 0);
      check_survivor(operation, store);
    }
    CHECK(n > 5);
  }
}

}  // namespace ksv::testing
