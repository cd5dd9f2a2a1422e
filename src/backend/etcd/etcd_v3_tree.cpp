// Puts keys together to a tree.
#include "backend/etcd/etcd_v3_tree.h"

#include <algorithm>

#include "ksv/limits.h"

#include "backend/etcd/etcd_v3_keys.h"

namespace ksv::etcd {

TreeBuilder::TreeBuilder(std::string path, Options options)
    : path_(std::move(path)), key_(directory_key(path_)), options_(options) {
  root_.node.path = path_;
  root_.node.is_directory = true;
}

Status TreeBuilder::add(Node node) {
  const std::string& key = node.path;
  if (!key.starts_with(key_)) return ok();
  has_any_ = true;
  if (key.size() == key_.size()) {  // its own marker
    root_.node.created = node.created;
    root_.node.modified = node.modified;
    root_.node.lease = node.lease;
    return ok();
  }
  if (!is_path_key(key)) return ok();
  Branch* branch = &root_;
  std::size_t at = key_.size();
  for (std::uint32_t depth = 0; at < key.size(); ++depth) {
    if (depth == limits::kDepthMax) {
      return Error(ErrorCode::kUnsupported, "there are keys that nest too deep under " + path_);
    }
    if (!options_.hidden && key[at] == '_') return ok();  // what is above it is there all the same
    const auto slash = std::min(key.find('/', at), key.size());
    Branch& child = branch->children[key.substr(at, slash - at)];
    if (child.node.path.empty()) child.node.path = key.substr(0, slash);
    const bool is_last = slash + 1 >= key.size();
    if (slash == key.size()) {
      child.has_leaf = true;
      child.node = std::move(node);
      return ok();
    }
    if (is_last && !child.has_leaf) {
      child.node.created = node.created;
      child.node.modified = node.modified;
      child.node.lease = node.lease;
    }
    if (!options_.recursive && !is_last) {
      child.node.is_directory = !child.has_leaf;
      return ok();
    }
    branch = &child;
    at = slash + 1;
  }
  return ok();
}

std::string TreeBuilder::next_after(const std::string& key) const {
  const auto slash = key.find('/', std::min(key_.size(), key.size()));
  if (options_.recursive || slash == key.npos) return key + std::string(1, '\0');
  return range_end_of(key.substr(0, slash + 1));
}

Node TreeBuilder::gathered(Branch* branch) {
  Node node = std::move(branch->node);
  node.is_directory = !branch->has_leaf;
  for (auto& [name, child] : branch->children) {
    node.children.push_back(gathered(&child));
  }
  return node;
}

Node TreeBuilder::take() { return gathered(&root_); }

}  // namespace ksv::etcd
