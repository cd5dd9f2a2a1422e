// v3's writes of one key: conditions, and the place that the tree has for it, in one transaction.
//
// A write that says nothing about the key, or that it must be absent, may make a new leaf. The
// transaction then holds as well that there is no directory of that path and no leaf above it. When
// it is refused, the else-branch has told which it was, and the present state of the key, in the
// same round trip. A leaf that is there beside a directory of its path was made by other programs;
// it can be written all the same, by its revision.
#include <fmt/format.h>

#include "backend/etcd/etcd_v3_client.h"
#include "backend/etcd/etcd_v3_keys.h"

namespace ksv::etcd {
namespace {

// Rounds against a rival that changes a leaf which has a directory beside it.
constexpr int kRoundsMax = 16;

std::string_view action_of(const Condition& condition) {
  if (condition.value || condition.modified) return "compareAndSwap";
  if (!condition.exists) return "set";
  return *condition.exists ? "update" : "create";
}

// Whether a condition can hold only of a leaf that is there.
bool needs_leaf(const Condition& condition) {
  return condition.value || condition.modified || condition.exists == true;
}

// As v2 tells what was asked for and what there was.
std::string cause_of(const Condition& condition, const Node& present) {
  std::string cause;
  if (condition.value && *condition.value != present.value) {
    cause = fmt::format("[{} != {}]", text_of(*condition.value), text_of(present.value));
  }
  if (condition.modified && *condition.modified != present.modified) {
    cause += fmt::format("{}[{} != {}]", cause.empty() ? "" : " ", *condition.modified,
                         present.modified);
  }
  return cause;
}

}  // namespace

struct V3Client::Put {
  const std::string& path;
  BytesView value;
  const WriteOptions& options;
  std::int64_t lease = 0;
  std::string name{};
  std::vector<std::string> above{};
  bool is_narrow = false;  // does not look at the tree

  std::string marker() const { return directory_key(path); }
  std::string directory_end() const { return range_end_of(marker()); }

  void add_conditions(TxnText* txn) const;
  void add_place(TxnText* txn) const;
  void add_questions(TxnText* txn) const;
  WriteReply applied(const TxnAnswer& answer) const;
  WriteReply refused(const TxnAnswer& answer, std::int32_t code) const;
};

void V3Client::Put::add_conditions(TxnText* txn) const {
  const Condition& condition = options.condition;
  if (condition.exists) {
    const Compare compare = *condition.exists ? key_is_there(path) : key_is_absent(path);
    txn->compares.push_back(compare_text(compare));
  }
  if (condition.modified) {
    txn->compares.push_back(compare_text(key_was_modified_at(path, *condition.modified)));
  }
  if (condition.value) txn->compares.push_back(compare_text(key_has_value(path, *condition.value)));
}

void V3Client::Put::add_place(TxnText* txn) const {
  if (is_narrow && !options.directory) return;
  txn->compares.push_back(compare_text(range_is_empty(marker(), directory_end())));
  for (const std::string& each : above) {
    txn->compares.push_back(compare_text(key_is_absent(each)));
  }
}

// What the else-branch reads: the key, the directory of its path, the leaves above.
void V3Client::Put::add_questions(TxnText* txn) const {
  txn->otherwise.push_back(TxnText::range({.key = path, .keys_only = options.is_quick}));
  if (is_narrow && !options.directory) return;
  txn->otherwise.push_back(TxnText::range(
      {.key = marker(), .range_end = directory_end(), .limit = 1, .keys_only = true}));
  for (const std::string& each : above) {
    txn->otherwise.push_back(TxnText::range({.key = each, .keys_only = true}));
  }
  // The last, where there is one.
  if (options.companion) txn->otherwise.push_back(TxnText::range({.key = options.companion->key}));
}

WriteReply V3Client::Put::applied(const TxnAnswer& answer) const {
  WriteReply reply;
  reply.applied = true;
  reply.reply.meta = answer.meta;
  reply.reply.action = action_of(options.condition);
  Node node{.path = path, .is_directory = options.directory};
  node.modified = answer.meta.index;
  node.lease = lease;
  node.ttl = options.ttl.value_or(0);
  const OpAnswer& put = answer.ops.back();
  const bool is_new = put.nodes.empty();
  if (!options.directory) {
    node.value = copy_of(value);
    if (!is_new && options.refresh) node.value = put.nodes.front().value;
    if (!options.is_quick || options.refresh) {
      node.created = is_new ? node.modified : put.nodes.front().created;
      node.writes = is_new ? 1 : put.nodes.front().writes + 1;
    }
    if (!is_new) reply.reply.previous = put.nodes.front();
  }
  reply.reply.node = std::move(node);
  return reply;
}

WriteReply V3Client::Put::refused(const TxnAnswer& answer, std::int32_t code) const {
  WriteReply reply;
  reply.reply.meta = answer.meta;
  reply.error_code = code;
  const OpAnswer& leaf = answer.ops.front();
  if (!leaf.nodes.empty()) reply.reply.node = leaf.nodes.front();
  const OpAnswer& last = answer.ops.back();
  if (options.companion && !last.nodes.empty()) reply.companion = last.nodes.front();
  reply.cause = path;
  if (code == 101 && reply.reply.node) {
    reply.cause = options.is_quick ? "" : cause_of(options.condition, *reply.reply.node);
  }
  return reply;
}

Status V3Client::check_put(const std::string& path, BytesView value,
                           const WriteOptions& options) const {
  KSV_CHECK(check_path(path));
  if (path == "/") return tree_error(107, path, 0);
  const Condition& condition = options.condition;
  if (condition.modified && *condition.modified <= 0) {
    return Error(ErrorCode::kUsage, "a version is a number from 1: 0 is that of no key");
  }
  if (options.directory && (condition.value || condition.modified || options.refresh)) {
    return Error(ErrorCode::kUsage, "a directory has no value that could be compared or kept");
  }
  if (options.refresh && !options.ttl) {
    return Error(ErrorCode::kUsage, "a refresh needs the new time to live");
  }
  const std::size_t bytes = path.size() + value.size();
  const std::size_t bytes_max = wire_.settings().request_bytes_max;
  if (bytes > bytes_max) {
    Error error(ErrorCode::kUsage,
                fmt::format("key and value have {} bytes, and etcd takes {}", bytes, bytes_max));
    return std::move(error).with_hint(
        "A server that was started with --max-request-bytes takes more: say so with the option "
        "max-request-bytes.");
  }
  // One compare for each name above, and three more.
  if (paths_above(path).size() + 3 > wire_.settings().operations_max) {
    return Error(ErrorCode::kUsage, "the path has too many names for one transaction");
  }
  return ok();
}

Result<WriteReply> V3Client::put(const std::string& path, BytesView value,
                                 const WriteOptions& options) {
  KSV_CHECK(check_put(path, value, options));
  if (!options.ttl) return put_leased(path, value, options, 0);
  auto granted = grant_lease(*options.ttl);
  if (!granted.has_value()) {
    // A lease that nobody uses is no change of the store.
    return std::move(granted).error().with_context("put " + path).with_effect(Effect::kNone);
  }
  auto put = put_leased(path, value, options, *granted);
  const bool may_be_applied =
      put.has_value() ? put->applied : put.error().effect() == Effect::kUnknown;
  // A lease that is left behind ends by itself; to revoke it would be to remove the key.
  if (!may_be_applied) static_cast<void>(revoke_lease(*granted).has_value());
  return put;
}

Result<WriteReply> V3Client::put_leased(const std::string& path, BytesView value,
                                        const WriteOptions& options, std::int64_t lease) {
  Put put{.path = path, .value = value, .options = options, .lease = lease, .name = "put " + path};
  if (!needs_leaf(options.condition)) put.above = paths_above(path);
  auto reply = options.directory ? put_directory(put) : put_leaf(put);
  if (!reply.has_value() && is_forbidden(reply.error())) {
    put.is_narrow = true;
    put.above.clear();
    reply = options.directory ? put_directory(put) : put_leaf(put);
  }
  if (!reply.has_value() && reply.error().message().rfind("put ", 0) == std::string::npos) {
    return std::move(reply).error().with_context(put.name);
  }
  return reply;
}

Result<WriteReply> V3Client::put_leaf(const Put& put) {
  const bool is_refresh = put.options.refresh;
  const bool is_free = !needs_leaf(put.options.condition) && !is_refresh;
  std::int64_t beside = 0;  // the revision of a leaf that has a directory beside it
  for (int round = 0; round < kRoundsMax; ++round) {
    TxnText txn;
    put.add_conditions(&txn);
    if (is_refresh) txn.compares.push_back(compare_text(key_is_there(put.path)));
    if (is_free && beside == 0) put.add_place(&txn);
    if (beside != 0) txn.compares.push_back(compare_text(key_was_modified_at(put.path, beside)));
    PutOp op{.key = put.path, .lease = put.lease};
    op.value = copy_of(put.value);
    op.previous = !put.options.is_quick || is_refresh;
    if (put.options.companion) {
      const Companion& companion = *put.options.companion;
      txn.then.push_back(TxnText::put({.key = companion.key, .value = companion.value}));
    }
    txn.then.push_back(TxnText::put(op, is_refresh));
    put.add_questions(&txn);
    const TxnAnswer answer = KSV_TRY(run_txn(put.name, txn, net::Repeat::kOnce));
    if (answer.succeeded) return put.applied(answer);
    const bool has_leaf = !answer.ops[0].nodes.empty();
    const bool has_directory = !put.is_narrow && !answer.ops[1].nodes.empty();
    if (has_leaf && put.options.condition.exists == false) return put.refused(answer, 105);
    if (has_leaf && !is_free) return put.refused(answer, 101);
    if (!has_leaf && has_directory) {
      if (put.options.condition.exists == false) return put.refused(answer, 105);
      return tree_error(102, put.path, answer.meta.index);
    }
    for (std::size_t i = 2; !has_leaf && i < put.above.size() + 2; ++i) {
      if (answer.ops[i].nodes.empty()) continue;
      return tree_error(104, put.above[i - 2], answer.meta.index);
    }
    if (!has_leaf && !is_free) return put.refused(answer, 100);
    if (!has_leaf && put.is_narrow) break;
    beside = has_leaf ? answer.ops[0].nodes.front().modified : 0;
  }
  return Error(ErrorCode::kContention, "others kept changing the key");
}

// As v2 does it, a leaf gives way to the directory unless the key is to be absent.
Result<WriteReply> V3Client::put_directory(const Put& put) {
  const bool must_exist = put.options.condition.exists == true;
  TxnText txn;
  if (must_exist) {
    txn.compares.push_back(compare_text(range_is_not_empty(put.marker(), put.directory_end())));
  } else {
    put.add_conditions(&txn);
    put.add_place(&txn);
    if (!put.options.condition.exists) txn.then.push_back(TxnText::remove({.key = put.path}));
  }
  txn.then.push_back(TxnText::put({.key = put.marker(), .lease = put.lease}));
  put.add_questions(&txn);
  const TxnAnswer answer = KSV_TRY(run_txn(put.name, txn, net::Repeat::kOnce));
  if (answer.succeeded) return put.applied(answer);
  const bool has_leaf = !answer.ops[0].nodes.empty();
  if (must_exist) {
    if (!has_leaf) return put.refused(answer, 100);
    return tree_error(104, put.path, answer.meta.index);
  }
  const bool is_taken = has_leaf || !answer.ops[1].nodes.empty();
  if (is_taken && put.options.condition.exists == false) return put.refused(answer, 105);
  if (!answer.ops[1].nodes.empty()) return tree_error(102, put.path, answer.meta.index);
  for (std::size_t i = 2; i < put.above.size() + 2; ++i) {
    if (!answer.ops[i].nodes.empty()) {
      return tree_error(104, put.above[i - 2], answer.meta.index);
    }
  }
  return Error(ErrorCode::kUnavailable, "the answer contradicts itself");
}

}  // namespace ksv::etcd
