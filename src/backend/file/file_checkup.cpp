// The folder of a file store: is it there, may it be written, what is in it.
#include "backend/file/file_checkup.h"

#include <algorithm>
#include <fmt/format.h>

#include "backend/examination.h"
#include "backend/file/file_disk_checkup.h"
#include "backend/file/file_names.h"
#include "backend/file/file_place.h"
#include "backend/file/file_trials.h"
#include "base/hex.h"

namespace ksv {
namespace {

// What the folders of examinations are named after, in the form of a staged write.
constexpr std::string_view kScratchBlob = "d0c7d0c7-0000-4000-8000-d0c7d0c7d0c7.ksv";
constexpr std::size_t kNamesMax = 1'000'000;
constexpr std::size_t kBlobsTried = 64;
constexpr std::size_t kNamesShown = 3;
// A writer that has staged nothing for so long is dead.
constexpr std::int64_t kStaleMs = 10LL * 60 * 1000;

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// What is in the folder that is nobody's data.
struct Leftovers {
  std::size_t blobs = 0;
  std::size_t stale = 0;
  std::size_t empty = 0;
  std::vector<std::string> foreign{};
};

class FileCheckup {
 public:
  FileCheckup(const FileBackend::Options& options, const DiskQuestions& questions, Env& env,
              Call& call, const Report& report)
      : options_(options), questions_(questions), env_(env), examination_(env, call, report) {}

  Status run() {
    const std::optional<std::string> base = examine_place();
    if (!base) return examination_.verdict();
    const auto disk = questions_.disk(*base);
    if (disk) examine_disk(*disk, examination_);
    if (!disk) examination_.skip("file system", disk.error().message());
    if (make_scratch(*base)) {
      FileTrials(scratch_, questions_, options_.sync, env_, examination_).run();
      remove_scratch();
      if (exists_ && examination_.may_go_on()) examine_blobs();
    }
    if (exists_ && examination_.may_go_on()) examine_leftovers();
    return examination_.verdict();
  }

 private:
  std::optional<std::string> examine_place();
  bool make_scratch(const std::string& base);
  void remove_scratch();
  Status remove_folder(const std::string& folder);
  void examine_blobs();
  void examine_leftovers();
  Status look_at(const std::string& name, Leftovers* leftovers);
  void tell_leftovers(const Leftovers& leftovers);

  const FileBackend::Options& options_;
  const DiskQuestions& questions_;
  Env& env_;
  Examination examination_;
  std::string scratch_{};
  bool exists_ = false;
};

// Where to try things out; nothing when there is no point.
std::optional<std::string> FileCheckup::examine_place() {
  FilePlace place(options_, env_, examination_.steps());
  const auto exists = place.exists();
  if (!exists) {
    examination_.bad("folder", exists.error());
    return std::nullopt;
  }
  exists_ = *exists;
  if (exists_) {
    examination_.good("folder", options_.folder);
    return options_.folder;
  }
  std::string above = parent_of(options_.folder);
  for (; above != "/" && above != "."; above = parent_of(above)) {
    const auto info = env_.files().info(above);
    if (!info) {
      examination_.bad("folder", info.error());
      return std::nullopt;
    }
    if (!*info) continue;
    if ((*info)->type == FileInfo::Type::kDirectory) break;
    examination_.bad(
        "folder",
        Error(ErrorCode::kState, above + " is not a folder").with_hint("Name another path."));
    return std::nullopt;
  }
  return above;
}

bool FileCheckup::make_scratch(const std::string& base) {
  scratch_ = path_in(base, std::string(kScratchBlob) + "." + uuid_text(random_uuid(env_)) + ".new");
  const auto made = env_.files().make_directory(scratch_);
  if (made) {
    if (exists_) {
      examination_.good("write", "permitted");
    } else {
      examination_.warn("folder", options_.folder + " does not exist yet, and can be made",
                        "create-store makes it.");
    }
    return true;
  }
  const auto names = env_.files().names(base, 1);
  const std::string can =
      exists_ && names ? "Reading works: get, keys, log. For writing, give this user the folder "
                         "(chown, chmod) or mount its file system for writing."
                       : "Give this user the folder (chown, chmod), or name another one.";
  Error error(made.error().code(), base + " cannot be written to: " + made.error().message());
  examination_.bad(exists_ ? "write" : "folder", std::move(error).with_hint(can));
  examination_.skip("race", "needs the right to write");
  return false;
}

// The files, then the folder: the trials make no others in it.
Status FileCheckup::remove_folder(const std::string& folder) {
  const auto names = KSV_TRY(env_.files().names(folder, kNamesMax));
  if (!names) return ok();
  for (const std::string& name : *names) {
    KSV_CHECK(env_.files().remove(path_in(folder, name)));
  }
  KSV_CHECK(env_.files().remove_directory(folder));
  return ok();
}

void FileCheckup::remove_scratch() {
  const Status removed = remove_folder(scratch_);
  if (removed.has_value()) return;
  examination_.bad("clean-up", Error(removed.error().code(),
                                     scratch_ + " is left behind: " + removed.error().message())
                                   .with_hint("Remove this folder"));
}

// Others may have made them, as another user.
void FileCheckup::examine_blobs() {
  const auto names = env_.files().names(options_.folder, kNamesMax);
  if (!names || !*names) return;
  std::size_t tried = 0;
  std::size_t denied = 0;
  for (const std::string& name : **names) {
    if (name_kind(name) != NameKind::kBlob) continue;
    if (tried == kBlobsTried) break;
    ++tried;
    const auto file = env_.files().open(path_in(options_.folder, name), OpenMode::kReadWrite);
    denied += !file && file.error().code() == ErrorCode::kDenied ? 1 : 0;
  }
  if (denied == 0) return;
  examination_.warn("blobs", fmt::format("{} of {} cannot be read and written", denied, tried),
                    "Give them to this user, or to a group of its (chown, chmod g+rw).");
}

Status FileCheckup::look_at(const std::string& name, Leftovers* leftovers) {
  const NameKind kind = name_kind(name);
  const std::string path = path_in(options_.folder, name);
  if (kind == NameKind::kUnknown || kind == NameKind::kOldBlob) leftovers->foreign.push_back(name);
  if (kind == NameKind::kBlob) ++leftovers->blobs;
  if (kind != NameKind::kBlob && (kind != NameKind::kLeftover || name.ends_with(".cas"))) {
    return ok();
  }
  const auto info = KSV_TRY(env_.files().info(path));
  if (!info) return ok();
  const bool stale = env_.wall_ms() - info->modified_ms > kStaleMs;
  if (kind == NameKind::kBlob) {
    leftovers->empty += info->size == 0 && stale ? 1 : 0;
    return ok();
  }
  if (!stale) return ok();
  const bool of_examination =
      name.starts_with(kScratchBlob) && info->type == FileInfo::Type::kDirectory;
  if (of_examination && remove_folder(path).has_value()) return ok();
  ++leftovers->stale;
  return ok();
}

void FileCheckup::tell_leftovers(const Leftovers& leftovers) {
  std::string text = fmt::format("{} blobs", leftovers.blobs);
  if (leftovers.stale + leftovers.empty == 0) {
    examination_.good("content", text);
  } else {
    if (leftovers.stale > 0) text += fmt::format(", {} files of killed writers", leftovers.stale);
    if (leftovers.empty > 0) text += fmt::format(", {} empty blobs", leftovers.empty);
    examination_.warn("content", text,
                      "They do no harm and take space; delete-store takes them along. While no "
                      "program uses the store, *.new, *.backup and empty files can be removed.");
  }
  if (leftovers.foreign.empty()) return;
  std::string shown;
  for (std::size_t i = 0; i < std::min(kNamesShown, leftovers.foreign.size()); ++i) {
    shown += (i == 0 ? "" : ", ") + leftovers.foreign[i];
  }
  if (leftovers.foreign.size() > kNamesShown) shown += " ...";
  examination_.warn(
      "names", fmt::format("{} that are not konserve's: {}", leftovers.foreign.size(), shown),
      "konserve's keys fails at them, and delete-store refuses: move them elsewhere.");
}

void FileCheckup::examine_leftovers() {
  auto names = env_.files().names(options_.folder, kNamesMax);
  if (!names) return examination_.bad("content", names.error());
  if (!*names) return;
  std::sort((*names)->begin(), (*names)->end());
  Leftovers leftovers;
  for (const std::string& name : **names) {
    const Status looked = look_at(name, &leftovers);
    if (!looked.has_value()) return examination_.bad("content", looked.error());
  }
  tell_leftovers(leftovers);
}

}  // namespace

Status examine_folder(const FileBackend::Options& options, const DiskQuestions& questions, Env& env,
                      Call& call, const Report& report) {
  return FileCheckup(options, questions, env, call, report).run();
}

Status examine_file_store(const StoreAddress& address, Env& env, Call& call, const Report& report) {
  const FileBackend::Options options = KSV_TRY(file_options(address));
  return examine_folder(options, {}, env, call, report);
}

}  // namespace ksv
