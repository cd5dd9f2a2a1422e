// An etcd in memory.
#include "support/fake_etcd.h"

#include <algorithm>
#include <utility>

#include "backend/etcd/etcd_txn.h"

namespace ksv::testing {

using etcd::Node;
using etcd::Reply;
using etcd::WriteReply;

namespace {

Error lost() { return Error(ErrorCode::kUnavailable, "the connection broke", Effect::kUnknown); }

Error not_here() { return Error(ErrorCode::kUnsupported, "not in this fake"); }

}  // namespace

etcd::Meta FakeEtcd::meta() const { return {.status = 200, .index = index_}; }

Node FakeEtcd::put_leaf(const std::string& path, BytesView value, bool is_ours) {
  Node& node = leaves_[path];
  node.path = path;
  node.value = copy_of(value);
  node.modified = index_;
  if (node.created == 0) node.created = index_;
  ++node.writes;
  changes_.push_back({{.action = "put", .node = node}, is_ours});
  return node;
}

void FakeEtcd::erase_leaf(const std::string& path, bool is_ours) {
  leaves_.erase(path);
  etcd::Event event{.action = "delete", .node = {.path = path}};
  event.node.modified = index_;
  changes_.push_back({std::move(event), is_ours});
}

void FakeEtcd::set(const std::string& path, std::string_view value) {
  ++index_;
  put_leaf(path, bytes_of(value), false);
}

void FakeEtcd::erase(const std::string& path) {
  ++index_;
  erase_leaf(path, false);
}

std::string FakeEtcd::value_of(const std::string& path) const {
  const auto leaf = leaves_.find(path);
  return leaf == leaves_.end() ? "(absent)" : std::string(text_of(leaf->second.value));
}

int FakeEtcd::writes_of(const std::string& path) const {
  return static_cast<int>(std::count_if(changes_.begin(), changes_.end(), [&](const Change& each) {
    return each.is_ours && each.event.node.path == path;
  }));
}

bool FakeEtcd::holds(const std::string& path, const etcd::Condition& condition) const {
  const auto leaf = leaves_.find(path);
  const bool is_there = leaf != leaves_.end();
  if (condition.exists && *condition.exists != is_there) return false;
  if (condition.modified && (!is_there || leaf->second.modified != *condition.modified)) {
    return false;
  }
  return !condition.value || (is_there && leaf->second.value == *condition.value);
}

WriteReply FakeEtcd::refused(const std::string& path,
                             const std::optional<etcd::Companion>& companion) const {
  WriteReply reply;
  reply.reply.meta = meta();
  const auto leaf = leaves_.find(path);
  if (leaf != leaves_.end()) reply.reply.node = leaf->second;
  reply.error_code = leaf == leaves_.end() ? 100 : 101;
  if (!companion) return reply;
  const auto beside = leaves_.find(companion->key);
  if (beside != leaves_.end()) reply.companion = beside->second;
  return reply;
}

Result<WriteReply> FakeEtcd::strike(const std::function<WriteReply()>& work) {
  ++requests;
  if (is_dark_) return lost();
  EtcdFault fault;
  if (!faults_.empty()) {
    fault = std::move(faults_.front());
    faults_.pop_front();
  }
  using Kind = EtcdFault::Kind;
  const bool is_done = fault.kind != Kind::kLostRequest && fault.kind != Kind::kRefused;
  std::optional<WriteReply> reply;
  if (is_done) reply = work();
  if (fault.meanwhile) fault.meanwhile();
  switch (fault.kind) {
    case Kind::kNone: return *std::move(reply);
    case Kind::kTwice: return work();
    case Kind::kLostRequest:
    case Kind::kLostAnswer: return lost();
    case Kind::kRefused:
    case Kind::kRefusedDone: break;
  }
  return Error(ErrorCode::kDenied, "403").with_refused_write(true);
}

Node FakeEtcd::directory(const std::string& path, bool recursive) const {
  Node found{.path = path, .is_directory = true};
  const std::string start = path == "/" ? path : path + "/";
  for (auto leaf = leaves_.lower_bound(start);
       leaf != leaves_.end() && leaf->first.starts_with(start); ++leaf) {
    const std::string name = leaf->first.substr(start.size());
    const auto slash = name.find('/');
    if (name.front() == '_') continue;
    if (slash == name.npos) {
      found.children.push_back(leaf->second);
      continue;
    }
    const std::string child = start + name.substr(0, slash);
    if (!found.children.empty() && found.children.back().path == child) continue;
    found.children.push_back(recursive ? directory(child, true)
                                       : Node{.path = child, .is_directory = true});
  }
  return found;
}

Result<Reply> FakeEtcd::get(const std::string& path, const etcd::ReadOptions& options) {
  ++requests;
  if (is_dark_) return Error(ErrorCode::kUnavailable, "nobody answers");
  Reply reply{.meta = meta(), .action = "get"};
  const auto leaf = leaves_.find(path);
  if (leaf != leaves_.end()) {
    reply.node = leaf->second;
    return reply;
  }
  Node node = directory(path, options.recursive);
  if (path == "/" || !node.children.empty()) reply.node = std::move(node);
  return reply;
}

Result<std::vector<Reply>> FakeEtcd::get_each(const std::vector<std::string>& paths, bool stale) {
  const std::lock_guard<std::mutex> guard(reads_);
  read_together.push_back(paths.size());
  return Client::get_each(paths, stale);
}

Result<WriteReply> FakeEtcd::put(const std::string& path, BytesView value,
                                 const etcd::WriteOptions& options) {
  return strike([&] {
    if (!holds(path, options.condition)) return refused(path, options.companion);
    ++index_;
    if (options.companion) put_leaf(options.companion->key, options.companion->value, true);
    WriteReply reply{.applied = true, .reply = {.meta = {}, .action = "set"}};
    reply.reply.node = put_leaf(path, value, true);
    reply.reply.meta = meta();
    return reply;
  });
}

Result<WriteReply> FakeEtcd::remove(const std::string& path, const etcd::RemoveOptions& options) {
  return strike([&] {
    const bool is_there = leaves_.count(path) > 0;
    if (!is_there || !holds(path, options.condition)) return refused(path, options.companion);
    ++index_;
    if (options.companion) put_leaf(options.companion->key, options.companion->value, true);
    erase_leaf(path, true);
    return WriteReply{.applied = true, .reply = {.meta = meta(), .action = "delete"}};
  });
}

Result<std::optional<etcd::Event>> FakeEtcd::first_event(const std::string& path,
                                                         std::int64_t from) {
  ++requests;
  if (is_dark_) return Error(ErrorCode::kUnavailable, "nobody answers");
  if (from < oldest_) return Error(ErrorCode::kState, "compacted");
  for (const Change& each : changes_) {
    const Node& node = each.event.node;
    if (node.path == path && node.modified >= from) return std::optional(each.event);
  }
  return std::optional<etcd::Event>();
}

Result<Reply> FakeEtcd::create_in_order(const std::string& /*directory*/, BytesView /*value*/,
                                        std::optional<std::int64_t> /*ttl*/) {
  return not_here();
}
Result<etcd::WatchEnd> FakeEtcd::watch(const std::string& /*path*/,
                                       const etcd::WatchOptions& /*options*/,
                                       const etcd::EventSink& /*sink*/) {
  return not_here();
}
Result<std::vector<etcd::Member>> FakeEtcd::members() { return not_here(); }
Result<std::vector<etcd::Health>> FakeEtcd::health() { return not_here(); }
Result<etcd::Release> FakeEtcd::release() { return not_here(); }
Status FakeEtcd::compact(std::int64_t /*revision*/, bool /*physical*/) { return not_here(); }
Result<etcd::TransactionReply> FakeEtcd::transact(const etcd::Transaction& /*transaction*/) {
  return not_here();
}
Result<std::int64_t> FakeEtcd::grant_lease(std::int64_t /*seconds*/) { return not_here(); }
Result<std::int64_t> FakeEtcd::keep_alive(std::int64_t /*lease*/) { return not_here(); }
Status FakeEtcd::revoke_lease(std::int64_t /*lease*/) { return not_here(); }

}  // namespace ksv::testing
