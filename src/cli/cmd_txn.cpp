// txn: a transaction of etcd's v3.
#include "cli/command_list.h"
#include "cli/etcd_txn_form.h"
#include "cli/session.h"

#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

// JSON begins with a name in quotes, and EDN with a keyword.
bool is_json(std::string_view text) {
  const std::size_t brace = text.find_first_not_of(" \t\r\n");
  if (brace == text.npos || text[brace] != '{') return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", brace + 1);
  return next != text.npos && text[next] == '"';
}

// The operand is the form itself, "-", or the name of a file.
Result<Value> read_form(Session& session, const Arguments& arguments) {
  std::string operand = arguments.operands.empty() ? "-" : arguments.operands[0];
  const std::size_t begin = operand.find_first_not_of(" \t\r\n,");
  const bool is_text = begin != operand.npos && operand[begin] == '{';
  if (!is_text && operand != "-" && !operand.starts_with('@')) operand.insert(0, "@");
  const Value text = KSV_TRY(read_value(session.env(), operand, ValueSyntax::kRaw, "TXN"));
  if (!text.is(Kind::kString)) return Error(ErrorCode::kUsage, "TXN: it is no text in UTF-8");
  auto form = is_json(text.as_string()) ? read_json(text.as_string(), JsonKeys::kStrings)
                                        : read_edn(text.as_string());
  if (!form.has_value()) return std::move(form).error().with_context("TXN");
  return form;
}

// Puts without a lease of their own get the one that --ttl asks for. Zero: there are none such.
std::vector<etcd::PutOp*> find_puts(std::vector<etcd::Op>& ops) {
  std::vector<etcd::PutOp*> puts;
  for (etcd::Op& op : ops) {
    auto* put = std::get_if<etcd::PutOp>(&op);
    if (put != nullptr && put->lease == 0) puts.push_back(put);
  }
  return puts;
}

Result<etcd::TransactionReply> transact(etcd::EtcdPlace& place, etcd::Transaction* transaction) {
  etcd::Client& client = place.client();
  std::vector<etcd::PutOp*> puts = find_puts(transaction->then);
  const std::vector<etcd::PutOp*> others = find_puts(transaction->otherwise);
  const bool uses[] = {!others.empty(), !puts.empty()};  // of the branch that fails, that succeeds
  puts.insert(puts.end(), others.begin(), others.end());
  if (!place.ttl() || puts.empty() || client.api() == etcd::Api::kV2) {
    return client.transact(*transaction);
  }
  const std::int64_t lease = KSV_TRY(client.grant_lease(*place.ttl()));
  for (etcd::PutOp* put : puts) put->lease = lease;
  auto reply = client.transact(*transaction);
  const bool may_be_used = reply.has_value() ? uses[reply->succeeded ? 1 : 0]
                                             : reply.error().effect() == Effect::kUnknown;
  if (!may_be_used) static_cast<void>(client.revoke_lease(lease).has_value());
  return reply;
}

Result<Answer> run_txn(Session& session, const Arguments& arguments) {
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  const Value form = KSV_TRY(read_form(session, arguments));
  auto read = read_transaction(form, *place);
  if (!read.has_value()) return std::move(read).error().with_context("TXN");
  etcd::Transaction transaction = *std::move(read);
  transaction.proof = place->proof_path();
  const auto reply = transact(*place, &transaction);
  if (!reply.has_value()) {
    Error error = reply.error();
    if (error.effect() != Effect::kUnknown || !error.hint().empty()) return error;
    return std::move(error).with_hint(
        "Look at the keys that it writes with ksv get --meta; with settle=sidecar ksv can tell for "
        "sure");
  }
  session.call().resolved_by = reply->settled ? ResolvedBy::kReadBack : ResolvedBy::kAnswer;
  session.out().value(value_of_reply(*reply, transaction, *place));
  return reply->succeeded ? Answer::kYes : Answer::kNo;
}

}  // namespace

CommandSpec txn_command() {
  return {
      .name = "txn",
      .group = Group::kEtcd,
      .summary = "do several things in one step if conditions hold",
      .description =
          "Runs a transaction of etcd's v3, and prints whether its conditions held, the revision, "
          "and a map for each operation that was done. TXN is a map: {:if [CONDITION...] :then "
          "[OPERATION...] :else [OPERATION...]}, each part of which may be missing. It stands on "
          "the command line, in a file, or comes from standard input. It may be JSON as well, with "
          "strings for keywords and symbols: {\"if\": [[\"=\", [\"value\", \"/a\"], \"1\"]], "
          "...}.\n\n"
          "A condition compares what is known of a key, [= [:value KEY] \"1\"]: with = > < or "
          "not=, the :value, the :version (how often it was written since it was created), the "
          ":create-revision, the :mod-revision (the version of get --meta), or the :lease. "
          "[:absent "
          "KEY] and [:present KEY] are short for such. An operation is [:put KEY VALUE], [:delete "
          "KEY] or [:get KEY]; a map at its end has options: {:prev true} of put and delete tells "
          "the state before, {:lease ID} of put, {:limit N} of get. --ttl gives all puts one "
          "lease.\n\n"
          "A KEY is a path, as elsewhere. With a slash at its end it is all that is in that "
          "directory: a condition then holds if it does of each key there. Transactions see "
          "keys, and no directories: they may write under a leaf, what other writes refuse.\n\n"
          "At most 128 operations are in one list, unless the store's max-txn-ops says more. When "
          "the answer was lost, ksv ends with status 4; with settle=sidecar it finds out what "
          "became of the transaction, and then :responses is nil.",
      .operands = {{.name = "TXN",
                    .help = "the transaction, a file that holds it, or - for standard input",
                    .count = OperandSpec::Count::kOptional,
                    .completes = Completes::kFile}},
      .options = {ttl_option()},
      .no_when = "the conditions did not hold, and :else was done",
      .examples = {{.text = "$ ksv txn '{:if [[= [:value \"/a\"] \"1\"] [:absent \"/b\"]]\n"
                            ">           :then [[:put \"/a\" \"2\"] [:put \"/b\" \"new\"]]\n"
                            ">           :else [[:get \"/a\"]]}' --json | jq -c '.succeeded, "
                            ".responses'\n"
                            "true\n"
                            "[{\"put\":\"/a\"},{\"put\":\"/b\"}]\n"
                            "$ ksv txn '{:if [[:absent \"/b\"]] :else [[:get \"/b\"]]}' | sed "
                            "'s/:revision [0-9]*/:revision .../; s/:version.*\"}/.../'\n"
                            "{:succeeded false, :revision ..., :responses [{:get \"/b\", :value "
                            "\"new\", ...]}",
                    .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-txn\n"
                             "ksv assoc /a 1",
                    .server = "etcd"}},
      .run = run_txn};
}

}  // namespace ksv::cli
