// From keys of a store to paths on the server, and back.
#include "backend/etcd/etcd_path.h"

#include "base/utf8.h"

namespace ksv::etcd {
namespace {

constexpr std::string_view kBlobSuffix = ".ksv";

Error bad_key(const std::string& key, const std::string& why) {
  return Error(ErrorCode::kUsage, "\"" + key + "\" cannot be a key: " + why);
}

}  // namespace

Status check_names(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return Error(ErrorCode::kUsage, "a path begins with a slash");
  }
  if (!is_utf8(path)) return Error(ErrorCode::kUsage, "a path is UTF-8");
  if (path == "/") return ok();
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view name = path.substr(at, end - at);
    if (name.empty()) return Error(ErrorCode::kUsage, "a name in a path must not be empty");
    if (name == "." || name == "..") {
      return Error(ErrorCode::kUsage, "\".\" and \"..\" are no names in a path");
    }
    at = end + 1;
  }
  return ok();
}

std::string join_path(std::string_view directory, std::string_view name) {
  std::string path(directory == "/" ? std::string_view() : directory);
  return path.append("/").append(name);
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 || slash == path.npos ? "/" : std::string(path.substr(0, slash));
}

Result<std::string> Paths::path_of(const std::string& key) const {
  if (key.empty()) return Error(ErrorCode::kUsage, "a key must not be empty");
  if (is_konserve_) {
    const bool is_name = key.size() > kBlobSuffix.size() && key.ends_with(kBlobSuffix) &&
                         key.find('/') == key.npos && key.find('\0') == key.npos;
    if (!is_name) return bad_key(key, "it is no name of a blob");
  }
  std::string path = prefix_ + (key.front() == '/' ? "" : "/") + key;
  const Status status = check_names(path);
  if (!status.has_value()) return bad_key(key, status.error().message());
  return path;
}

std::string Paths::key_of(const std::string& path) const { return path.substr(prefix_.size() + 1); }

std::string Paths::sidecar_of(const std::string& path) const {
  return prefix_ + "/_ksv/writes" + path.substr(prefix_.size());
}

}  // namespace ksv::etcd
