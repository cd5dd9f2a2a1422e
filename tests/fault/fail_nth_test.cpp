// Every change of a key, with its n-th call on the file system made to fail, for n = 1, 2, 3 ...
#include "support/file_operations.h"

namespace ksv::testing {

namespace {

// What must be true after a failure at `failed_call`.
void check_after(const FileOperation& operation, const std::string& failed_call,
                 const Result<bool>& result, FileStore& store) {
  const std::string text = store.text();
  const bool is_old = text == operation.old_text();
  const bool is_new = text == operation.new_text();
  CHECK_MESSAGE((is_old || is_new), text);
  if (result) {
    CHECK(*result);
    CHECK(is_new);
  } else if (result.error().effect() == Effect::kNone) {
    CHECK(is_old);
  } else {
    // The one doubt that a local file leaves: whether the folder's change reached the disk.
    CHECK(failed_call == "sync_directory");
    CHECK(is_new);
  }
  for (const std::string& name : store.names()) {
    CAPTURE(name);
    CHECK(name_kind(name) != NameKind::kUnknown);
    if (name.ends_with(".new")) CHECK(failed_call == "remove");
  }
}

// False when the operation has no n-th call.
bool fail_at(const FileOperation& operation, std::uint64_t n, ErrorCode code) {
  FileStore store(operation.sync);
  operation.prepare(store);
  RealFiles real;
  FailNth fail(n, code);
  WatchedFiles files(real, [&](const FileCall& call) {
    if (auto error = fail(call)) return error;
    return operation.no_links ? refuse_links(call) : std::nullopt;
  });
  store.env.use_files(files);
  const Result<bool> result = operation.run(store.backend);
  store.env.use_real_files();
  if (!fail.happened()) {
    REQUIRE_OK(result);
    CHECK(*result);
    CHECK(store.text() == operation.new_text());
    return false;
  }
  CAPTURE(operation.name);
  CAPTURE(n);
  CAPTURE(fail.failed_call());
  check_after(operation, fail.failed_call(), result, store);
  if (!result && store.text() == operation.old_text()) {
    const Result<bool> again = operation.run(store.backend);
    REQUIRE_OK(again);
    CHECK(*again);
    CHECK(store.text() == operation.new_text());
  }
  return true;
}

}  // namespace

TEST_CASE(
    "a change whose n-th call fails leaves the key old or new, says which, and can be "
    "repeated") {
  for (const FileOperation& operation : file_operations()) {
    std::uint64_t n = 1;
    while (fail_at(operation, n, ErrorCode::kUnavailable)) ++n;
    CAPTURE(operation.name);
    CHECK(n > 5);
  }
}

TEST_CASE("the same holds when the call is denied, and the error says so") {
  for (const FileOperation& operation : file_operations()) {
    for (std::uint64_t n = 1; fail_at(operation, n, ErrorCode::kDenied); ++n) {
    }
  }
}

TEST_CASE("a read whose n-th call fails is an error, or right") {
  for (const bool leftover : {false, true}) {
    bool more = true;
    for (std::uint64_t n = 1; more; ++n) {
      FileStore store;
      put_file(store.path(), leftover ? "" : "old");
      RealFiles real;
      FailNth fail(n);
      WatchedFiles files(real, [&](const FileCall& call) { return fail(call); });
      store.env.use_files(files);
      const auto stored = store.backend.read(kBlobName);
      more = fail.happened();
      CHECK(stored.has_value() != more);
      if (!more) CHECK(stored->has_value() != leftover);
      store.env.use_real_files();
    }
  }
}

}  // namespace ksv::testing
