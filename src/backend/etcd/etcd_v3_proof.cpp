// Transactions whose outcome is certain, also when the answer is lost.
//
// The transaction is put into another one, which holds that a key of its own is absent; each branch
// that writes puts that key along. When the answer is lost, the key is written by us where it is
// absent: then the transaction can never be done any more. Where it is there, the transaction was.
// The key has a lease, and goes by itself.
#include "backend/etcd/etcd_v3_client.h"
#include "base/refused_write.h"

namespace ksv::etcd {
namespace {

// Longer than a request may be on its way.
constexpr std::int64_t kProofSeconds = 600;
constexpr std::string_view kThen = "then";
constexpr std::string_view kElse = "else";
constexpr std::string_view kVoid = "void";

std::string mark(const std::string& proof, std::string_view word, std::int64_t lease) {
  return TxnText::put({.key = proof, .value = copy_of(bytes_of(word)), .lease = lease});
}

}  // namespace

Result<TransactionReply> V3Client::transact_proven(const TxnText& txn,
                                                   const Transaction& transaction) {
  const SignalHold hold(wire_.env());
  const std::string& proof = transaction.proof;
  auto granted = grant_lease(kProofSeconds);
  if (!granted.has_value()) {
    return std::move(granted).error().with_context("txn").with_effect(Effect::kNone);
  }
  const bool marks_then = has_write(transaction.then);
  const bool marks_else = has_write(transaction.otherwise);
  TxnText inner = txn;
  if (marks_then) inner.then.push_back(mark(proof, kThen, *granted));
  if (marks_else) inner.otherwise.push_back(mark(proof, kElse, *granted));
  auto answer = run_proven(inner, proof);
  // A refusal without a code of etcd's may be made up by something on the way.
  const bool is_open = !answer.has_value() && (answer.error().effect() == Effect::kUnknown ||
                                               answer.error().is_refused_write());
  if (is_open) {
    return settle_by_proof(proof, *granted, answer.error());
  }
  if (!answer.has_value()) return std::move(answer).error();
  TransactionReply reply{.meta = answer->meta, .succeeded = answer->succeeded};
  if (answer->succeeded ? marks_then : marks_else) answer->ops.pop_back();
  for (OpAnswer& op : answer->ops) reply.replies.push_back({std::move(op.nodes), op.count});
  return reply;
}

Error V3Client::doubted(Error refusal, const std::string& key) {
  if (!refusal.is_refused_write()) return refusal;
  TxnText look;
  look.then.push_back(TxnText::range({.key = key, .keys_only = true}));
  const auto read = run_txn("look whether reading is refused", look, net::Repeat::kRead);
  if (!read.has_value() && is_same_refusal(refusal, read.error())) return refusal;
  return std::move(refusal)
      .with_effect(Effect::kUnknown)
      .with_hint("What refused it may not be etcd, and etcd may have done it: look with ksv ls");
}

// The answer of the inner one, with what the outer one tells of the cluster.
Result<TxnAnswer> V3Client::run_proven(const TxnText& txn, const std::string& proof) {
  TxnText outer;
  outer.compares.push_back(compare_text(key_is_absent(proof)));
  outer.then.push_back(TxnText::nested(txn));
  const Question question{
      .name = "txn", .path = "/kv/txn", .body = outer.take(), .repeat = net::Repeat::kOnce};
  const Response response = KSV_TRY(ask(question));
  FieldReader reader;
  const Json::Array& responses = reader.list(response.json, "responses");
  const Json* inside = nullptr;
  if (responses.size() == 1) inside = reader.find(responses.front(), "response_txn");
  if (inside == nullptr) return unreadable(question);
  TxnAnswer answer = read_txn(*inside, &reader);
  answer.meta = reader.meta(response.json);
  answer.meta.status = response.status;
  const auto expected = answer.succeeded ? txn.then.size() : txn.otherwise.size();
  if (reader.is_bad() || answer.ops.size() != expected) return unreadable(question);
  return answer;
}

Result<TransactionReply> V3Client::settle_by_proof(const std::string& proof, std::int64_t lease,
                                                   const Error& lost) {
  TxnText fence;
  fence.compares.push_back(compare_text(key_is_absent(proof)));
  fence.then.push_back(mark(proof, kVoid, lease));
  fence.otherwise.push_back(TxnText::range({.key = proof}));
  // A second copy finds the key of the first.
  auto answer = run_txn("settle the transaction", fence, net::Repeat::kConditional);
  const bool is_refused = lost.effect() == Effect::kNone;
  if (!answer.has_value()) {
    if (is_refused && is_same_refusal(lost, answer.error())) return lost;
    Error error(ErrorCode::kUnavailable,
                "it is unknown whether the transaction was done: " + lost.message() + "; " +
                    answer.error().message(),
                Effect::kUnknown);
    return std::move(error).with_hint("The key " + proof +
                                      " holds then or else if it was done, for ten minutes");
  }
  const bool is_there = !answer->succeeded && !answer->ops.front().nodes.empty();
  if (!is_there && !answer->succeeded) return Error(lost).with_effect(Effect::kUnknown);
  const Node* node = is_there ? &answer->ops.front().nodes.front() : nullptr;
  if (node == nullptr || text_of(node->value) == kVoid) {
    if (is_refused) return lost;
    return Error(lost.code(), lost.message() + "; the transaction was not done, and will not be");
  }
  TransactionReply reply{.meta = answer->meta, .succeeded = text_of(node->value) == kThen};
  reply.meta.index = node->modified;
  reply.settled = true;
  return reply;
}

}  // namespace ksv::etcd
