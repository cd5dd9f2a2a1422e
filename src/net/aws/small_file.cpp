// Small files, read whole.
#include "net/aws/small_file.h"

#include <memory>
#include <utility>

namespace ksv::aws {
namespace {

constexpr std::size_t kPieceBytes = 8192;

std::string expanded(const std::string& path, Env& env) {
  if (path != "~" && !path.starts_with("~/")) return path;
  return env.variable("HOME").value_or("") + path.substr(1);
}

}  // namespace

Result<std::optional<std::string>> read_small_file(const std::string& path, Env& env) {
  const std::unique_ptr<File> file =
      KSV_TRY(env.files().open(expanded(path, env), OpenMode::kRead));
  if (file == nullptr) return std::optional<std::string>();
  // The size that a stat tells is not believed: /proc and growing files. Nor is room made for the
  // largest: its pages would cost more than all else that is done before the first request.
  std::string text;
  Bytes piece(kPieceBytes);
  for (;;) {
    const std::size_t size = KSV_TRY(file->read_at(text.size(), piece));
    text += text_of(BytesView(piece).first(size));
    if (text.size() > kSmallFileBytesMax) {
      return Error(ErrorCode::kUsage, path + ": larger than 1 MiB, which no such file is");
    }
    if (size < piece.size()) return std::optional<std::string>(std::move(text));
  }
}

}  // namespace ksv::aws
