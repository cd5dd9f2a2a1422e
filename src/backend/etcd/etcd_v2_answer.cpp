// v2's JSON: nodes, actions, and the headers that go with them.
#include "backend/etcd/etcd_v2_answer.h"

#include <algorithm>
#include <utility>

#include "ksv/limits.h"

#include "backend/etcd/etcd_path.h"
#include "backend/etcd/etcd_v3_json.h"
#include "backend/etcd/etcd_v3_keys.h"
#include "net/url.h"

namespace ksv::etcd {
namespace {

// The root has no key.
Node read_node(const Json& json, FieldReader* reader) {
  Node node;
  node.path = reader->text(json, "key");
  if (node.path.empty()) node.path = "/";
  node.is_directory = reader->flag(json, "dir");
  node.value = copy_of(bytes_of(reader->text(json, "value")));
  node.created = reader->number(json, "createdIndex");
  node.modified = reader->number(json, "modifiedIndex");
  node.ttl = reader->number(json, "ttl");
  node.expiration = reader->text(json, "expiration");
  for (const Json& child : reader->list(json, "nodes")) {
    node.children.push_back(read_node(child, reader));
  }
  std::sort(node.children.begin(), node.children.end(),
            [](const Node& a, const Node& b) { return a.path < b.path; });
  return node;
}

bool is_below(std::string_view path, std::string_view directory) {
  if (directory == "/") return true;
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

std::string event_action(const std::string& action) {
  if (action == "expire") return action;
  const bool is_removal = action == "delete" || action == "compareAndDelete";
  return is_removal ? "delete" : "put";
}

}  // namespace

Result<std::string> v2_key_path(const std::string& path) {
  KSV_CHECK(check_names(path));
  return "/v2/keys" + net::percent_encode(path, true);
}

Meta v2_meta(const Answer& answer) {
  Meta meta;
  meta.status = answer.status;
  meta.index = answer.number_header("x-etcd-index");
  meta.raft_index = answer.number_header("x-raft-index");
  meta.raft_term = answer.number_header("x-raft-term");
  meta.cluster_id = answer.header("x-etcd-cluster-id");
  meta.leader = answer.header("x-leader-peer-url");
  return meta;
}

Result<Reply> v2_reply(const Answer& answer, const std::string& name) {
  const auto json = parse_json(text_of(answer.body), limits::kDepthMax);
  FieldReader reader;
  Reply reply{.meta = v2_meta(answer), .action = {}};
  const Json* node = json.has_value() ? reader.find(*json, "node") : nullptr;
  if (node != nullptr) {
    reply.action = reader.text(*json, "action");
    reply.node = read_node(*node, &reader);
    const Json* previous = reader.find(*json, "prevNode");
    if (previous != nullptr) reply.previous = read_node(*previous, &reader);
  }
  if (node != nullptr && !reader.is_bad()) return reply;
  return Error(ErrorCode::kUnavailable, name + ": the answer is none that etcd's v2 gives")
      .with_detail("status", answer.status);
}

std::optional<Event> v2_event(Reply reply, const std::string& path, bool recursive) {
  if (!reply.node) return std::nullopt;
  Event event{.action = event_action(reply.action), .node = *std::move(reply.node)};
  event.previous = std::move(reply.previous);
  const bool is_put = event.action == "put";
  if (!is_put) {
    event.node = {.path = event.node.path,
                  .is_directory = event.node.is_directory,
                  .modified = event.node.modified};
  }
  if (event.node.path == path) return event;
  if (recursive && is_below(event.node.path, path)) {
    // Hidden names are left out of what comes, but not of what the history has.
    if (is_hidden_below(directory_key(path), event.node.path)) return std::nullopt;
    return event;
  }
  // A directory above went, and this key with it. The server compares names by their beginnings,
  // so it tells of "/ab", too, when "/a" goes.
  if (is_put || !is_below(path, event.node.path)) return std::nullopt;
  event.node.path = path;
  event.previous.reset();
  return event;
}

}  // namespace ksv::etcd
