// An Env for tests.
#include "support/fake_env.h"

#include <csignal>

namespace ksv::testing {

void FakeEnv::sleep(std::chrono::microseconds duration) {
  const auto hook = on_sleep;  // a copy: the hook may replace itself
  if (hook) hook(duration);
  now_us_ += std::max<std::int64_t>(duration.count(), 1);
}

void FakeEnv::random(std::span<std::uint8_t> fill) {
  for (std::uint8_t& byte : fill) byte = static_cast<std::uint8_t>(dice_());
}

std::optional<std::string> FakeEnv::variable(std::string_view name) {
  const auto entry = variables.find(name);
  if (entry == variables.end()) return std::nullopt;
  return entry->second;
}

namespace {

class WatchedFile final : public File {
 public:
  WatchedFile(std::unique_ptr<File> file, std::string path, const WatchedFiles::Hook& hook)
      : file_(std::move(file)), path_(std::move(path)), hook_(hook) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
    if (auto error = hook_({"read_at", path_})) return *std::move(error);
    return file_->read_at(offset, into);
  }
  Status write(BytesView bytes) override {
    auto error = hook_({"write", path_});
    if (!error) return file_->write(bytes);
    KSV_CHECK(file_->write(bytes.first(bytes.size() / 2)));
    hook_({"write, second half", path_});
    return *std::move(error);
  }
  Status sync() override {
    if (auto error = hook_({"sync", path_})) return *std::move(error);
    return file_->sync();
  }
  Result<FileInfo> info() override {
    if (auto error = hook_({"info of open file", path_})) return *std::move(error);
    return file_->info();
  }
  Result<bool> try_lock(LockMode mode) override {
    if (auto error = hook_({"try_lock", path_})) return *std::move(error);
    return file_->try_lock(mode);
  }
  Status unlock() override {
    if (auto error = hook_({"unlock", path_})) return *std::move(error);
    return file_->unlock();
  }
  Result<bool> reuse() override {
    if (auto error = hook_({"reuse", path_})) return *std::move(error);
    return file_->reuse();
  }
  Status cut(std::uint64_t size) override {
    if (auto error = hook_({"cut", path_})) return *std::move(error);
    return file_->cut(size);
  }

 private:
  std::unique_ptr<File> file_;
  std::string path_;
  const WatchedFiles::Hook& hook_;
};

}  // namespace

Result<std::unique_ptr<File>> WatchedFiles::open(const std::string& path, OpenMode mode) {
  const std::string name = mode == OpenMode::kRead        ? "open to read"
                           : mode == OpenMode::kReadWrite ? "open to write"
                                                          : "create";
  if (auto error = hook_({name, path})) return *std::move(error);
  std::unique_ptr<File> file = KSV_TRY(files_.open(path, mode));
  if (file == nullptr) return std::unique_ptr<File>();
  return std::unique_ptr<File>(std::make_unique<WatchedFile>(std::move(file), path, hook_));
}

Result<std::optional<FileInfo>> WatchedFiles::info(const std::string& path) {
  if (auto error = hook_({"info", path})) return *std::move(error);
  return files_.info(path);
}

Status WatchedFiles::rename(const std::string& from, const std::string& to) {
  if (auto error = hook_({"rename", to})) return *std::move(error);
  return files_.rename(from, to);
}

Result<bool> WatchedFiles::exchange(const std::string& one, const std::string& other) {
  if (auto error = hook_({"exchange", other})) return *std::move(error);
  return files_.exchange(one, other);
}

Result<bool> WatchedFiles::link(const std::string& from, const std::string& to) {
  if (auto error = hook_({"link", to})) return *std::move(error);
  return files_.link(from, to);
}

Result<bool> WatchedFiles::remove(const std::string& path) {
  if (auto error = hook_({"remove", path})) return *std::move(error);
  return files_.remove(path);
}

Result<bool> WatchedFiles::make_directory(const std::string& path) {
  if (auto error = hook_({"make_directory", path})) return *std::move(error);
  return files_.make_directory(path);
}

Result<bool> WatchedFiles::remove_directory(const std::string& path) {
  if (auto error = hook_({"remove_directory", path})) return *std::move(error);
  return files_.remove_directory(path);
}

Result<std::optional<std::vector<std::string>>> WatchedFiles::names(const std::string& path,
                                                                    std::size_t at_most) {
  if (auto error = hook_({"names", path})) return *std::move(error);
  return files_.names(path, at_most);
}

Status WatchedFiles::sync_directory(const std::string& path) {
  if (auto error = hook_({"sync_directory", path})) return *std::move(error);
  return files_.sync_directory(path);
}

std::optional<Error> FailNth::operator()(const FileCall& call) {
  if (++calls_ != n_) return std::nullopt;
  failed_ = call.name;
  return Error(code_, call.name + " " + call.path + ": made to fail");
}

std::optional<Error> KillAtNth::operator()(const FileCall& call) {
  if (!dying_ && ++calls_ != n_) return std::nullopt;
  // Lets a write do its first half; the hook is called again before the second.
  if (call.name == "write") {
    dying_ = true;
    return Error(ErrorCode::kInternal, "about to be killed");
  }
  std::raise(SIGKILL);
  return std::nullopt;
}

}  // namespace ksv::testing
