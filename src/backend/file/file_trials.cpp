// Sync, rename, link, locks, then races of writers through the backend itself.
#include "backend/file/file_trials.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <fmt/format.h>

#include "backend/file/file_names.h"
#include "base/hex.h"
#include "base/parallel.h"

namespace ksv {
namespace {

constexpr std::size_t kWriters = 6;
constexpr std::size_t kRounds = 5;
constexpr std::size_t kUpdatesEach = 5;
constexpr int kReplacements = 100;
constexpr std::size_t kBlockBytes = 4096;

std::uint64_t number_of(BytesView bytes) {
  const std::string_view text = text_of(bytes);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string fresh_key(Env& env) { return uuid_text(random_uuid(env)) + ".ksv"; }

// One writer's share of the race: reads a number and writes the next one, so and so often.
Status count_up(FileBackend& backend, const std::string& key) {
  for (std::size_t done = 0; done < kUpdatesEach;) {
    const auto stored = KSV_TRY(backend.read(key));
    if (!stored) return Error(ErrorCode::kUnavailable, "a key vanished while others wrote it");
    const std::string next = std::to_string(number_of(stored->bytes) + 1);
    const auto outcome = KSV_TRY(backend.write(key, bytes_of(next), Match{stored->version}, {}));
    if (std::holds_alternative<Written>(outcome)) ++done;
  }
  return ok();
}

}  // namespace

void FileTrials::run() {
  using Trial = void (FileTrials::*)();
  for (const Trial trial : {&FileTrials::try_sync, &FileTrials::try_rename, &FileTrials::try_link,
                            &FileTrials::try_own_locks, &FileTrials::try_process_locks,
                            &FileTrials::try_first_writes, &FileTrials::try_updates}) {
    if (!examination_.may_go_on()) return;
    (this->*trial)();
  }
}

void FileTrials::unsafe(const std::string& check, const std::string& text) {
  examination_.unsafe(
      check, text,
      "Two writers would lose updates here: put the store on a local disk, or mount "
      "this file system with locking.");
}

Status FileTrials::make_file(const std::string& name, std::string_view text, bool sync) {
  const auto file = KSV_TRY(env_.files().open(path_in(folder_, name), OpenMode::kCreateNew));
  if (file == nullptr) return Error(ErrorCode::kUnavailable, "a file named " + name + " is there");
  KSV_CHECK(file->write(bytes_of(text)));
  return sync ? file->sync() : ok();
}

void FileTrials::try_sync() {
  const Stopwatch watch(env_);
  Status synced = make_file("sync", std::string(kBlockBytes, 's'), true);
  if (synced.has_value()) synced = env_.files().sync_directory(folder_);
  if (!synced.has_value()) return examination_.bad("sync", synced.error());
  examination_.good("sync", "file and folder", watch.milliseconds());
}

Status FileTrials::replace_many(const std::string& target, const std::atomic<bool>& whole) {
  for (int i = 0; i < kReplacements && whole; ++i) {
    const std::string name = "staged-" + std::to_string(i);
    KSV_CHECK(make_file(name, std::string(kBlockBytes, static_cast<char>('a' + i % 26))));
    KSV_CHECK(env_.files().rename(path_in(folder_, name), target));
  }
  return ok();
}

// False when there is no file, or not one that was written whole.
Result<bool> FileTrials::read_whole(const std::string& target) {
  const auto file = KSV_TRY(env_.files().open(target, OpenMode::kRead));
  if (file == nullptr) return false;
  Bytes bytes(kBlockBytes);
  const std::size_t count = KSV_TRY(file->read_at(0, bytes));
  return count == kBlockBytes &&
         std::all_of(bytes.begin(), bytes.end(), [&](auto byte) { return byte == bytes[0]; });
}

void FileTrials::try_rename() {
  const std::string target = path_in(folder_, "replaced");
  Status made = make_file("replaced", std::string(kBlockBytes, 'z'));
  if (!made.has_value()) return examination_.bad("rename", made.error());
  std::atomic<bool> over = false;
  std::atomic<bool> whole = true;
  const Status raced = for_each_parallel(2, 2, [&](std::size_t who) -> Status {
    if (who == 0) {
      Status replaced = replace_many(target, whole);
      over = true;
      return replaced;
    }
    do {
      if (!KSV_TRY(read_whole(target))) whole = false;
    } while (!over && whole);
    return ok();
  });
  if (!raced.has_value()) return examination_.bad("rename", raced.error());
  if (!whole)
    return unsafe("rename", "a reader met no file, or part of one, while it was replaced");
  examination_.good("rename", "replaces a file in one step");
}

// The number of those who were told that they got the name.
Result<std::size_t> FileTrials::race_for_link(std::size_t round) {
  const std::string prefix = "link-" + std::to_string(round) + "-";
  for (std::size_t i = 0; i < kWriters; ++i) {
    KSV_CHECK(make_file(prefix + std::to_string(i), "x"));
  }
  std::atomic<std::size_t> winners = 0;
  KSV_CHECK(for_each_parallel(kWriters, kWriters, [&](std::size_t i) -> Status {
    const bool linked = KSV_TRY(env_.files().link(path_in(folder_, prefix + std::to_string(i)),
                                                  path_in(folder_, prefix + "name")));
    winners += linked ? 1 : 0;
    return ok();
  }));
  return winners.load();
}

void FileTrials::try_link() {
  for (std::size_t round = 0; round < kRounds; ++round) {
    const auto winners = race_for_link(round);
    if (!winners && winners.error().code() == ErrorCode::kUnsupported) {
      return examination_.good("link", "not known here; locks take its place");
    }
    if (!winners) return examination_.bad("link", winners.error());
    if (*winners == 1) continue;
    return unsafe("link", fmt::format("{} of {} were given one new name", *winners, kWriters));
  }
  examination_.good("link", "gives a new name to one only");
}

void FileTrials::try_own_locks() {
  const auto trial = [&]() -> Result<bool> {
    KSV_CHECK(make_file("own-lock", "x"));
    const std::string path = path_in(folder_, "own-lock");
    auto first = KSV_TRY(env_.files().open(path, OpenMode::kReadWrite));
    const auto second = KSV_TRY(env_.files().open(path, OpenMode::kReadWrite));
    if (first == nullptr || second == nullptr) return false;
    if (!KSV_TRY(first->try_lock(LockMode::kWriter))) return false;
    if (KSV_TRY(second->try_lock(LockMode::kWriter))) return false;
    first.reset();
    return second->try_lock(LockMode::kWriter);
  };
  const auto excludes = trial();
  if (!excludes) return examination_.bad("locks", excludes.error());
  if (!*excludes) return unsafe("locks", "two open files were not kept apart by their locks");
}

void FileTrials::try_process_locks() {
  if (examination_.is_unsafe()) return;
  const Status made = make_file("lock", "x");
  if (!made.has_value()) return examination_.bad("locks", made.error());
  const auto trial = questions_.locks(path_in(folder_, "lock"));
  if (!trial) return examination_.bad("locks", trial.error());
  if (!trial->excludes) return unsafe("locks", "a process was given a lock that another one held");
  if (!trial->released) {
    return examination_.bad(
        "locks", Error(ErrorCode::kUnavailable, "the lock of a process that was killed stays")
                     .with_hint("Look at the lock server of this file system."));
  }
  examination_.good("locks", "exclude other processes, end with their holder");
}

void FileTrials::try_first_writes() {
  FileBackend backend({.folder = folder_, .sync = sync_}, env_, examination_.steps());
  const Stopwatch watch(env_);
  for (std::size_t round = 0; round < kRounds; ++round) {
    const std::string key = fresh_key(env_);
    std::atomic<std::size_t> winners = 0;
    const Status raced = for_each_parallel(kWriters, kWriters, [&](std::size_t i) -> Status {
      const std::string text = std::to_string(i);
      const auto outcome = KSV_TRY(backend.write(key, bytes_of(text), Absent{}, {}));
      winners += std::holds_alternative<Written>(outcome) ? 1 : 0;
      return ok();
    });
    if (!raced.has_value()) return examination_.bad("first write", raced.error());
    if (winners == 1) continue;
    return unsafe("first write", fmt::format("{} of {} writers that raced for a new key succeeded",
                                             winners.load(), kWriters));
  }
  examination_.good("first write",
                    fmt::format("{} writers, {} rounds: one winner each", kWriters, kRounds),
                    watch.milliseconds());
}

void FileTrials::try_updates() {
  FileBackend backend({.folder = folder_, .sync = sync_}, env_, examination_.steps());
  const std::string key = fresh_key(env_);
  const Stopwatch watch(env_);
  const auto race = [&]() -> Result<std::uint64_t> {
    KSV_CHECK(backend.write(key, bytes_of("0"), Absent{}, {}));
    KSV_CHECK(
        for_each_parallel(kWriters, kWriters, [&](std::size_t) { return count_up(backend, key); }));
    const auto stored = KSV_TRY(backend.read(key));
    return stored ? number_of(stored->bytes) : 0;
  };
  const auto counted = race();
  if (!counted) return examination_.bad("race", counted.error());
  constexpr std::uint64_t kExpected = kWriters * kUpdatesEach;
  if (*counted != kExpected) {
    return unsafe("race",
                  fmt::format("of {} updates of a key {} were counted", kExpected, *counted));
  }
  examination_.good(
      "race", fmt::format("{} writers, {} updates of one key: none lost", kWriters, kExpected),
      watch.milliseconds());
}

}  // namespace ksv
