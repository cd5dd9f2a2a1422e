// Reading and listing the blobs of a file store.
#include "backend/file/file_backend.h"

#include <algorithm>
#include <array>
#include <limits>

#include "ksv/limits.h"

#include "backend/file/file_lock.h"
#include "backend/file/file_names.h"
#include "backend/file/file_version.h"
#include "base/call_stats.h"

namespace ksv {

namespace {

constexpr std::uint64_t kHeadBytesMax = 4096;

Error not_a_file(const std::string& path) {
  return Error(ErrorCode::kCorrupt, path + " is not a regular file");
}

Error time_ran_out(const std::string& path) {
  return Error(ErrorCode::kDeadline, "the time ran out at " + path);
}

Error cut_short(const std::string& path) {
  return Error(ErrorCode::kUnavailable, path + " was cut while it was read");
}

}  // namespace

FileBackend::FileBackend(Options options, Env& env, Call& call)
    : options_(std::move(options)), env_(env), call_(call) {
  capabilities_.versions_recur = true;  // see file_version.h for why this is harmless
  // No pause after a lost race: who waits for the lock already queues for the next turn.
  capabilities_.contention_wait = std::chrono::milliseconds(0);
  capabilities_.durability = options_.sync
                                 ? "a crash and a power failure: file and folder are synced"
                                 : "a crash of the program; a power failure may undo it";
}

FileBackend::~FileBackend() {
  for (const Spare& spare : spares_) static_cast<void>(env_.files().remove(spare.path));
}

std::string FileBackend::path_of(const std::string& key) const {
  return path_in(options_.folder, key);
}

Status FileBackend::check_time(const std::string& key) const {
  if (!call_.deadline.passed()) return ok();
  return time_ran_out(path_of(key));
}

Result<std::unique_ptr<File>> FileBackend::open_locked(const std::string& path) {
  std::unique_ptr<File> file = KSV_TRY(env_.files().open(path, OpenMode::kRead));
  if (file != nullptr) KSV_CHECK(wait_for_lock(*file, LockMode::kReader, path, env_, call_));
  return file;
}

Result<std::optional<FileBackend::OpenBlob>> FileBackend::checked(const std::string& path,
                                                                  std::unique_ptr<File> file) {
  for (; file != nullptr; file = KSV_TRY(open_locked(path))) {
    const FileInfo info = KSV_TRY(file->info());
    if (info.type != FileInfo::Type::kRegular) return not_a_file(path);
    if (info.size > 0) return std::optional<OpenBlob>({std::move(file), info});
    // konserve creates a blob empty and renames the full one over it. If the name is still with
    // the empty one, its writer died, or is about to begin: the key is absent.
    const std::optional<FileInfo> named = KSV_TRY(env_.files().info(path));
    if (!named || named->same_file(info)) break;
    if (call_.deadline.passed()) return time_ran_out(path);
  }
  return std::optional<OpenBlob>();
}

Result<std::optional<FileBackend::OpenBlob>> FileBackend::open_blob(const std::string& key) {
  KSV_CHECK(check_blob_name(key));
  const std::string path = path_of(key);
  std::unique_ptr<File> file = KSV_TRY(open_locked(path));
  return checked(path, std::move(file));
}

Result<std::optional<Stored>> FileBackend::read(const std::string& key) {
  std::optional<OpenBlob> blob = KSV_TRY(open_blob(key));
  if (!blob) {
    count_read(call_, 0);
    return std::optional<Stored>();
  }
  if (blob->info.size > limits::kValueBytesMax) {
    return Error(ErrorCode::kUnsupported, path_of(key) + " is too large to be read as one value")
        .with_hint("Read it with bget, which streams.");
  }
  Stored stored;
  stored.bytes.resize(blob->info.size);
  const std::size_t got = KSV_TRY(blob->file->read_at(0, stored.bytes));
  if (got != stored.bytes.size()) return cut_short(path_of(key));
  count_read(call_, got);
  if (call_.log) call_.log("read " + path_of(key) + ", " + std::to_string(got) + " bytes");
  blob.reset();
  stored.version = blob_version(stored.bytes);
  return std::optional<Stored>(std::move(stored));
}

Result<std::optional<Range>> FileBackend::read_range(const std::string& key, std::uint64_t offset,
                                                     std::uint64_t length) {
  KSV_CHECK(check_blob_name(key));
  const std::string path = path_of(key);
  std::unique_ptr<File> file = KSV_TRY(open_locked(path));
  return read_part(path, std::move(file), offset, length);
}

// Most blobs are shorter than the head that a walk asks for: where the bytes end tells their size,
// and no call has to.
Result<std::optional<Range>> FileBackend::read_head(const std::string& key, std::uint64_t length) {
  KSV_CHECK(check_blob_name(key));
  const std::string path = path_of(key);
  std::unique_ptr<File> file = KSV_TRY(open_locked(path));
  std::array<std::uint8_t, kHeadBytesMax> head;  // NOLINT: filled by the read
  if (file != nullptr && length <= head.size()) {
    const auto got = file->read_once(0, std::span(head).first(length));
    if (got.has_value() && *got > 0 && *got < length) {
      count_read(call_, *got);
      Range range{.bytes = Bytes(head.begin(), head.begin() + *got), .size = *got, .version = {}};
      return std::optional<Range>(std::move(range));
    }
  }
  return read_part(path, std::move(file), 0, length);
}

Result<std::optional<Range>> FileBackend::read_part(const std::string& path,
                                                    std::unique_ptr<File> file,
                                                    std::uint64_t offset, std::uint64_t length) {
  const std::optional<OpenBlob> blob = KSV_TRY(checked(path, std::move(file)));
  if (!blob) {
    count_read(call_, 0);
    return std::optional<Range>();
  }
  Range range;
  range.size = blob->info.size;
  const std::uint64_t rest = range.size - std::min(offset, range.size);
  const std::uint64_t wanted = std::min(length, rest);
  if (wanted > limits::kValueBytesMax) {
    return Error(ErrorCode::kUsage, "the range is too large to be read at once");
  }
  range.bytes.resize(wanted);
  const std::size_t got = KSV_TRY(blob->file->read_at(offset, range.bytes));
  if (got != wanted) return cut_short(path);
  count_read(call_, got);
  if (got == range.size) range.version = blob_version(range.bytes);
  return std::optional<Range>(std::move(range));
}

Result<std::optional<Version>> FileBackend::read_stream(const std::string& key,
                                                        std::uint64_t offset,
                                                        const ByteSink& sink) {
  const std::optional<OpenBlob> blob = KSV_TRY(open_blob(key));
  if (!blob) {
    count_read(call_, 0);
    return std::optional<Version>();
  }
  // The version needs all bytes, also those before the offset.
  BlobHash hash;
  Bytes chunk(std::min<std::uint64_t>(blob->info.size, limits::kStreamChunkBytes));
  std::uint64_t at = 0;
  for (;;) {
    const std::size_t got = KSV_TRY(blob->file->read_at(at, chunk));
    if (got == 0) break;
    const BytesView bytes = BytesView(chunk).first(got);
    hash.add(bytes);
    const std::uint64_t skip = offset > at ? std::min<std::uint64_t>(offset - at, got) : 0;
    if (skip < got) KSV_CHECK(sink(bytes.subspan(skip)));
    at += got;
    if (got < chunk.size()) break;
    KSV_CHECK(check_time(key));
  }
  count_read(call_, at);
  return std::optional<Version>(hash.finish());
}

Result<Page> FileBackend::list(const std::string& prefix,
                               const std::optional<std::string>& /*after*/) {
  count_request(call_);
  const auto every = std::numeric_limits<std::size_t>::max();
  std::optional<std::vector<std::string>> names =
      KSV_TRY(env_.files().names(options_.folder, every));
  if (!names) return Error(ErrorCode::kState, "the folder " + options_.folder + " does not exist");
  Page page;
  page.entries.reserve(names->size());
  for (std::string& name : *names) {
    if (name_kind(name) != NameKind::kBlob || !name.starts_with(prefix)) continue;
    page.entries.push_back({.key = std::move(name)});
  }
  return page;
}

}  // namespace ksv
