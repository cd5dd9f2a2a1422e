// Files written aside and renamed.
#include "cli/file_sink.h"

#include <unistd.h>
#include <utility>

namespace ksv::cli {

Result<FileSink> FileSink::create(Env& env, const std::string& path) {
  const std::string aside = path + "." + std::to_string(::getpid()) + ".part";
  auto file = KSV_TRY(env.files().open(aside, OpenMode::kCreateNew));
  if (file == nullptr) {
    return Error(ErrorCode::kUnavailable, aside + ": is in the way")
        .with_hint("Remove it if no other ksv is writing it");
  }
  return FileSink(env, path, aside, std::move(file));
}

FileSink::~FileSink() {
  if (file_ != nullptr) static_cast<void>(env_->files().remove(aside_).has_value());
}

Status FileSink::finish() {
  KSV_CHECK(env_->files().rename(aside_, path_));
  file_.reset();
  return ok();
}

}  // namespace ksv::cli
