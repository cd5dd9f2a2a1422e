// transact: several items of DynamoDB, all or nothing.
#include <algorithm>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_capacity.h"
#include "cli/item_command.h"
#include "cli/session.h"
#include "cli/transact_form.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_item_text.h"
#include "base/hex.h"
#include "codec/dynamo_item.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

// What the service said to each operation that it did not do.
Status print_reasons(Session& session, const std::vector<TransactForm>& forms,
                     const std::vector<dynamodb::CancelReason>& reasons) {
  for (std::size_t i = 0; i < reasons.size() && i < forms.size(); ++i) {
    const dynamodb::CancelReason& reason = reasons[i];
    if (reason.code == "None") continue;
    Value shown = Value::map();
    shown.put(Value::keyword("operation"), forms[i].shown);
    shown.put(Value::keyword("reason"), Value::string(reason.code));
    if (!reason.message.empty()) {
      shown.put(Value::keyword("message"), Value::string(reason.message));
    }
    if (reason.item) {
      const std::string sorted = KSV_TRY(dynamodb::canonical_item(*reason.item));
      Value item = KSV_TRY(session.typed_json() ? read_plain_json(sorted) : shown_item(sorted));
      shown.put(Value::keyword("item"), std::move(item));
    }
    if (session.typed_json()) {
      session.out().line(print_json(shown));
    } else {
      session.out().record(shown);
    }
  }
  return ok();
}

Result<Answer> read_items(Session& session, dynamodb::Wire& wire,
                          const std::vector<std::string>& operations, CapacityMeter* capacity) {
  const auto reply = KSV_TRY(dynamodb::transact_get(wire, operations, capacity->wish()));
  capacity->add(reply.capacity);
  capacity->tell();
  for (const auto& item : reply.items) {
    if (item) {
      KSV_CHECK(print_item(session, *item));
    } else if (session.typed_json()) {
      session.out().line("null");
    } else {
      session.out().record(Value());
    }
  }
  return Answer::kYes;
}

Result<Answer> run_transact(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  const auto forms = KSV_TRY(read_transact_forms(session, arguments, place->table()));
  std::vector<std::string> operations;
  for (const TransactForm& form : forms) operations.push_back(form.json);
  CapacityMeter capacity(session, arguments);
  if (forms.front().is_get) return read_items(session, place->wire(), operations, &capacity);

  const std::string* token = arguments.find("token");
  if (token != nullptr && (token->empty() || token->size() > 36)) {
    return Error(ErrorCode::kUsage, "--token: 1 to 36 characters");
  }
  const dynamodb::TransactInput input{
      .operations = std::move(operations),
      .token = token != nullptr ? *token : uuid_text(random_uuid(session.env())),
      .capacity = capacity.wish()};
  auto reply = dynamodb::transact_write(place->wire(), input);
  if (!reply.has_value()) {
    if (reply.error().effect() != Effect::kUnknown) return std::move(reply).error();
    return std::move(reply).error().with_hint("Within ten minutes the same command with --token " +
                                              input.token +
                                              " tells, and does it if it was not done");
  }
  if (const auto* cancelled = std::get_if<dynamodb::Cancelled>(&*reply)) {
    KSV_CHECK(print_reasons(session, forms, cancelled->reasons));
    const bool is_condition =
        std::any_of(cancelled->reasons.begin(), cancelled->reasons.end(),
                    [](const auto& reason) { return reason.code == "ConditionalCheckFailed"; });
    if (is_condition) return Answer::kNo;
    return cancelled->error;
  }
  capacity.add(std::get_if<dynamodb::Transacted>(&*reply)->capacity);
  capacity.tell();
  return Answer::kYes;
}

}  // namespace

CommandSpec transact_command() {
  return {
      .name = "transact",
      .group = Group::kDynamo,
      .summary = "write or read several items, all or nothing",
      .description =
          "Does all OPERATIONs in one transaction of DynamoDB, or none: `[:put {:item ITEM}]`, "
          "`[:update {:key KEY :update EXPRESSION}]`, `[:delete {:key KEY}]`, `[:check {:key KEY "
          ":condition EXPRESSION}]`; or reads with `[:get {:key KEY}]`, which prints the items, "
          "nil for an absent one. Each may have a :table of its own, a :condition, :names and "
          ":values. One operand may be a vector of them; `@FILE` and `-` read some from there. "
          "With "
          "--json they can be JSON, words standing for keywords: `[\"put\", {\"item\": "
          "{...}}]`. With --typed-json they are the service's own TransactItems, "
          "`{\"Put\": {\"Item\": {\"id\": {\"N\": \"1\"}}}}`, in an array or one a line, and items "
          "are printed so.\n\n"
          "Where a condition fails nothing is done, each failed operation is printed with its "
          "reason and the item that is there, and the status is 1.\n\n"
          "The transaction goes under a token of its own, under which the service does it once, "
          "however often it is sent. After a lost answer the same command with the --token that "
          "the message names tells what became of it.",
      .operands = {{.name = "OPERATION",
                    .help = "operations as EDN, - or @FILE",
                    .count = OperandSpec::Count::kSome}},
      .options = {{.name = "token",
                   .argument = "TOKEN",
                   .help = "the client request token; else one is made up"},
                  capacity_option(),
                  typed_json_option()},
      .no_when = "a condition failed",
      .examples = {{.text = "$ ksv transact '[:put {:item {:id 3 :n 1}}]' \\\n"
                            "    '[:update {:key {:id 1} :update \"SET n = n - 1\"}]' \\\n"
                            "    '[:check {:key {:id 2} :condition \"n > 0\"}]'\n"
                            "$ ksv transact '[:put {:item {:id 4}}]' \\\n"
                            "    '[:delete {:key {:id 1} :condition {:n 99}}]' | cut -c1-56\n"
                            "{:operation [:delete {:key {:id 1}, :condition {:n 99}}]\n"
                            "$ ksv exists 4\n"
                            "false\n"
                            "? 1\n"
                            "$ ksv transact '[:get {:key {:id 1}}]' '[:get {:key {:id 9}}]'\n"
                            "{:id 1, :n 4}\n"
                            "nil",
                    .setup = "export KSV_STORE=dynamodb://man-transact\n"
                             "ksv create-store --hash-key id:n\n"
                             "ksv batch-write '{:id 1 :n 5}' '{:id 2 :n 5}'",
                    .server = "dynamodb"}},
      .run = run_transact};
}

}  // namespace ksv::cli
