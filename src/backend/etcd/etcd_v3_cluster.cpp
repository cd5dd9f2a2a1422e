// What v3 tells of the cluster, transactions as they are given, and compaction.
#include <algorithm>
#include <fmt/format.h>

#include "backend/etcd/etcd_cluster.h"
#include "backend/etcd/etcd_v3_client.h"

namespace ksv::etcd {
namespace {

std::size_t bytes_in(const std::vector<Op>& ops) {
  std::size_t bytes = 0;
  for (const Op& op : ops) {
    const auto* put = std::get_if<PutOp>(&op);
    if (put != nullptr) bytes += put->key.size() + put->value.size();
  }
  return bytes;
}

std::string op_text(const Op& op) {
  if (const auto* put = std::get_if<PutOp>(&op)) return TxnText::put(*put);
  if (const auto* removal = std::get_if<DeleteOp>(&op)) return TxnText::remove(*removal);
  const auto& range = *std::get_if<RangeOp>(&op);
  return TxnText::range({.key = range.key, .range_end = range.range_end, .limit = range.limit});
}

Status check_keys(const std::vector<Op>& ops) {
  for (const Op& op : ops) {
    const bool is_empty = std::visit([](const auto& each) { return each.key.empty(); }, op);
    if (is_empty) return Error(ErrorCode::kUsage, "an operation of the transaction names no key");
  }
  return ok();
}

Status check_transaction(const Transaction& transaction, const Settings& settings) {
  KSV_CHECK(check_keys(transaction.then));
  KSV_CHECK(check_keys(transaction.otherwise));
  for (const Compare& compare : transaction.compares) {
    if (!compare.key.empty()) continue;
    return Error(ErrorCode::kUsage, "a compare of the transaction names no key");
  }
  const std::size_t longest = std::max(
      {transaction.compares.size(), transaction.then.size(), transaction.otherwise.size()});
  // The proof is one more operation, and the transaction around all counts, too.
  const std::size_t own = transaction.proof.empty() ? 0 : 2;
  if (longest + own > settings.operations_max) {
    Error error(ErrorCode::kUsage,
                fmt::format("the transaction has a list of {} operations, and etcd takes {}{}",
                            longest, settings.operations_max,
                            own == 0 ? "" : ", two of which settle=sidecar needs"));
    return std::move(error).with_hint(
        "A server that was started with --max-txn-ops takes more: say so with the option "
        "max-txn-ops.");
  }
  const std::size_t bytes = bytes_in(transaction.then) + bytes_in(transaction.otherwise);
  if (bytes > settings.request_bytes_max) {
    return Error(ErrorCode::kUsage, fmt::format("the transaction has {} bytes, and etcd takes {}",
                                                bytes, settings.request_bytes_max));
  }
  return ok();
}

}  // namespace

Result<TransactionReply> V3Client::transact(const Transaction& transaction) {
  KSV_CHECK(check_transaction(transaction, wire_.settings()));
  TxnText txn;
  for (const Compare& each : transaction.compares) txn.compares.push_back(compare_text(each));
  for (const Op& each : transaction.then) txn.then.push_back(op_text(each));
  for (const Op& each : transaction.otherwise) txn.otherwise.push_back(op_text(each));
  const bool is_write = has_write(transaction.then) || has_write(transaction.otherwise);
  if (is_write && !transaction.proof.empty()) return transact_proven(txn, transaction);
  auto answer = run_txn("txn", txn, is_write ? net::Repeat::kOnce : net::Repeat::kRead);
  if (!answer.has_value()) {
    if (!is_write) return std::move(answer).error();
    const Op& op = transaction.then.empty() ? transaction.otherwise[0] : transaction.then[0];
    return doubted(std::move(answer).error(),
                   std::visit([](const auto& of) { return of.key; }, op));
  }
  TransactionReply reply{.meta = answer->meta, .succeeded = answer->succeeded};
  for (OpAnswer& op : answer->ops) reply.replies.push_back({std::move(op.nodes), op.count});
  return reply;
}

Status V3Client::compact(std::int64_t revision, bool physical) {
  ObjectText body;
  body.number("revision", revision).flag("physical", physical);
  const Question question{.name = fmt::format("compact {}", revision),
                          .path = "/kv/compaction",
                          .body = body.take(),
                          .repeat = net::Repeat::kOnce};
  KSV_CHECK(ask(question));
  return ok();
}

Result<std::vector<Member>> V3Client::members() {
  const Question list{.name = "list the members", .path = "/cluster/member/list", .body = "{}"};
  const Response response = KSV_TRY(ask(list));
  // Any member knows who leads.
  const Question ask_status{
      .name = "ask for the leader", .path = "/maintenance/status", .body = "{}", .stale = true};
  const Response status = KSV_TRY(ask(ask_status));
  FieldReader reader;
  const std::string leader = reader.text(status.json, "leader");
  std::vector<Member> members;
  for (const Json& each : reader.list(response.json, "members")) {
    Member member;
    member.id = reader.text(each, "ID");
    member.name = reader.text(each, "name");
    member.peer_urls = reader.texts(each, "peerURLs");
    member.client_urls = reader.texts(each, "clientURLs");
    member.is_learner = reader.flag(each, "isLearner");
    member.is_leader = !leader.empty() && leader != "0" && member.id == leader;
    members.push_back(std::move(member));
  }
  if (reader.is_bad()) return unreadable(list);
  return members;
}

Result<std::vector<Health>> V3Client::health() { return ask_health(wire_); }

Result<Release> V3Client::release() {
  // Finds out which prefix the server has, or that it has none.
  KSV_CHECK(ask(
      {.name = "ask for the status", .path = "/maintenance/status", .body = "{}", .stale = true}));
  Release release = KSV_TRY(ask_release(wire_));
  release.api = Api::kV3;
  release.prefix = wire_.v3_prefix();
  return release;
}

Result<Meta> V3Client::state() {
  const Question question{
      .name = "ask for the status", .path = "/maintenance/status", .body = "{}", .stale = true};
  const Response response = KSV_TRY(ask(question));
  FieldReader reader;
  Meta meta = reader.meta(response.json);
  meta.status = response.status;
  meta.raft_index = reader.number(response.json, "raftIndex");
  meta.leader = reader.text(response.json, "leader");
  if (reader.is_bad()) return unreadable(question);
  return meta;
}

}  // namespace ksv::etcd
