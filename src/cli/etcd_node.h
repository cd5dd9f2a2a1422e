// Nodes of etcd as values: texts, and directories as maps.
#pragma once

#include "ksv/value.h"

#include "backend/etcd/etcd_client.h"

namespace ksv::cli {

// A leaf is its text, or bytes where it is no UTF-8. A directory is a map of its children's names;
// a further directory in it is nil unless it was read too. An empty directory is nil.
Value value_of_node(const etcd::Node& node);
// What is known of the node and of the answer it came with, but for the value.
Value meta_of_node(const etcd::Node& node, const etcd::Meta& meta);
// The last name of a path.
std::string_view name_of_path(std::string_view path);

}  // namespace ksv::cli
