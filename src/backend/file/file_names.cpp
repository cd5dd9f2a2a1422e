// The names in the folder of a file store. See doc/format.md, "File store".
#include "backend/file/file_names.h"

#include "base/hex.h"

namespace ksv {

namespace {

constexpr std::string_view kBlobSuffix = ".ksv";

bool is_blob_name(std::string_view name) {
  return name.size() > kBlobSuffix.size() && name.ends_with(kBlobSuffix);
}

// konserve stages into "<blob>.new", newer konserve and ksv into "<blob>.<uuid>.new".
bool is_leftover_name(std::string_view name) {
  for (const std::string_view suffix : {".new", ".backup", ".cas"}) {
    if (!name.ends_with(suffix)) continue;
    const std::string_view stem = name.substr(0, name.size() - suffix.size());
    if (is_blob_name(stem)) return true;
    const std::size_t dot = stem.rfind('.');
    return suffix == ".new" && dot != std::string_view::npos && is_blob_name(stem.substr(0, dot));
  }
  return false;
}

}  // namespace

NameKind name_kind(std::string_view name) {
  if (name.starts_with(".nfs")) return NameKind::kNfs;
  if (is_blob_name(name)) return NameKind::kBlob;
  if (is_leftover_name(name)) return NameKind::kLeftover;
  if (name.starts_with("B_")) name.remove_prefix(2);
  return parse_uuid(name) ? NameKind::kOldBlob : NameKind::kUnknown;
}

Status check_blob_name(std::string_view key) {
  const bool fits = name_kind(key) == NameKind::kBlob &&
                    key.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
  if (fits) return ok();
  std::string message("not a name for a .ksv file: ");
  message.append(key);
  return Error(ErrorCode::kUsage, std::move(message));
}

std::string path_in(const std::string& folder, std::string_view name) {
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path.append(folder);
  if (!path.ends_with('/')) path.push_back('/');
  path.append(name);
  return path;
}

}  // namespace ksv
