// Small files, read whole.
#include "net/aws/small_file.h"

#include <memory>

namespace ksv::aws {
namespace {

std::string expanded(const std::string& path, Env& env) {
  if (path != "~" && !path.starts_with("~/")) return path;
  return env.variable("HOME").value_or("") + path.substr(1);
}

}  // namespace

Result<std::optional<std::string>> read_small_file(const std::string& path, Env& env) {
  const std::unique_ptr<File> file =
      KSV_TRY(env.files().open(expanded(path, env), OpenMode::kRead));
  if (file == nullptr) return std::optional<std::string>();
  // The size that a stat tells is not believed: /proc and growing files.
  Bytes bytes(kSmallFileBytesMax + 1);
  const std::size_t size = KSV_TRY(file->read_at(0, bytes));
  if (size > kSmallFileBytesMax) {
    return Error(ErrorCode::kUsage, path + ": larger than 1 MiB, which no such file is");
  }
  return std::optional<std::string>(text_of(BytesView(bytes).first(size)));
}

}  // namespace ksv::aws
