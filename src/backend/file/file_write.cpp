// Changing the blobs of a file store: write aside, judge under the lock, take the name.
//
// Why this is atomic for everyone. All writers of a key exclude each other by the lock on the file
// that has the key's name, and look again whether it still has it once they hold the lock: so what
// is compared under the lock is what the rename replaces. A key without a file has nothing to lock;
// there the file system decides, since link() gives a name only once. Readers open what the name
// means at that moment, a whole file either way. A process that is killed leaves at most its staged
// file, under a name which nobody reads.
#include "ksv/limits.h"

#include "backend/file/file_backend.h"
#include "backend/file/file_lock.h"
#include "backend/file/file_names.h"
#include "backend/file/file_stage.h"
#include "backend/file/file_version.h"
#include "base/call_stats.h"

namespace ksv {

namespace {

// Replaced files that are kept to be written again: one for each of a few threads.
constexpr std::size_t kSparesMax = 4;

// What a key holds, as a precondition sees it. `bytes` only of small blobs: writers of large ones
// must not need memory for the old state.
struct Present {
  std::optional<Version> version;
  std::optional<Bytes> bytes;
};

Result<Present> present_state(File& file, std::uint64_t size) {
  Present present;
  if (size == 0) return present;
  if (size <= limits::kStreamChunkBytes) {
    Bytes bytes(size);
    bytes.resize(KSV_TRY(file.read_at(0, bytes)));
    present.version = blob_version(bytes);
    present.bytes = std::move(bytes);
    return present;
  }
  BlobHash hash;
  Bytes chunk(limits::kStreamChunkBytes);
  for (std::uint64_t at = 0;;) {
    const std::size_t got = KSV_TRY(file.read_at(at, chunk));
    hash.add(BytesView(chunk).first(got));
    at += got;
    if (got < chunk.size()) break;
  }
  present.version = hash.finish();
  return present;
}

bool holds(const Precondition& precondition, const Present& present) {
  if (std::holds_alternative<Absent>(precondition)) return !present.version;
  const Match* match = std::get_if<Match>(&precondition);
  return match == nullptr || (present.version && *present.version == match->version);
}

Conflict conflict_with(Present present) {
  if (!present.version) return Conflict{true, std::nullopt};
  if (!present.bytes) return Conflict{false, std::nullopt};
  return Conflict{true, Stored{*std::move(present.bytes), *std::move(present.version)}};
}

}  // namespace

Result<FileBackend::Hold> FileBackend::hold(const std::string& key) {
  Files& files = env_.files();
  const std::string path = path_of(key);
  Hold hold;
  for (;;) {
    hold.blob = KSV_TRY(files.open(path, OpenMode::kReadWrite));
    if (hold.blob != nullptr) {
      KSV_CHECK(wait_for_lock(*hold.blob, LockMode::kWriter, path, env_, call_));
      hold.info = KSV_TRY(hold.blob->info());
      if (hold.info.type != FileInfo::Type::kRegular) {
        return Error(ErrorCode::kCorrupt, path + " is not a regular file");
      }
      const std::optional<FileInfo> named = KSV_TRY(files.info(path));
      if (!named || !named->same_file(hold.info)) {
        KSV_CHECK(check_time(key));
        continue;
      }
    }
    if (hold.fence != nullptr) return hold;
    // Newer konserve holds the lock of a sidecar, where there is one, around every change of the
    // key, and lets go of the blob's before its rename. It locks the sidecar first, so must we.
    const std::string fence_path = path + ".cas";
    std::unique_ptr<File> fence = KSV_TRY(files.open(fence_path, OpenMode::kReadWrite));
    if (fence == nullptr) return hold;
    hold.blob.reset();
    KSV_CHECK(wait_for_lock(*fence, LockMode::kWriter, fence_path, env_, call_));
    hold.fence = std::move(fence);
  }
}

Result<WriteOutcome> FileBackend::write(const std::string& key, BytesView bytes,
                                        const Precondition& precondition, const WriteId& /*id*/) {
  KSV_CHECK(check_blob_name(key));
  if (bytes.empty()) return Error(ErrorCode::kUsage, "a blob cannot be empty");
  Stage stage(env_, path_of(key));
  const auto prepare = [&]() -> Status {
    KSV_CHECK(create_stage(stage));
    KSV_CHECK(stage.write(bytes));
    KSV_CHECK(stage.finish(options_.sync));
    count_write(call_, bytes.size());
    return ok();
  };
  // One of many writers that compare and set the same key waits for its turn before it waits for
  // the disk: nearly all of them will find that they lost. Others hold the lock for the rename
  // alone.
  if (std::holds_alternative<Match>(precondition)) {
    return publish(key, stage, prepare, blob_version(bytes), precondition);
  }
  if (options_.sync) {
    // Found out early, a lost race costs a read and not a wait for the disk.
    std::optional<Conflict> conflict = KSV_TRY(find_conflict(key, precondition));
    if (conflict) return WriteOutcome(*std::move(conflict));
  }
  KSV_CHECK(prepare());
  return publish(key, stage, ok, blob_version(bytes), precondition);
}

Result<WriteOutcome> FileBackend::write_stream(const std::string& key, const ByteSource& source,
                                               const Precondition& precondition,
                                               const WriteId& /*id*/) {
  KSV_CHECK(check_blob_name(key));
  Stage stage(env_, path_of(key));
  KSV_CHECK(create_stage(stage));
  BlobHash hash;
  Bytes chunk(limits::kStreamChunkBytes);
  std::uint64_t size = 0;
  for (;;) {
    const std::size_t got = KSV_TRY(source(chunk));
    if (got == 0) break;
    const BytesView bytes = BytesView(chunk).first(got);
    hash.add(bytes);
    KSV_CHECK(stage.write(bytes));
    size += got;
    KSV_CHECK(check_time(key));
  }
  if (size == 0) return Error(ErrorCode::kUsage, "a blob cannot be empty");
  KSV_CHECK(stage.finish(options_.sync));
  count_write(call_, size);
  return publish(key, stage, ok, hash.finish(), precondition);
}

Status FileBackend::create_stage(Stage& stage) {
  if (take_spare(stage)) return ok();
  Status created = stage.create();
  if (created.has_value()) return options_.sync ? ok() : note_new_file(stage);
  const std::optional<FileInfo> folder = KSV_TRY(env_.files().info(options_.folder));
  if (folder) return created;
  return Error(ErrorCode::kState, "the folder " + options_.folder + " does not exist");
}

// What a file must be like to pass for a new one.
Status FileBackend::note_new_file(Stage& stage) {
  const std::lock_guard<std::mutex> guard(spares_mutex_);
  if (!new_file_) new_file_ = KSV_TRY(stage.info());
  return ok();
}

bool FileBackend::take_spare(Stage& stage) {
  std::optional<Spare> spare;
  {
    const std::lock_guard<std::mutex> guard(spares_mutex_);
    if (spares_.empty()) return false;
    spare = std::move(spares_.back());
    spares_.pop_back();
  }
  const auto reused = spare->file->reuse();
  if (reused.has_value() && *reused) {
    stage.take(*std::move(spare));
    return true;
  }
  // Somebody has it open, such as a reader who came before it was replaced.
  static_cast<void>(env_.files().remove(spare->path));
  return false;
}

// A replaced file that another user owns, or that has another mode or a second name, is not kept.
void FileBackend::keep_spare(Stage& stage, Hold held) {
  const std::lock_guard<std::mutex> guard(spares_mutex_);
  const bool as_new = new_file_ && held.info.mode == new_file_->mode &&
                      held.info.user == new_file_->user && held.info.group == new_file_->group;
  if (!as_new || held.info.links != 1 || spares_.size() >= kSparesMax) return;
  if (!held.blob->unlock().has_value()) return;
  spares_.push_back({std::move(held.blob), stage.leave()});
}

Result<std::optional<Conflict>> FileBackend::find_conflict(const std::string& key,
                                                           const Precondition& precondition) {
  if (std::holds_alternative<Any>(precondition)) return std::optional<Conflict>();
  const std::optional<OpenBlob> blob = KSV_TRY(open_blob(key));
  Present present;
  if (blob) present = KSV_TRY(present_state(*blob->file, blob->info.size));
  if (holds(precondition, present)) return std::optional<Conflict>();
  return std::optional<Conflict>(conflict_with(std::move(present)));
}

Result<WriteOutcome> FileBackend::publish(const std::string& key, Stage& stage,
                                          const std::function<Status()>& prepare, Version version,
                                          const Precondition& precondition) {
  for (;;) {
    Hold held = KSV_TRY(hold(key));
    if (!std::holds_alternative<Any>(precondition)) {
      Present present;
      if (held.blob != nullptr) present = KSV_TRY(present_state(*held.blob, held.info.size));
      if (!holds(precondition, present)) return WriteOutcome(conflict_with(std::move(present)));
    }
    KSV_CHECK(prepare());
    bool named = true;
    if (held.blob != nullptr) {
      const bool swapped = KSV_TRY(stage.replace_target(options_.sync));
      if (swapped) keep_spare(stage, std::move(held));
    } else {
      named = KSV_TRY(take_new_name(key, stage));
    }
    if (named) {
      KSV_CHECK(sync_folder());
      if (call_.log) call_.log("wrote " + path_of(key));
      return WriteOutcome(Written{std::move(version)});
    }
    KSV_CHECK(check_time(key));  // another writer was first: now there is a file to lock
  }
}

Result<bool> FileBackend::take_new_name(const std::string& key, Stage& stage) {
  auto linked = stage.link_to_target();
  const bool unsupported = !linked && linked.error().code() == ErrorCode::kUnsupported;
  return unsupported ? take_name_without_links(key, stage) : std::move(linked);
}

// konserve's own way: claim the name with an empty file, lock that, rename over it.
Result<bool> FileBackend::take_name_without_links(const std::string& key, Stage& stage) {
  Files& files = env_.files();
  const std::string path = path_of(key);
  const std::unique_ptr<File> claim = KSV_TRY(files.open(path, OpenMode::kCreateNew));
  if (claim == nullptr) return false;
  KSV_CHECK(wait_for_lock(*claim, LockMode::kWriter, path, env_, call_));
  const FileInfo claimed = KSV_TRY(claim->info());
  const std::optional<FileInfo> named = KSV_TRY(files.info(path));
  if (claimed.size > 0 || !named || !named->same_file(claimed)) return false;
  auto renamed = stage.replace_target(options_.sync);
  if (renamed.has_value()) return true;
  static_cast<void>(files.remove(path));
  return std::move(renamed).error();
}

Result<RemoveOutcome> FileBackend::remove(const std::string& key,
                                          const Precondition& precondition) {
  KSV_CHECK(check_blob_name(key));
  if (std::holds_alternative<Absent>(precondition)) {
    return Error(ErrorCode::kUsage, "a key that must be absent cannot be removed");
  }
  count_request(call_);
  const Hold held = KSV_TRY(hold(key));
  if (held.blob == nullptr) return RemoveOutcome::kWasAbsent;
  const bool was_empty = held.info.size == 0;
  if (std::holds_alternative<Match>(precondition)) {
    if (was_empty) return RemoveOutcome::kWasAbsent;
    const Present present = KSV_TRY(present_state(*held.blob, held.info.size));
    if (!holds(precondition, present)) return RemoveOutcome::kConflict;
  }
  // An empty leftover goes too, though the key was absent: konserve would take it for a key.
  const bool removed = KSV_TRY(env_.files().remove(path_of(key)));
  KSV_CHECK(sync_folder());
  return removed && !was_empty ? RemoveOutcome::kRemoved : RemoveOutcome::kWasAbsent;
}

Status FileBackend::sync_folder() {
  if (!options_.sync) return ok();
  Status synced = env_.files().sync_directory(options_.folder);
  if (synced.has_value()) return ok();
  return std::move(synced)
      .error()
      .with_context("the change is visible, but may not survive a power failure")
      .with_effect(Effect::kUnknown);
}

}  // namespace ksv
