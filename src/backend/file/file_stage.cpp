// A blob in the making, under a name of its own beside its target.
#include "backend/file/file_stage.h"

#include "base/hex.h"

namespace ksv {

Stage::Stage(Env& env, const std::string& target)
    : files_(env.files()),
      target_(target),
      path_(target + "." + uuid_text(random_uuid(env)) + ".new") {}

Stage::~Stage() {
  file_.reset();
  // If this fails too, a name is left that every reader of the folder passes over.
  if (exists_) static_cast<void>(files_.remove(path_));
}

Status Stage::create() {
  file_ = KSV_TRY(files_.open(path_, OpenMode::kCreateNew));
  if (file_ == nullptr) return Error(ErrorCode::kUnavailable, "create " + path_ + ": it exists");
  exists_ = true;
  return ok();
}

void Stage::take(Spare spare) {
  file_ = std::move(spare.file);
  path_ = std::move(spare.path);
  exists_ = true;
  rewritten_ = 0;
}

Status Stage::write(BytesView bytes) {
  if (rewritten_) *rewritten_ += bytes.size();
  return file_->write(bytes);
}

Status Stage::finish(bool sync) {
  if (rewritten_) KSV_CHECK(file_->cut(*rewritten_));
  if (sync) KSV_CHECK(file_->sync());
  file_.reset();
  return ok();
}

// Killed after the exchange, the old blob is left under the name of a staged file.
Result<bool> Stage::replace_target(bool sync) {
  if (!sync && KSV_TRY(files_.exchange(path_, target_))) return true;
  KSV_CHECK(files_.rename(path_, target_));
  exists_ = false;
  return false;
}

std::string Stage::leave() {
  exists_ = false;
  return path_;
}

Result<bool> Stage::link_to_target() {
  bool linked = KSV_TRY(files_.link(path_, target_));
  if (!linked) {
    // A network file system may ask twice and pass on the second answer: ours all the same.
    auto theirs = files_.info(target_);
    if (!theirs) return std::move(theirs).error().with_effect(Effect::kUnknown);
    auto ours = files_.info(path_);
    if (!ours) return std::move(ours).error().with_effect(Effect::kUnknown);
    linked = *ours && *theirs && (*ours)->same_file(**theirs);
  }
  if (!linked) return false;
  static_cast<void>(files_.remove(path_));
  exists_ = false;
  return true;
}

}  // namespace ksv
