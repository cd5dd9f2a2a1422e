// From keys of a store to paths on the server, and back.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"

namespace ksv::etcd {

// The paths of one store, under its prefix. Within it, the directory "_ksv" is ksv's own: its name
// begins with "_", so no listing shows it.
class Paths {
 public:
  // `prefix`: "" or "/a/b". In konserve's layout keys are names of blobs and nothing else.
  Paths(std::string prefix, bool is_konserve)
      : prefix_(std::move(prefix)), is_konserve_(is_konserve) {}

  // kUsage for what no path can be: empty names, "." and "..", what is not UTF-8.
  Result<std::string> path_of(const std::string& key) const;
  // Without a slash in front. `path` lies under the prefix.
  std::string key_of(const std::string& path) const;
  // The store's directory: "/" without a prefix.
  std::string root() const { return prefix_.empty() ? "/" : prefix_; }
  // Where writes of the key leave their WriteId (settle=sidecar).
  std::string sidecar_of(const std::string& path) const;
  // What marks a store of konserve's layout.
  std::string marker() const { return prefix_ + "/_ksv/store"; }

 private:
  std::string prefix_;
  bool is_konserve_;
};

// kUsage, saying what is wrong: "/" or "/a/b", neither "//" nor "/a/", no "." and "..", UTF-8.
// Those are what v2's server would redirect or change, so v3 does without them, too.
Status check_names(std::string_view path);
// "/a/b" of the names "/a" and "b".
std::string join_path(std::string_view directory, std::string_view name);
// "/a" of "/a/b"; "/" of "/a".
std::string parent_of(std::string_view path);

}  // namespace ksv::etcd
