// v3's removals: a leaf, an empty directory, a whole tree.
#include "backend/etcd/etcd_v3_client.h"
#include "backend/etcd/etcd_v3_keys.h"

namespace ksv::etcd {
namespace {

// Rounds against rivals that make and remove the marker of an empty directory.
constexpr int kRoundsMax = 16;

bool has_condition(const Condition& condition) {
  return condition.value || condition.modified || condition.exists;
}

std::string_view action_of(const Condition& condition) {
  return condition.value || condition.modified ? "compareAndDelete" : "delete";
}

WriteReply removed(const TxnAnswer& answer, const std::string& path, const Node* previous) {
  WriteReply reply;
  reply.applied = true;
  reply.reply.meta = answer.meta;
  reply.reply.action = "delete";
  Node node{.path = path};
  node.modified = answer.meta.index;
  if (previous != nullptr) {
    node.created = previous->created;
    reply.reply.previous = *previous;
  } else {
    node.is_directory = true;
  }
  reply.reply.node = std::move(node);
  return reply;
}

WriteReply refused(const TxnAnswer& answer, const std::string& path, std::int32_t code) {
  WriteReply reply;
  reply.reply.meta = answer.meta;
  reply.error_code = code;
  reply.cause = path;
  return reply;
}

}  // namespace

Result<WriteReply> V3Client::remove(const std::string& path, const RemoveOptions& options) {
  KSV_CHECK(check_path(path));
  const Condition& condition = options.condition;
  if (condition.modified && *condition.modified <= 0) {
    return Error(ErrorCode::kUsage, "a version is a number from 1: 0 is that of no key");
  }
  if (condition.exists == false) {
    return Error(ErrorCode::kUsage, "what must be absent cannot be removed");
  }
  if (path == "/") return tree_error(107, path, 0).with_context("remove /");
  const bool is_tree = options.recursive && !has_condition(condition);
  auto reply = is_tree ? remove_tree(path) : remove_leaf(path, options, true);
  if (!is_tree && !reply.has_value() && is_forbidden(reply.error())) {
    reply = remove_leaf(path, options, false);
  }
  if (!reply.has_value() && reply.error().message().rfind("remove ", 0) == std::string::npos) {
    return std::move(reply).error().with_context("remove " + path);
  }
  return reply;
}

Result<WriteReply> V3Client::remove_leaf(const std::string& path, const RemoveOptions& options,
                                         bool looks_below) {
  const Condition& condition = options.condition;
  const std::string marker = directory_key(path);
  TxnText txn;
  if (condition.modified) {
    txn.compares.push_back(compare_text(key_was_modified_at(path, *condition.modified)));
  }
  if (condition.value) txn.compares.push_back(compare_text(key_has_value(path, *condition.value)));
  if (txn.compares.empty()) txn.compares.push_back(compare_text(key_is_there(path)));
  txn.then.push_back(TxnText::remove({.key = path, .previous = true}));
  txn.otherwise.push_back(TxnText::range({.key = path}));
  if (looks_below) {
    txn.otherwise.push_back(TxnText::range(
        {.key = marker, .range_end = range_end_of(marker), .limit = 2, .keys_only = true}));
  }
  if (options.companion) {
    const Companion& companion = *options.companion;
    txn.then.push_back(TxnText::put({.key = companion.key, .value = companion.value}));
    txn.otherwise.push_back(TxnText::range({.key = companion.key}));
  }
  for (int round = 0; round < kRoundsMax; ++round) {
    const TxnAnswer answer = KSV_TRY(run_txn("remove " + path, txn, net::Repeat::kOnce));
    if (answer.succeeded) {
      const auto& previous = answer.ops.front().nodes;
      WriteReply reply = removed(answer, path, previous.empty() ? nullptr : &previous.front());
      reply.reply.node->is_directory = false;
      reply.reply.action = action_of(condition);
      return reply;
    }
    if (!answer.ops[0].nodes.empty()) {
      WriteReply reply = refused(answer, path, 101);
      reply.reply.node = answer.ops[0].nodes.front();
      return reply;
    }
    if (!looks_below || answer.ops[1].nodes.empty()) return refused(answer, path, 100);
    const auto& inside = answer.ops[1].nodes;
    if (!options.directory || has_condition(condition)) {
      return tree_error(102, path, answer.meta.index);
    }
    if (inside.size() > 1 || inside.front().path != marker) {
      return tree_error(108, path, answer.meta.index);
    }
    auto reply = KSV_TRY(remove_marker(path, inside.front()));
    if (reply) return *std::move(reply);
  }
  return Error(ErrorCode::kContention, "others kept changing the directory");
}

// Nothing when something came into the directory, or its marker changed, meanwhile.
Result<std::optional<WriteReply>> V3Client::remove_marker(const std::string& path,
                                                          const Node& marker) {
  const std::string first_inside = marker.path + std::string(1, '\0');
  TxnText txn;
  txn.compares.push_back(compare_text(key_was_modified_at(marker.path, marker.modified)));
  txn.compares.push_back(compare_text(range_is_empty(first_inside, range_end_of(marker.path))));
  txn.then.push_back(TxnText::remove({.key = marker.path}));
  const TxnAnswer answer = KSV_TRY(run_txn("remove " + path, txn, net::Repeat::kOnce));
  if (!answer.succeeded) return std::optional<WriteReply>();
  return std::optional<WriteReply>(removed(answer, path, nullptr));
}

// The leaf, and all below the directory, in one step.
Result<WriteReply> V3Client::remove_tree(const std::string& path) {
  const std::string marker = directory_key(path);
  TxnText txn;
  txn.then.push_back(TxnText::remove({.key = path, .previous = true}));
  txn.then.push_back(TxnText::remove({.key = marker, .range_end = range_end_of(marker)}));
  const TxnAnswer answer = KSV_TRY(run_txn("remove " + path, txn, net::Repeat::kOnce));
  const auto& leaf = answer.ops[0].nodes;
  const bool had_directory = answer.ops[1].count > 0;
  if (leaf.empty() && !had_directory) return refused(answer, path, 100);
  return removed(answer, path, leaf.empty() ? nullptr : &leaf.front());
}

}  // namespace ksv::etcd
