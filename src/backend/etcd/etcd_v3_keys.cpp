// Paths as v3's keys.
#include "backend/etcd/etcd_v3_keys.h"

namespace ksv::etcd {

Status check_path(const std::string& path) {
  if (path == "/") return ok();
  const bool is_fit = is_path_key(path) && !path.ends_with('/');
  if (is_fit) return ok();
  return Error(ErrorCode::kUsage, "\"" + path + "\" is no path: names after slashes, none empty");
}

std::string directory_key(const std::string& path) { return path == "/" ? path : path + "/"; }

std::string range_end_of(std::string prefix) {
  while (!prefix.empty()) {
    const auto last = static_cast<unsigned char>(prefix.back());
    if (last < 0xFF) {
      prefix.back() = static_cast<char>(last + 1);
      return prefix;
    }
    prefix.pop_back();
  }
  return std::string(1, '\0');
}

std::vector<std::string> paths_above(const std::string& path) {
  std::vector<std::string> above;
  for (auto slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1)) {
    above.push_back(path.substr(0, slash));
  }
  return above;
}

bool is_hidden_below(std::string_view directory_key, std::string_view key) {
  if (!key.starts_with(directory_key)) return false;
  key.remove_prefix(directory_key.size());
  return key.starts_with('_') || key.find("/_") != key.npos;
}

bool is_path_key(std::string_view key) {
  return key.size() > 1 && key.front() == '/' && key.find("//") == key.npos;
}

}  // namespace ksv::etcd
