// v3's watches as those of paths, and the look back at what happened to a key.
#include <algorithm>

#include "backend/etcd/etcd_v3_client.h"
#include "backend/etcd/etcd_v3_keys.h"
#include "backend/etcd/etcd_v3_stream.h"

namespace ksv::etcd {
namespace {

// A marker is the directory's.
void name_by_path(Node* node) {
  if (node->path.size() < 2 || !node->path.ends_with('/')) return;
  node->path.pop_back();
  node->is_directory = true;
}

Error cleared_error(const std::string& path, std::int64_t from, std::int64_t oldest) {
  Error error(ErrorCode::kState, "the history of " + path + " from revision " +
                                     std::to_string(from) + " on was compacted");
  return oldest > 0 ? std::move(error).with_detail("oldest", oldest) : error;
}

}  // namespace

// A recursive watch is of one range: the key, the directory's, and what sorts between them, such as
// "/a-b" between "/a" and "/a/b", which is left out here.
Result<WatchEnd> V3Client::watch(const std::string& path, const WatchOptions& options,
                                 const EventSink& sink) {
  KSV_CHECK(check_path(path));
  const std::string directory = directory_key(path);
  V3Stream::Range range{.name = "watch " + path, .key = path, .previous = options.previous};
  if (options.recursive || path == "/") range.range_end = range_end_of(directory);
  const auto take = [&](const V3Stream::Change& change) -> Result<bool> {
    const std::string& key = change.event.node.path;
    const bool is_inside = key == path || key.starts_with(directory);
    if (!is_inside || is_hidden_below(directory, key)) return true;
    const bool is_deep = key.size() > directory.size() || !is_path_key(key);
    if (is_deep && (!options.recursive || !is_path_key(key))) return true;
    Event event = change.event;
    name_by_path(&event.node);
    if (event.previous) name_by_path(&*event.previous);
    return sink(event);
  };
  return V3Stream(wire_, std::move(range), take).run(options.from, options.time);
}

// The stream of a key tells nothing when there is nothing to tell, and so could be waited for in
// vain. Hence it is read first whether there was an event. A key that is absent now and was absent
// before `from` may have been there meanwhile: then all of the store's events up to now tell, of
// which the last one is known to exist.
Result<std::optional<Event>> V3Client::first_event(const std::string& path, std::int64_t from) {
  KSV_CHECK(check_path(path));
  const std::string name = "look for an event on " + path;
  TxnText txn;
  txn.then.push_back(TxnText::range({.key = path, .keys_only = true}));
  const TxnAnswer now = KSV_TRY(run_txn(name, txn, net::Repeat::kRead));
  const auto& nodes = now.ops[0].nodes;
  const bool is_unchanged = !nodes.empty() && nodes.front().modified < from;
  if (is_unchanged || now.meta.index < from) return std::optional<Event>();
  if (nodes.empty()) {
    const Question before{
        .name = name,
        .path = "/kv/range",
        .body = range_text(
            {.key = path, .revision = std::max(from - 1, std::int64_t{1}), .keys_only = true})};
    const Response response = KSV_TRY(ask_for(before));
    if (response.refusal && response.meaning != Meaning::kCleared) return *response.refusal;
    FieldReader reader;
    const bool was_absent = response.refusal || read_range(response.json, &reader).nodes.empty();
    if (was_absent) return scan_for_event(path, from, now.meta.index);
  }
  std::optional<Event> found;
  const auto take = [&](const V3Stream::Change& change) -> Result<bool> {
    found = change.event;
    return false;
  };
  V3Stream stream(wire_, {.name = name, .key = path, .previous = false}, take);
  const WatchEnd end = KSV_TRY(stream.run(from, std::chrono::milliseconds(0)));
  if (end.cleared) return cleared_error(path, from, end.oldest);
  return found;
}

Result<std::optional<Event>> V3Client::scan_for_event(const std::string& path, std::int64_t from,
                                                      std::int64_t until) {
  std::optional<Event> found;
  const auto take = [&](const V3Stream::Change& change) -> Result<bool> {
    const Node& node = change.event.node;
    if (node.path == path) {
      found = change.event;
      return false;
    }
    return !(change.is_last && node.modified >= until);
  };
  const std::string all(1, '\0');
  V3Stream stream(wire_, {.name = "look for an event on " + path, .key = all, .range_end = all},
                  take);
  const WatchEnd end = KSV_TRY(stream.run(from, std::chrono::milliseconds(0)));
  if (end.cleared) return cleared_error(path, from, end.oldest);
  return found;
}

}  // namespace ksv::etcd
