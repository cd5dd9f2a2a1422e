// Reads the operations of a transaction, and checks them.
#include "cli/transact_form.h"

#include <algorithm>
#include <utility>

#include "cli/dynamo_expression.h"
#include "cli/prose.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_json.h"
#include "base/json_slice.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

struct Kind {
  std::string_view word;
  std::string_view name;  // the service's
  bool has_item = false;  // else it has a key
};
constexpr Kind kKinds[] = {{"put", "Put", true},
                           {"update", "Update"},
                           {"delete", "Delete"},
                           {"check", "ConditionCheck"},
                           {"get", "Get"}};

std::string enclosed(const Kind& kind, const std::string& body) {
  return "{\"" + std::string(kind.name) + "\":" + body + "}";
}

Error wrong(const Value& form, const std::string& what) {
  return Error(ErrorCode::kUsage, edn_excerpt(form) + ": " + what);
}

std::string text_of(const Value* value) {
  if (value == nullptr) return "";
  if (value->is(ksv::Kind::kString)) return value->as_string();
  return value->is(ksv::Kind::kKeyword) ? value->as_name().text() : "";
}

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

Result<TransactForm> operation_of(const std::string& table, const Value& form) {
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
    return TransactForm{form, is_get, enclosed(kind, body.take())};
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

// An operation as the service has it, {"Put": {"Item": ...}}, with the table where it names none.
// The service judges what is in it.
Result<TransactForm> typed_operation_of(const std::string& table, std::string_view json) {
  Value shown = KSV_TRY(read_plain_json(json));
  const auto members = json_members(json);
  for (const Kind& kind : kKinds) {
    const bool is_it =
        members.has_value() && members->size() == 1 && members->front().first == kind.name;
    if (!is_it) continue;
    const auto parts = json_members(members->front().second);
    if (!parts.has_value()) break;
    const bool is_get = kind.word == "get";
    dynamodb::ObjectText body;
    if (!find_member(*parts, "TableName")) body.text("TableName", table);
    if (!is_get && !find_member(*parts, "ReturnValuesOnConditionCheckFailure")) {
      body.text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    }
    for (const auto& [name, value] : *parts) body.json(name, value);
    return TransactForm{std::move(shown), is_get, enclosed(kind, body.take())};
  }
  return Error(ErrorCode::kUsage, print_json(shown) +
                                      ": an operation is {\"Put\": {...}}, Update, Delete, "
                                      "ConditionCheck or Get");
}

// The text is an operation, an array of them, or one a line.
Status add_typed(const std::string& table, const std::string& text,
                 std::vector<TransactForm>* operations) {
  const auto add = [&](std::string_view json) -> Status {
    operations->push_back(KSV_TRY(typed_operation_of(table, json)));
    return ok();
  };
  const auto whole = read_plain_json(text);
  if (whole.has_value() && !whole->is(ksv::Kind::kVector)) return add(text);
  if (whole.has_value()) {
    for (const std::string_view json : KSV_TRY(json_elements(text))) KSV_CHECK(add(json));
    return ok();
  }
  std::vector<std::string> lines = split_lines(text);
  std::erase_if(
      lines, [](const std::string& line) { return line.find_first_not_of(" \t\r") == line.npos; });
  if (lines.size() < 2) return Error(whole.error()).with_context("OPERATION");
  for (const std::string& line : lines) KSV_CHECK(add(line));
  return ok();
}

Status add_forms(const std::string& table, const std::string& text, bool may_be_json,
                 std::vector<TransactForm>* operations) {
  auto given = forms_in(text, may_be_json);
  if (!given.has_value()) return std::move(given).error().with_context("OPERATION");
  for (Value& value : *given) {
    const bool is_list = value.is(ksv::Kind::kVector) && !value.items().empty() &&
                         value.items()[0].is(ksv::Kind::kVector);
    const Values forms = is_list ? value.items() : Values{std::move(value)};
    for (const Value& form : forms) {
      operations->push_back(KSV_TRY(operation_of(table, with_keyword(form))));
    }
  }
  return ok();
}

}  // namespace

Result<std::vector<TransactForm>> read_transact_forms(Session& session, const Arguments& arguments,
                                                      const std::string& table) {
  std::vector<TransactForm> operations;
  const bool may_be_json = session.syntax() == ValueSyntax::kExactJson;
  for (const std::string& operand : arguments.operands) {
    const Value text = KSV_TRY(read_value(session.env(), operand, ValueSyntax::kRaw, "OPERATION"));
    KSV_CHECK(session.typed_json() ? add_typed(table, text.as_string(), &operations)
                                   : add_forms(table, text.as_string(), may_be_json, &operations));
  }
  if (operations.empty()) return Error(ErrorCode::kUsage, "there is no operation");
  if (operations.size() > dynamodb::kTransactionMax) {
    return Error(ErrorCode::kUsage, std::to_string(operations.size()) +
                                        " operations are more than a transaction takes (100)");
  }
  for (const TransactForm& operation : operations) {
    if (operation.is_get == operations.front().is_get) continue;
    return Error(ErrorCode::kUsage, "a transaction reads or writes, not both");
  }
  return operations;
}

}  // namespace ksv::cli
