// Creating and deleting a store, with the n-th call on the file system made to fail.
#include <sys/stat.h>

#include "backend/file/file_place.h"
#include "support/file_store.h"

namespace ksv::testing {

namespace {

struct Place {
  explicit Place(std::uint64_t n)
      : fail(n), files(real, [this](const FileCall& made) { return fail(made); }) {}

  bool is_there(const std::string& name) {
    auto info = real.info(name);
    REQUIRE_OK(info);
    return info->has_value();
  }

  TempFolder temp;
  RealFiles real;
  FailNth fail;
  WatchedFiles files;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  std::string path = temp / "above/store";
  FilePlace place{{.folder = path}, env, call};
};

// False when there is no n-th call.
bool fail_creation_at(std::uint64_t n) {
  Place at(n);
  at.env.use_files(at.files);
  const auto result = at.place.create();
  at.env.use_files(at.real);
  CAPTURE(n);
  CAPTURE(at.fail.failed_call());
  if (!at.fail.happened()) {
    REQUIRE_OK(result);
    CHECK(*result == CreateOutcome::kCreated);
    return false;
  }
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().effect() == Effect::kNone);
  CHECK_FALSE(at.is_there(at.temp / "above"));
  const auto again = at.place.create();
  REQUIRE_OK(again);
  CHECK(*again == CreateOutcome::kCreated);
  return true;
}

bool fail_removal_at(std::uint64_t n) {
  Place at(n);
  REQUIRE_OK(at.place.create());
  for (const std::string name : {"a.ksv", "b.ksv", "c.ksv", "a.ksv.new", "b.ksv.cas"}) {
    put_file(at.path + "/" + name, "x");
  }
  std::uint64_t told = 0;
  const auto count = [&](std::uint64_t keys) { told = keys; };
  at.env.use_files(at.files);
  const auto result = at.place.remove(count);
  at.env.use_files(at.real);
  CAPTURE(n);
  CAPTURE(at.fail.failed_call());
  if (!at.fail.happened()) {
    REQUIRE_OK(result);
    CHECK_FALSE(at.is_there(at.path));
    CHECK(told == 3);
    return false;
  }
  REQUIRE_FALSE(result.has_value());
  if (at.fail.failed_call() == "sync_directory") {
    CHECK(result.error().effect() == Effect::kUnknown);
    CHECK_FALSE(at.is_there(at.path));
    return true;
  }
  auto page = at.place.backend().list("", {});
  REQUIRE_OK(page);
  CHECK(page->entries.size() == 3 - told);
  CHECK((result.error().code() == ErrorCode::kPartial) == (told > 0));
  const auto again = at.place.remove(count);
  REQUIRE_OK(again);
  CHECK(*again == DeleteOutcome::kDeleted);
  CHECK_FALSE(at.is_there(at.path));
  return true;
}

}  // namespace

TEST_CASE("a creation whose n-th call fails leaves nothing, and can be repeated") {
  std::uint64_t n = 1;
  while (fail_creation_at(n)) ++n;
  CHECK(n > 5);
}

TEST_CASE("a removal whose n-th call fails says how far it came, and can be repeated") {
  std::uint64_t n = 1;
  while (fail_removal_at(n)) ++n;
  CHECK(n > 10);
}

}  // namespace ksv::testing
