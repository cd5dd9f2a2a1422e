// transact: several items of DynamoDB, all or nothing.
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_capacity.h"
#include "cli/dynamo_expression.h"
#include "cli/item_command.h"
#include "cli/session.h"

#include "ksv/limits.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_json.h"
#include "base/hex.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

struct Kind {
  std::string_view word;
  std::string_view name;  // the service's
  bool has_item = false;  // else it has a key
};
constexpr Kind kGet{"get", "Get"};
constexpr Kind kKinds[] = {{"put", "Put", true},
                           {"update", "Update"},
                           {"delete", "Delete"},
                           {"check", "ConditionCheck"},
                           kGet};

Error wrong(const Value& form, const std::string& what) {
  return Error(ErrorCode::kUsage, edn_excerpt(form) + ": " + what);
}

std::string text_of(const Value* value) {
  if (value == nullptr) return "";
  if (value->is(ksv::Kind::kString)) return value->as_string();
  return value->is(ksv::Kind::kKeyword) ? value->as_name().text() : "";
}

struct Operation {
  bool is_get = false;
  std::string json;
};

// The parts of an operation that are expressions.
Status add_expressions(const Value& parts, dynamodb::ObjectText* body) {
  const auto part = [&](std::string_view name) { return field(parts, name); };
  const auto copied = [&](std::string_view name) {
    const Value* value = part(name);
    return value == nullptr ? std::optional<Value>() : std::optional<Value>(*value);
  };
  Expressions expressions = KSV_TRY(Expressions::make(copied("names"), copied("values")));
  for (const auto& [word, name] :
       {std::pair<std::string_view, std::string_view>{"update", "UpdateExpression"},
        {"condition", "ConditionExpression"},
        {"projection", "ProjectionExpression"}}) {
    const Value* given = part(word);
    if (given == nullptr) continue;
    const std::string option = ":" + std::string(word);
    const bool is_map = given->is(ksv::Kind::kMap);
    auto text =
        is_map ? expressions.add_map(option, *given) : expressions.add(option, text_of(given));
    const std::string expression = KSV_TRY(std::move(text));
    body->text(name, expression);
  }
  KSV_CHECK(expressions.check_used());
  body->json("ExpressionAttributeNames", expressions.names_json())
      .json("ExpressionAttributeValues", expressions.values_json());
  return ok();
}

Result<Operation> operation_of(const std::string& table, const Value& form) {
  const bool is_pair = form.is(ksv::Kind::kVector) && form.items().size() == 2 &&
                       form.items()[0].is(ksv::Kind::kKeyword) &&
                       form.items()[1].is(ksv::Kind::kMap);
  if (!is_pair)
    return wrong(form, "an operation is [:put {...}], :update, :delete, :check or :get");
  const std::string word = form.items()[0].as_name().text();
  const Value& parts = form.items()[1];
  for (const Kind& kind : kKinds) {
    if (kind.word != word) continue;
    for (const Table::Entry& entry : parts.table()) {
      const std::string name = text_of(&entry.key);
      const bool is_known = name == "table" || name == (kind.has_item ? "item" : "key") ||
                            name == "names" || name == "values" ||
                            (name == "condition" && kind.word != "get") ||
                            (name == "update" && kind.word == "update") ||
                            (name == "projection" && kind.word == "get");
      if (!is_known) return wrong(form, "says nothing to " + edn_excerpt(entry.key));
    }
    const Value* content = field(parts, kind.has_item ? "item" : "key");
    if (content == nullptr || !content->is(ksv::Kind::kMap)) {
      return wrong(form, kind.has_item ? "needs an :item, a map" : "needs a :key, a map");
    }
    for (const auto& [of, part] : {std::pair{"update", "update"}, {"check", "condition"}}) {
      if (kind.word != of || field(parts, part) != nullptr) continue;
      return wrong(form, "needs :" + std::string(part) + ", an expression");
    }
    const std::string named = text_of(field(parts, "table"));
    const std::string& chosen = named.empty() ? table : named;
    KSV_CHECK(dynamodb::check_table_name(chosen));
    const std::string json = KSV_TRY(write_item(*content));
    dynamodb::ObjectText body;
    body.text("TableName", chosen).json(kind.has_item ? "Item" : "Key", json);
    KSV_CHECK(add_expressions(parts, &body));
    const bool is_get = kind.word == "get";
    if (!is_get) body.text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    return Operation{is_get, "{\"" + std::string(kind.name) + "\":" + body.take() + "}"};
  }
  return wrong(form, "there is no operation :" + word);
}

// Operations of a text, or a vector of them: EDN, one after the other, or JSON where that is asked
// for, with words in place of keywords.
Result<Values> forms_in(const std::string& text, bool may_be_json) {
  if (may_be_json) {
    auto json = read_plain_json(text);
    if (json.has_value()) return Values{*std::move(json)};
  }
  Values forms;
  EdnStream stream(text);
  for (;;) {
    auto next = stream.next();
    if (!next.has_value()) return std::move(next).error();
    if (!*next) return forms;
    forms.push_back(**std::move(next));
  }
}

// ["put" {...}] of JSON is [:put {...}].
Value with_keyword(Value form) {
  const bool is_pair = form.is(ksv::Kind::kVector) && form.items().size() == 2 &&
                       form.items()[0].is(ksv::Kind::kString);
  if (!is_pair) return form;
  return Value::vector({Value::keyword(form.items()[0].as_string()), form.items()[1]});
}

// All operations of the operands.
Result<Values> forms_of(Session& session, const Arguments& arguments) {
  const bool may_be_json = session.syntax() == ValueSyntax::kExactJson;
  Values forms;
  for (const std::string& operand : arguments.operands) {
    const Value text = KSV_TRY(read_value(session.env(), operand, ValueSyntax::kRaw, "OPERATION"));
    auto given = forms_in(text.as_string(), may_be_json);
    if (!given.has_value()) return std::move(given).error().with_context("OPERATION");
    for (Value& value : *given) {
      const bool is_list = value.is(ksv::Kind::kVector) && !value.items().empty() &&
                           value.items()[0].is(ksv::Kind::kVector);
      if (!is_list) {
        forms.push_back(with_keyword(std::move(value)));
        continue;
      }
      for (const Value& form : value.items()) forms.push_back(with_keyword(form));
    }
  }
  if (!forms.empty()) return forms;
  return Error(ErrorCode::kUsage, "there is no operation");
}

Result<Answer> print_reasons(Session& session, const Values& forms,
                             const dynamodb::Cancelled& cancelled) {
  bool is_condition = false;
  Values reasons;
  for (std::size_t i = 0; i < cancelled.reasons.size() && i < forms.size(); ++i) {
    const dynamodb::CancelReason& reason = cancelled.reasons[i];
    is_condition = is_condition || reason.code == "ConditionalCheckFailed";
    Value shown = Value::map();
    shown.put(Value::keyword("operation"), forms[i]);
    shown.put(Value::keyword("reason"), Value::string(reason.code));
    if (!reason.message.empty()) {
      shown.put(Value::keyword("message"), Value::string(reason.message));
    }
    if (reason.item) {
      Value item = KSV_TRY(shown_item(*reason.item));
      shown.put(Value::keyword("item"), std::move(item));
    }
    if (reason.code != "None") reasons.push_back(std::move(shown));
  }
  for (const Value& reason : reasons) session.out().record(reason);
  if (is_condition) return Answer::kNo;
  return cancelled.error;
}

Result<Answer> run_transact(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  const Values forms = KSV_TRY(forms_of(session, arguments));
  std::vector<std::string> operations;
  std::size_t gets = 0;
  for (const Value& form : forms) {
    Operation operation = KSV_TRY(operation_of(place->table(), form));
    gets += operation.is_get ? 1 : 0;
    operations.push_back(std::move(operation.json));
  }
  if (operations.size() > dynamodb::kTransactionMax) {
    return Error(ErrorCode::kUsage, std::to_string(operations.size()) +
                                        " operations are more than a transaction takes (100)");
  }
  if (gets > 0 && gets < operations.size()) {
    return Error(ErrorCode::kUsage, "a transaction reads or writes, not both");
  }
  CapacityMeter capacity(session, arguments);
  if (gets > 0) {
    const auto reply = KSV_TRY(dynamodb::transact_get(place->wire(), operations, capacity.wish()));
    capacity.add(reply.capacity);
    capacity.tell();
    for (const auto& item : reply.items) {
      Value value;
      if (item) value = KSV_TRY(shown_item(*item));
      session.out().record(value);
    }
    return Answer::kYes;
  }
  const std::string* token = arguments.find("token");
  if (token != nullptr && (token->empty() || token->size() > 36)) {
    return Error(ErrorCode::kUsage, "--token: 1 to 36 characters");
  }
  const dynamodb::TransactInput input{
      .operations = operations,
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
    return print_reasons(session, forms, *cancelled);
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
          "{...}}]`.\n\n"
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
                  capacity_option()},
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
