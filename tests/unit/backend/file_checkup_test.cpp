// What an examination says of folders and file systems of many kinds, and that it leaves nothing.
#include "backend/file/file_checkup.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/real_env.h"
#include "support/result_checks.h"
#include "support/temp_folder.h"

namespace ksv::testing {

namespace {

using State = Finding::State;

const std::string kBlob = "11111111-2222-5333-8444-555555555555.ksv";

// What a file system may do wrong.
struct Lies {
  bool locks = false;    // everybody gets every lock
  bool links = false;    // a link replaces what has the name
  bool rename = false;   // removes first; until then a reader finds nothing
  std::string denied{};  // the call that is not permitted
};

class LyingFile final : public File {
 public:
  LyingFile(std::unique_ptr<File> file, const Lies& lies) : file_(std::move(file)), lies_(lies) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override {
    return file_->read_at(offset, into);
  }
  Status write(BytesView bytes) override { return file_->write(bytes); }
  Status sync() override {
    if (lies_.denied == "sync") return Error(ErrorCode::kUnavailable, "sync: I/O error");
    return file_->sync();
  }
  Result<FileInfo> info() override { return file_->info(); }
  Result<bool> try_lock(LockMode mode) override {
    return lies_.locks ? Result<bool>(true) : file_->try_lock(mode);
  }

 private:
  std::unique_ptr<File> file_;
  const Lies& lies_;
};

class LyingFiles final : public Files {
 public:
  explicit LyingFiles(Files& files) : files_(files) {}

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    if (lies.denied == "open" && mode == OpenMode::kReadWrite && path.ends_with(kBlob)) {
      return Error(ErrorCode::kDenied, "open: Permission denied");
    }
    auto file = KSV_TRY(files_.open(path, mode));
    if (file == nullptr) {
      ++met_nothing_;
      return std::unique_ptr<File>();
    }
    return std::unique_ptr<File>(std::make_unique<LyingFile>(std::move(file), lies));
  }
  Result<std::optional<FileInfo>> info(const std::string& path) override {
    return files_.info(path);
  }
  Status rename(const std::string& from, const std::string& to) override {
    if (!lies.rename || !to.ends_with("/replaced")) return files_.rename(from, to);
    KSV_CHECK(files_.remove(to));
    const int before = met_nothing_;
    for (int i = 0; i < 2000 && met_nothing_ == before; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return files_.rename(from, to);
  }
  Result<bool> exchange(const std::string& one, const std::string& other) override {
    return files_.exchange(one, other);
  }
  Result<bool> link(const std::string& from, const std::string& to) override {
    if (lies.links) {
      static_cast<void>(files_.link(from, to));
      return true;
    }
    return files_.link(from, to);
  }
  Result<bool> remove(const std::string& path) override { return files_.remove(path); }
  Result<bool> make_directory(const std::string& path) override {
    if (lies.denied == "mkdir") return Error(ErrorCode::kDenied, "make folder: Permission denied");
    return files_.make_directory(path);
  }
  Result<bool> remove_directory(const std::string& path) override {
    return files_.remove_directory(path);
  }
  Result<std::optional<std::vector<std::string>>> names(const std::string& path,
                                                        std::size_t at_most) override {
    return files_.names(path, at_most);
  }
  Status sync_directory(const std::string& path) override { return files_.sync_directory(path); }

  Lies lies;

 private:
  Files& files_;
  std::atomic<int> met_nothing_ = 0;
};

// Real clocks and randomness, which many threads may use; a day later than it is.
class FolderEnv final : public Env {
 public:
  std::int64_t wall_ms() override { return real_.wall_ms() + 24LL * 3600 * 1000; }
  std::chrono::milliseconds monotonic() override { return real_.monotonic(); }
  void sleep(std::chrono::microseconds duration) override { real_.sleep(duration); }
  void random(std::span<std::uint8_t> fill) override { real_.random(fill); }
  std::optional<std::string> variable(std::string_view) override { return std::nullopt; }
  Files& files() override { return lying; }
  Http& http() override { return real_.http(); }
  int signalled() override { return cancel ? 2 : 0; }

  bool cancel = false;

 private:
  void hold_signals(bool) override {}
  RealEnv real_;

 public:
  LyingFiles lying{real_.files()};
};

struct FolderWorld {
  TempFolder folder;
  FolderEnv env;
  Call call{Deadline(env, std::chrono::minutes(5))};
  DiskQuestions questions;
  FileBackend::Options options{.folder = folder / "store", .sync = true};
  std::vector<Finding> findings{};
  Disk disk{.kind = 0xEF53, .bytes = 1ULL << 40, .bytes_free = 1ULL << 39};

  FolderWorld() {
    questions.disk = [this](const std::string&) { return Result<Disk>(disk); };
    REQUIRE_OK(env.files().make_directory(options.folder));
  }
  std::string path(std::string_view name) const { return options.folder + "/" + std::string(name); }
  Status run() {
    findings.clear();
    return examine_folder(options, questions, env, call,
                          [this](const Finding& finding) { findings.push_back(finding); });
  }
  const Finding& finding(std::string_view check) const {
    static const Finding kNone{.check = "none", .state = State::kSkipped};
    for (const Finding& each : findings) {
      if (each.check == check) return each;
    }
    return kNone;
  }
  std::size_t names() {
    auto all = env.files().names(options.folder, 1000);
    REQUIRE_OK(all);
    return *all ? (*all)->size() : 0;
  }
};

}  // namespace

TEST_CASE("a sound folder has nothing bad, and nothing is left behind") {
  FolderWorld world;
  REQUIRE_OK(world.run());
  for (const char* check : {"folder", "file system", "space", "write", "sync", "rename", "link",
                            "locks", "first write", "race", "content"}) {
    CAPTURE(check);
    CHECK(world.finding(check).check == check);
    CHECK(world.finding(check).state == State::kGood);
  }
  CHECK(world.names() == 0);
}

TEST_CASE("a store that is not there yet is tried out beside where it would be, and not made") {
  FolderWorld world;
  world.options.folder = world.folder / "new/deep";
  REQUIRE_OK(world.run());
  CHECK(world.finding("folder").state == State::kWarning);
  CHECK(world.finding("race").state == State::kGood);
  auto names = world.env.files().names(world.folder.path(), 10);
  REQUIRE_OK(names);
  CHECK(**names == std::vector<std::string>{"store"});
}

TEST_CASE("a file system that does not keep writers apart is unsafe") {
  FolderWorld world;
  std::string check = "locks";
  SUBCASE("locks that everybody gets") { world.env.lying.lies.locks = true; }
  SUBCASE("locks that other processes do not see") {
    world.questions.locks = [](const std::string&) { return LockTrial{false, true}; };
  }
  SUBCASE("links that several get") {
    world.env.lying.lies.links = true;
    check = "link";
  }
  SUBCASE("a rename in two steps") {
    world.env.lying.lies.rename = true;
    check = "rename";
  }
  REQUIRE_ERROR(world.run(), ErrorCode::kUnsafe);
  CHECK(world.finding(check).state == State::kBad);
  CHECK_FALSE(world.finding(check).advice.empty());
  CHECK(world.names() == 0);
}

TEST_CASE("what fails is told with its own code, and nothing is left behind") {
  FolderWorld world;
  ErrorCode code = ErrorCode::kUnavailable;
  std::string check;
  SUBCASE("locks that stay") {
    world.questions.locks = [](const std::string&) { return LockTrial{true, false}; };
    check = "locks";
  }
  SUBCASE("a disk that fails") {
    world.env.lying.lies.denied = "sync";
    check = "sync";
  }
  SUBCASE("a folder that may not be written") {
    world.env.lying.lies.denied = "mkdir";
    code = ErrorCode::kDenied;
    check = "write";
  }
  SUBCASE("a full disk") {
    world.disk.bytes_free = 0;
    check = "space";
  }
  SUBCASE("a signal") {
    world.env.cancel = true;
    code = ErrorCode::kCancelled;
    check = "time";
  }
  REQUIRE_ERROR(world.run(), code);
  CHECK(world.finding(check).state == State::kBad);
  CHECK(world.names() == 0);
}

TEST_CASE("kinds of file systems, and disks that are nearly full, are warned of") {
  FolderWorld world;
  std::string check = "file system";
  SUBCASE("NFS") { world.disk.kind = 0x6969; }
  SUBCASE("CIFS") { world.disk.kind = 0xFF534D42; }
  SUBCASE("FUSE") { world.disk.kind = 0x65735546; }
  SUBCASE("overlay") { world.disk.kind = 0x794C7630; }
  SUBCASE("few bytes") {
    world.disk.bytes_free = 10'000'000;
    check = "space";
  }
  SUBCASE("few files") {
    world.disk.files = 100'000;
    world.disk.files_free = 10;
    check = "space";
  }
  REQUIRE_OK(world.run());
  CHECK(world.finding(check).state == State::kWarning);
  CHECK_FALSE(world.finding(check).advice.empty());
}

TEST_CASE("what killed writers left, and what others put there, is counted") {
  FolderWorld world;
  put_file(world.path(kBlob), "x");
  put_file(world.path("22222222-2222-5333-8444-555555555555.ksv"), "");
  put_file(world.path(kBlob + ".new"), "x");
  put_file(world.path(kBlob + ".cas"), "");
  REQUIRE_OK(world.run());
  CHECK(world.finding("content").state == State::kWarning);
  CHECK(world.finding("content").text == "2 blobs, 1 files of killed writers, 1 empty blobs");
  CHECK(world.finding("names").check == "none");
  put_file(world.path("notes.txt"), "x");
  REQUIRE_OK(world.run());
  CHECK(world.finding("names").text == "1 that are not konserve's: notes.txt");
  CHECK(world.names() == 5);
}

TEST_CASE("the folder of an examination that was killed goes with the next one") {
  FolderWorld world;
  const std::string killed = world.path(
      "d0c7d0c7-0000-4000-8000-d0c7d0c7d0c7.ksv.33333333-2222-4333-8444-555555555555.new");
  REQUIRE_OK(world.env.files().make_directory(killed));
  put_file(killed + "/sync", "x");
  REQUIRE_OK(world.run());
  CHECK(world.finding("content").state == State::kGood);
  CHECK(world.names() == 0);
}

TEST_CASE("blobs that others own are a warning") {
  FolderWorld world;
  put_file(world.path(kBlob), "x");
  world.env.lying.lies.denied = "open";
  REQUIRE_OK(world.run());
  CHECK(world.finding("blobs").text == "1 of 1 cannot be read and written");
}

TEST_CASE("what is no store is not examined further") {
  FolderWorld world;
  put_file(world.path("notes.txt"), "x");
  REQUIRE_ERROR(world.run(), ErrorCode::kState);
  CHECK(world.findings.size() == 1);
}

TEST_CASE("a lock of another process excludes, and ends with it") {
  TempFolder folder;
  put_file(folder / "lock", "x");
  const auto trial = try_locks(folder / "lock");
  REQUIRE_OK(trial);
  CHECK(trial->excludes);
  CHECK(trial->released);
  REQUIRE_ERROR(try_locks(folder / "absent"), ErrorCode::kUnavailable);
  const auto disk = find_disk(folder.path());
  REQUIRE_OK(disk);
  CHECK(disk->bytes > 0);
  CHECK(disk->kind != 0);
}

}  // namespace ksv::testing
