// From nodes of etcd to values.
#include "cli/etcd_node.h"

#include <utility>

#include "base/utf8.h"

namespace ksv::cli {
namespace {

Value text_or_bytes(const Bytes& bytes) {
  std::string text(text_of(bytes));
  return is_utf8(text) ? Value::string(std::move(text)) : Value::bytes(bytes);
}

void put_number(Value& map, const char* name, std::int64_t number) {
  if (number != 0) map.put(Value::keyword(name), Value::integer(number));
}

void put_text(Value& map, const char* name, const std::string& text) {
  if (!text.empty()) map.put(Value::keyword(name), Value::string(text));
}

}  // namespace

std::string_view name_of_path(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Value value_of_node(const etcd::Node& node) {
  if (!node.is_directory) return text_or_bytes(node.value);
  if (node.children.empty()) return Value();
  Value map = Value::map();
  for (const etcd::Node& child : node.children) {
    map.put(Value::string(std::string(name_of_path(child.path))), value_of_node(child));
  }
  return map;
}

Value meta_of_node(const etcd::Node& node, const etcd::Meta& meta) {
  Value map = Value::map();
  put_text(map, "key", node.path);
  if (node.is_directory) map.put(Value::keyword("dir"), Value::boolean(true));
  put_number(map, "modified", node.modified);
  put_number(map, "created", node.created);
  put_number(map, "writes", node.writes);
  put_number(map, "ttl", node.ttl);
  put_text(map, "expiration", node.expiration);
  if (node.lease != 0) map.put(Value::keyword("lease"), Value::string(std::to_string(node.lease)));
  put_number(map, "status", meta.status);
  put_number(map, "index", meta.index);
  put_number(map, "raft-index", meta.raft_index);
  put_number(map, "raft-term", meta.raft_term);
  put_text(map, "cluster-id", meta.cluster_id);
  put_text(map, "member-id", meta.member_id);
  put_text(map, "leader", meta.leader);
  return map;
}

}  // namespace ksv::cli
