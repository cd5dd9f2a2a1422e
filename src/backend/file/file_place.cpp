// Creating and deleting the folder of a file store.
#include "backend/file/file_place.h"

#include <algorithm>
#include <limits>

#include "backend/file/file_names.h"

namespace ksv {

namespace {

constexpr std::size_t kEvery = std::numeric_limits<std::size_t>::max();
// Enough names to meet a blob among them in nearly every store, without reading a large folder.
constexpr std::size_t kSample = 64;
// Times that delete-store goes over a folder into which others go on writing.
constexpr int kSweepsMax = 10;
// Blobs between two looks at the clock.
constexpr std::size_t kBlobsPerLook = 256;

bool is_blob(const std::string& name) { return name_kind(name) == NameKind::kBlob; }

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : without_trailing_slashes(path.substr(0, slash));
}

Error old_layout(const std::string& folder) {
  return Error(ErrorCode::kUnsupported,
               folder + " is a konserve store of the layout before version 0.6")
      .with_hint(
          "Open it with konserve and `:detect-old-file-schema? true`, which rewrites each key when "
          "it is first used.");
}

Error foreign(const std::string& folder, const std::string& name) {
  return Error(ErrorCode::kState, folder + " is not a konserve store (it holds " + name + ")")
      .with_hint("Name another folder, or move what is in this one.");
}

}  // namespace

FilePlace::FilePlace(FileBackend::Options options, Env& env, Call& call)
    : folder_(options.folder),
      sync_(options.sync),
      env_(env),
      call_(call),
      backend_(std::move(options), env, call) {}

Result<bool> FilePlace::is_empty_file(const std::string& name) {
  const std::optional<FileInfo> info = KSV_TRY(env_.files().info(path_in(folder_, name)));
  return !info || (info->type == FileInfo::Type::kRegular && info->size == 0);
}

// Ok when a folder with these names is a store.
Status FilePlace::judge(const std::vector<std::string>& names) {
  if (std::any_of(names.begin(), names.end(), is_blob)) return ok();
  const std::string* unknown = nullptr;
  bool has_meta = false;
  bool has_data = false;
  for (const std::string& name : names) {
    const NameKind kind = name_kind(name);
    if (kind == NameKind::kOldBlob) {
      if (!KSV_TRY(is_empty_file(name))) return old_layout(folder_);
    }
    if (kind != NameKind::kUnknown) continue;
    has_meta = has_meta || name == "meta";
    has_data = has_data || name == "data";
    if (unknown == nullptr || name < *unknown) unknown = &name;
  }
  if (has_meta && has_data && names.size() == 2) return old_layout(folder_);
  if (unknown != nullptr) return foreign(folder_, *unknown);
  return ok();
}

Result<bool> FilePlace::exists() {
  Files& files = env_.files();
  const std::optional<FileInfo> info = KSV_TRY(files.info(folder_));
  if (!info) return false;
  if (info->type != FileInfo::Type::kDirectory) {
    return Error(ErrorCode::kState, folder_ + " is not a folder")
        .with_hint("A file store is a folder; name another path.");
  }
  std::optional<std::vector<std::string>> names = KSV_TRY(files.names(folder_, kSample));
  const bool whole = names && names->size() < kSample;
  if (names && !whole && std::none_of(names->begin(), names->end(), is_blob)) {
    names = KSV_TRY(files.names(folder_, kEvery));
  }
  if (!names) return false;
  KSV_CHECK(judge(*names));
  return true;
}

// Makes one folder and has it kept. False: it was there. When that fails, it is gone again.
Result<bool> FilePlace::make_folder(const std::string& path) {
  Files& files = env_.files();
  const bool made = KSV_TRY(files.make_directory(path));
  if (!made || !sync_) return made;
  Status synced = files.sync_directory(parent_of(path));
  if (synced.has_value()) return true;
  const auto removed = files.remove_directory(path);
  const Effect effect = removed ? Effect::kNone : Effect::kUnknown;
  return std::move(synced).error().with_effect(effect);
}

// The same with the folders above it that are missing.
Result<bool> FilePlace::make_folders(const std::string& path) {
  std::vector<std::string> missing{path};  // the innermost first
  for (std::string parent = parent_of(path); parent != missing.back();
       parent = parent_of(missing.back())) {
    if (KSV_TRY(env_.files().info(parent))) break;
    missing.push_back(std::move(parent));
  }
  std::vector<std::string> made;
  for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
    auto result = make_folder(*folder);
    if (result && *result) made.push_back(*folder);
    if (result) continue;
    for (auto undo = made.rbegin(); undo != made.rend(); ++undo) {
      static_cast<void>(env_.files().remove_directory(*undo));
    }
    return std::move(result).error();
  }
  return !made.empty() && made.back() == path;
}

Result<CreateOutcome> FilePlace::create() {
  if (folder_.empty()) return Error(ErrorCode::kUsage, "the path of the store is empty");
  if (KSV_TRY(exists())) return CreateOutcome::kExisted;
  const bool made = KSV_TRY(make_folders(folder_));
  if (made) return CreateOutcome::kCreated;
  // Somebody made it in between: a store, or something else.
  if (KSV_TRY(exists())) return CreateOutcome::kExisted;
  return Error(ErrorCode::kContention, folder_ + " was made and removed by others meanwhile");
}

Status FilePlace::check_removable(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const NameKind kind = name_kind(name);
    if (kind == NameKind::kNfs) continue;
    bool ours = kind == NameKind::kBlob || kind == NameKind::kLeftover;
    if (ours) {
      const std::optional<FileInfo> info = KSV_TRY(env_.files().info(path_in(folder_, name)));
      ours = !info || info->type == FileInfo::Type::kRegular;
    }
    if (kind == NameKind::kOldBlob) ours = KSV_TRY(is_empty_file(name));
    if (ours) continue;
    return Error(ErrorCode::kState, folder_ + " holds " + name + ", which is not konserve's")
        .with_hint("Nothing was deleted. Move it out of the way first.");
  }
  return ok();
}

Status FilePlace::remove_names(const std::vector<std::string>& names, std::uint64_t* keys,
                               const std::function<void(std::uint64_t)>& progress) {
  // Blobs first: while one is left, the folder is seen to be a store, and this can be repeated.
  // Their leftovers mean nothing without them.
  for (const bool blobs : {true, false}) {
    std::size_t looked = 0;
    for (const std::string& name : names) {
      if (is_blob(name) != blobs || name_kind(name) == NameKind::kNfs) continue;
      if (looked++ % kBlobsPerLook == 0 && call_.deadline.passed()) {
        return Error(ErrorCode::kDeadline, "the time ran out");
      }
      const bool removed = KSV_TRY(env_.files().remove(path_in(folder_, name)));
      if (blobs && removed && progress) progress(*keys + 1);
      if (blobs && removed) ++*keys;
    }
  }
  return ok();
}

Result<DeleteOutcome> FilePlace::remove(const std::function<void(std::uint64_t)>& progress) {
  if (!KSV_TRY(exists())) return DeleteOutcome::kWasAbsent;
  std::uint64_t keys = 0;
  auto outcome = sweep(&keys, progress);
  if (outcome || keys == 0 || outcome.error().effect() == Effect::kUnknown) return outcome;
  return Error(ErrorCode::kPartial, std::to_string(keys) + " keys of " + folder_ +
                                        " were deleted, not all: " + outcome.error().message())
      .with_hint("Repeat the command; it goes on where it stopped.");
}

Result<DeleteOutcome> FilePlace::sweep(std::uint64_t* keys,
                                       const std::function<void(std::uint64_t)>& progress) {
  Files& files = env_.files();
  for (int sweep = 0; sweep < kSweepsMax; ++sweep) {
    const std::optional<std::vector<std::string>> names = KSV_TRY(files.names(folder_, kEvery));
    if (!names) return DeleteOutcome::kWasAbsent;
    KSV_CHECK(check_removable(*names));
    KSV_CHECK(remove_names(*names, keys, progress));
    auto removed = files.remove_directory(folder_);
    if (!removed && removed.error().code() == ErrorCode::kState) continue;
    const bool was_there = KSV_TRY(std::move(removed));
    if (!was_there) return DeleteOutcome::kWasAbsent;
    Status synced = sync_ ? files.sync_directory(parent_of(folder_)) : ok();
    if (!synced.has_value()) return std::move(synced).error().with_effect(Effect::kUnknown);
    return DeleteOutcome::kDeleted;
  }
  return Error(ErrorCode::kContention, "others go on writing into " + folder_)
      .with_hint("Stop them, then repeat the command.");
}

Result<FileBackend::Options> file_options(const StoreAddress& address) {
  FileBackend::Options options;
  options.folder = without_trailing_slashes(address.location);
  const auto sync = address.options.find("sync");
  if (sync != address.options.end()) {
    if (sync->second != "true" && sync->second != "false") {
      return Error(ErrorCode::kUsage, "the option sync is true or false, not " + sync->second);
    }
    options.sync = sync->second == "true";
  }
  if (options.folder.empty()) return Error(ErrorCode::kUsage, "the path of the store is empty");
  return options;
}

Result<std::unique_ptr<StorePlace>> open_file_place(const StoreAddress& address, Env& env,
                                                    Call& call) {
  FileBackend::Options options = KSV_TRY(file_options(address));
  return std::unique_ptr<StorePlace>(std::make_unique<FilePlace>(std::move(options), env, call));
}

}  // namespace ksv
