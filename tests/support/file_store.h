// A file store in a temporary folder, on a FakeEnv: what the tests of the file backend begin with.
#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <string>

#include "backend/file/file_backend.h"
#include "support/fake_env.h"
#include "support/result_checks.h"
#include "support/temp_folder.h"

namespace ksv::testing {

inline const std::string kBlobName = "11111111-2222-5333-8444-555555555555.ksv";

struct FileStore {
  explicit FileStore(bool sync = true)
      : backend(FileBackend::Options{.folder = folder.path(), .sync = sync}, env, call) {}

  std::string path(const std::string& name = kBlobName) const { return folder / name; }

  std::string text(const std::string& key = kBlobName) {
    auto stored = backend.read(key);
    REQUIRE_OK(stored);
    return *stored ? std::string(text_of((*stored)->bytes)) : "(absent)";
  }
  Version version(const std::string& key = kBlobName) {
    auto stored = backend.read(key);
    REQUIRE_OK(stored);
    REQUIRE(stored->has_value());
    return (*stored)->version;
  }
  Result<WriteOutcome> write(std::string_view value, const Precondition& precondition = Any{}) {
    return backend.write(kBlobName, bytes_of(value), precondition, WriteId{"id"});
  }
  void put(std::string_view value) {
    auto outcome = write(value);
    REQUIRE_OK(outcome);
    REQUIRE(std::holds_alternative<Written>(*outcome));
  }
  // Everything that is in the folder.
  std::set<std::string> names() {
    auto all = env.files().names(folder.path(), 1'000'000);
    REQUIRE_OK(all);
    return {(*all)->begin(), (*all)->end()};
  }

  TempFolder folder;
  FakeEnv env;
  Call call{Deadline(env, std::chrono::seconds(30))};
  FileBackend backend;
};

}  // namespace ksv::testing
