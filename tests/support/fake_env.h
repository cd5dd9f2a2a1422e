// An Env for tests: a clock that moves only by sleeping, seeded randomness, its own variables; and
// Files whose calls can be counted, failed, or be the last thing that a process does.
#pragma once

#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "ksv/backend.h"

#include "base/real_env.h"

namespace ksv::testing {

// Not for several threads.
class FakeEnv final : public Env {
 public:
  explicit FakeEnv(std::uint64_t seed = 1) : dice_(seed) {}

  std::int64_t wall_ms() override { return wall_start_ms + now_us_ / 1000; }
  std::chrono::milliseconds monotonic() override {
    return std::chrono::milliseconds(now_us_ / 1000);
  }
  void sleep(std::chrono::microseconds duration) override;
  void random(std::span<std::uint8_t> fill) override;
  std::optional<std::string> variable(std::string_view name) override;
  Files& files() override { return *files_; }
  Http& http() override {
    KSV_ASSERT(http_ != nullptr);
    return *http_;
  }
  int signalled() override { return cancel ? 2 : 0; }
  void hold_signals(bool) override {}

  void use_files(Files& files) { files_ = &files; }
  void use_real_files() { files_ = &real_files_; }
  void use_http(Http& http) { http_ = &http; }
  std::chrono::microseconds slept() const { return std::chrono::microseconds(now_us_); }

  std::map<std::string, std::string, std::less<>> variables;
  bool cancel = false;
  std::int64_t wall_start_ms = 1'700'000'000'000;
  // Called with each sleep, before the clock moves: where a test lets others act.
  std::function<void(std::chrono::microseconds)> on_sleep;

 private:
  std::int64_t now_us_ = 0;
  std::mt19937_64 dice_;
  RealFiles real_files_;
  Files* files_ = &real_files_;
  Http* http_ = nullptr;
};

// One call on Files, or on a File of theirs.
struct FileCall {
  std::string name;  // that of the method; of open, with its mode
  std::string path;
};

// Passes every call on to other Files, after showing it to a hook. An Error of the hook is what the
// call then answers, without doing anything; but a write is done by half first, as on a full disk.
class WatchedFiles final : public Files {
 public:
  using Hook = std::function<std::optional<Error>(const FileCall&)>;
  WatchedFiles(Files& files, Hook hook) : files_(files), hook_(std::move(hook)) {}

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::optional<FileInfo>> info(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Result<bool> exchange(const std::string& one, const std::string& other) override;
  Result<bool> link(const std::string& from, const std::string& to) override;
  Result<bool> remove(const std::string& path) override;
  Result<bool> make_directory(const std::string& path) override;
  Result<bool> remove_directory(const std::string& path) override;
  Result<std::optional<std::vector<std::string>>> names(const std::string& path,
                                                        std::size_t at_most) override;
  Status sync_directory(const std::string& path) override;

 private:
  Files& files_;
  Hook hook_;
};

// A hook that fails the n-th call (from 1); 0 fails none. Counts on, so that a test can tell
// whether there was an n-th call at all.
class FailNth {
 public:
  explicit FailNth(std::uint64_t n, ErrorCode code = ErrorCode::kUnavailable)
      : n_(n), code_(code) {}
  std::optional<Error> operator()(const FileCall& call);
  bool happened() const { return n_ > 0 && calls_ >= n_; }
  const std::string& failed_call() const { return failed_; }

 private:
  std::uint64_t n_;
  ErrorCode code_;
  std::uint64_t calls_ = 0;
  std::string failed_;
};

// A hook that ends the process by SIGKILL at the n-th call (from 1), before it is done; a write is
// done by half first.
class KillAtNth {
 public:
  explicit KillAtNth(std::uint64_t n) : n_(n) {}
  std::optional<Error> operator()(const FileCall& call);

 private:
  std::uint64_t n_;
  std::uint64_t calls_ = 0;
  bool dying_ = false;
};

}  // namespace ksv::testing
