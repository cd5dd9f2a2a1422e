// Puts keys that come in order together to a directory with its children.
#pragma once

#include <map>
#include <string>

#include "ksv/result.h"

#include "backend/etcd/etcd_client.h"

namespace ksv::etcd {

class TreeBuilder {
 public:
  struct Options {
    bool recursive = false;
    bool hidden = false;
  };
  // `path` is the directory's.
  TreeBuilder(std::string path, Options options);

  // Takes a leaf or a marker below the directory; others are left out. kUnsupported when it lies
  // too deep.
  Status add(Node node);
  // Where the keys after `key` begin that may still tell something new.
  std::string next_after(const std::string& key) const;
  bool is_empty() const { return !has_any_; }
  // The directory. Once.
  Node take();

 private:
  struct Branch {
    Node node;
    bool has_leaf = false;
    std::map<std::string, Branch, std::less<>> children{};
  };
  static Node gathered(Branch* branch);

  std::string path_;
  std::string key_;  // of the directory, with its slash
  Options options_;
  Branch root_{};
  bool has_any_ = false;
};

}  // namespace ksv::etcd
