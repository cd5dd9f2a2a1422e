// One request to a table of items, as the options say it.
#include "cli/item_command.h"

#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_capacity.h"
#include "cli/dynamo_expression.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

using dynamodb::WriteInput;

std::string upper_word(std::string_view word) {
  if (word == "old") return "ALL_OLD";
  if (word == "new") return "ALL_NEW";
  if (word == "updated-old") return "UPDATED_OLD";
  return word == "updated-new" ? "UPDATED_NEW" : "";
}

// What the options say of a write: all but the item or key.
Result<WriteInput> input_of(Session& session, const Arguments& arguments,
                            dynamodb::ItemPlace& place) {
  for (const char* other : {"if-match", "if-absent", "print-version", "dry-run", "skip-equal",
                            "exactly-once", "version-attr"}) {
    if (!arguments.has(other)) continue;
    return Error(ErrorCode::kUsage,
                 "--" + std::string(other) + " and expressions of the service exclude each other");
  }
  const auto names = KSV_TRY(find_edn(session, arguments, "names"));
  const auto values = KSV_TRY(find_edn(session, arguments, "values"));
  Expressions expressions = KSV_TRY(Expressions::make(names, values));
  WriteInput input{.table = place.table(), .old_on_failure = true};
  if (const std::string* condition = arguments.find("condition")) {
    input.condition = KSV_TRY(expressions.add_either("--condition", *condition));
  }
  if (const std::string* update = arguments.find("update")) {
    input.update = KSV_TRY(expressions.add("--update", *update));
  }
  KSV_CHECK(expressions.check_used());
  input.placeholders = {expressions.names_json(), expressions.values_json()};
  if (const std::string* what = arguments.find("return")) input.returned = upper_word(*what);
  input.capacity = CapacityMeter(session, arguments).wish();
  return input;
}

// An item as notes show it, or "nothing".
Result<std::string> text_of_present(Session& session, const std::optional<std::string>& json) {
  if (!json) return std::string("nothing");
  if (session.typed_json()) return dynamodb::canonical_item(*json);
  const Value item = KSV_TRY(shown_item(*json));
  return text_for_note(session, item);
}

Result<Answer> report(Session& session, const Arguments& arguments, const WriteInput& input,
                      Result<dynamodb::WriteReply> reply) {
  if (!reply.has_value()) {
    if (reply.error().effect() != Effect::kUnknown) return std::move(reply).error();
    return std::move(reply).error().with_hint("Look with ksv get what is there now");
  }
  if (const auto* failed = std::get_if<dynamodb::ConditionFailed>(&*reply)) {
    const std::string there = KSV_TRY(text_of_present(session, failed->item));
    if (failed->doubtful) {
      return Error(ErrorCode::kUnavailable,
                   "it is unknown whether the write took effect: an attempt got no answer, and the "
                   "next did not meet its condition",
                   Effect::kUnknown)
          .with_hint("There is now: " + there);
    }
    session.out().note("the condition failed; there is " + there);
    return Answer::kNo;
  }
  const auto& applied = *std::get_if<dynamodb::Applied>(&*reply);
  CapacityMeter capacity(session, arguments);
  capacity.add(applied.capacity);
  capacity.tell();
  if (input.returned.empty()) return Answer::kYes;
  if (applied.attributes) {
    KSV_CHECK(print_item(session, *applied.attributes));
  } else {
    session.out().value(Value());
  }
  return Answer::kYes;
}

}  // namespace

Result<std::optional<Value>> find_edn(Session& session, const Arguments& arguments,
                                      const char* name) {
  const std::string* text = arguments.find(name);
  if (text == nullptr) return std::optional<Value>();
  Value value =
      KSV_TRY(read_value(session.env(), *text, ValueSyntax::kEdn, "--" + std::string(name)));
  return std::optional<Value>(std::move(value));
}

Result<Value> shown_item(const std::string& json) {
  const std::string sorted = KSV_TRY(dynamodb::canonical_item(json));
  return read_item(sorted, {.frozen = Frozen::kTagged});
}

Status print_item(Session& session, const std::string& json) {
  if (session.typed_json()) {
    const std::string sorted = KSV_TRY(dynamodb::canonical_item(json));
    session.out().line(sorted);
    return ok();
  }
  const Value item = KSV_TRY(shown_item(json));
  session.out().record(item);
  return ok();
}

std::string text_for_note(Session& session, const Value& value) {
  return session.out().options().format == Format::kJson ? print_json(value) : print_edn(value);
}

OptionSpec consistent_option() {
  return {.name = "consistent",
          .help =
              "DynamoDB: strongly consistent, as it is without unless the address says stale "
              "or the index is a local one"};
}

OptionSpec typed_json_option() {
  return {.name = "typed-json",
          .help = "DynamoDB: items in the service's own JSON, both ways: {\"n\":{\"N\":\"1\"}}"};
}

std::vector<OptionSpec> item_write_options(std::string_view returns) {
  return {{.name = "condition",
           .argument = "EXPRESSION",
           .help = "DynamoDB: only if this is true of the item that is there; see ksv-query(1)"},
          names_option(),
          values_option(),
          {.name = "return",
           .argument = "WHAT",
           .help = "DynamoDB: print the item as it was, or is, or what was changed of it",
           .completes = Completes::kChoices,
           .choices = returns},
          capacity_option(),
          typed_json_option()};
}

OptionSpec item_update_option() {
  return {.name = "update",
          .argument = "EXPRESSION",
          .help = "DynamoDB: in place of FN, an update expression: 'SET n = n + 1 REMOVE tmp'"};
}

OptionSpec version_attr_option() {
  return {.name = "version-attr",
          .argument = "NAME",
          .help = "DynamoDB: compare and count up this attribute, in place of comparing all"};
}

OptionSpec exactly_once_option() {
  return {.name = "exactly-once",
          .help =
              "DynamoDB: write by a transaction, whose outcome is always known, at twice the "
              "price"};
}

std::vector<OptionSpec> item_read_options() {
  return {{.name = "projection",
           .argument = "PATHS",
           .help = "DynamoDB: only these attributes: 'a, b.c[0]'"},
          capacity_option(),
          consistent_option(),
          typed_json_option()};
}

bool asks_for_expressions(const Arguments& arguments) {
  for (const char* option : {"condition", "names", "values", "return", "capacity", "update"}) {
    if (arguments.has(option)) return true;
  }
  return false;
}

Result<Answer> put_item_by_expression(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  WriteInput input = KSV_TRY(input_of(session, arguments, *place));
  Value item = KSV_TRY(session.key(arguments.operands[0]));
  const Value given = KSV_TRY(session.value(arguments.operands[1], "VALUE"));
  if (!given.is(Kind::kMap)) {
    return Error(ErrorCode::kUsage, "an item is a map, got " + edn_excerpt(given));
  }
  for (const Table::Entry& entry : given.table()) {
    const Value* part = item.table().value_of(entry.key);
    if (part != nullptr && !(*part == entry.value)) {
      return Error(ErrorCode::kUsage, "the item's " + edn_excerpt(entry.key) + " is " +
                                          edn_excerpt(entry.value) + ", but the key says " +
                                          edn_excerpt(*part));
    }
    item.put(entry.key, entry.value);
  }
  input.item = KSV_TRY(write_item(item));
  const SignalHold hold(session.env());
  return report(session, arguments, input, dynamodb::put_item(place->wire(), input));
}

Result<Answer> update_item_by_expression(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  if (!arguments.has("update") || arguments.operands.size() > 1) {
    return Error(ErrorCode::kUsage, "an update by the service has --update, and no FN");
  }
  WriteInput input = KSV_TRY(input_of(session, arguments, *place));
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  input.key = KSV_TRY(write_item(key));
  const SignalHold hold(session.env());
  return report(session, arguments, input, dynamodb::update_item(place->wire(), input));
}

Result<Answer> delete_item_by_expression(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  WriteInput input = KSV_TRY(input_of(session, arguments, *place));
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  input.key = KSV_TRY(write_item(key));
  const SignalHold hold(session.env());
  return report(session, arguments, input, dynamodb::delete_item(place->wire(), input));
}

Result<std::optional<std::string>> get_item_by_projection(Session& session,
                                                          const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  Expressions expressions = KSV_TRY(Expressions::make({}, {}));
  dynamodb::GetInput input{
      .table = place->table(), .key = {}, .stale = place->wire().settings().stale};
  const Value key = KSV_TRY(session.key(arguments.operands[0]));
  input.key = KSV_TRY(write_item(key));
  if (const std::string* paths = arguments.find("projection")) {
    input.projection = KSV_TRY(expressions.add("--projection", *paths));
  }
  input.placeholders.names = expressions.names_json();
  CapacityMeter capacity(session, arguments);
  input.capacity = capacity.wish();
  dynamodb::GetReply reply = KSV_TRY(dynamodb::get_item(place->wire(), input));
  capacity.add(reply.capacity);
  capacity.tell();
  return std::move(reply.item);
}

}  // namespace ksv::cli
