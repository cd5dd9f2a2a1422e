// table: the tables of DynamoDB themselves.
#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/command_list.h"
#include "cli/dynamo_account.h"
#include "cli/dynamo_table_form.h"
#include "cli/session.h"

#include "backend/dynamodb/dynamo_place.h"
#include "backend/dynamodb/dynamo_table_life.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

// The table is that of the operand, else of the store.
Result<DynamoAccount> account_of(Session& session, const Arguments& arguments) {
  DynamoAccount account = KSV_TRY(open_dynamo_account(session));
  if (arguments.operands.size() > 1) {
    KSV_CHECK(dynamodb::check_table_name(arguments.operands[1]));
    account.table = arguments.operands[1];
  }
  return account;
}

// A description as the service gives it, as EDN or JSON.
Result<Answer> print_json_text(Session& session, const std::string& json) {
  const Value value = KSV_TRY(read_json(json, JsonKeys::kKeywords));
  session.out().value(value);
  return Answer::kYes;
}

// With --block the last description once it is ready, else what the answer told.
Result<Answer> print_when_ready(Session& session, const Arguments& arguments,
                                DynamoAccount& account, std::string description) {
  if (arguments.has("block")) {
    std::string state;
    const auto progress = [&](const dynamodb::TableState& now) {
      if (now.status == state) return;
      state = now.status;
      session.out().note(account.table + ": " + state);
    };
    description = KSV_TRY(
        wait_for_table(*account.wire, account.table, dynamodb::TableGoal::kActive, progress));
  }
  return print_json_text(session, description);
}

Result<Answer> run_list(Session& session, DynamoAccount& account) {
  for (const std::string& name : KSV_TRY(list_all_tables(*account.wire))) session.out().line(name);
  return Answer::kYes;
}

Result<Answer> run_describe(Session& session, DynamoAccount& account) {
  const auto description = KSV_TRY(describe_table(*account.wire, account.table));
  if (!description) return absent_table(account.table);
  Value value = KSV_TRY(read_json(*description, JsonKeys::kKeywords));
  // Another request tells of it, which not all may send.
  const auto ttl_text = describe_ttl(*account.wire, account.table);
  if (ttl_text.has_value()) {
    const Value ttl = KSV_TRY(read_json(*ttl_text, JsonKeys::kKeywords));
    if (field(ttl, "AttributeName") != nullptr) {
      value.put(Value::keyword("TimeToLiveDescription"), ttl);
    }
  }
  session.out().value(value);
  return Answer::kYes;
}

Result<Answer> run_create(Session& session, const Arguments& arguments, DynamoAccount& account,
                          bool if_absent) {
  const NewTable made = KSV_TRY(read_new_table(session, arguments, account.table));
  const auto is_there = [&]() -> Result<Answer> {
    if (arguments.has("block")) {
      KSV_CHECK(wait_for_table(*account.wire, account.table, dynamodb::TableGoal::kActive, {}));
    }
    return Answer::kNo;
  };
  if (if_absent) {
    const auto present = KSV_TRY(describe_table(*account.wire, account.table));
    if (present) return is_there();
  }
  const auto reply = KSV_TRY(create_table(*account.wire, account.table, made.body));
  if (!reply.description && if_absent) return is_there();
  if (!reply.description) {
    return Error(ErrorCode::kState,
                 "the table " + account.table + " exists already" +
                     (reply.doubtful ? ", perhaps made by this command" : ""),
                 reply.doubtful ? Effect::kUnknown : Effect::kNone)
        .with_hint("table ensure takes it as it is");
  }
  auto printed = print_when_ready(session, arguments, account, *reply.description);
  if (!printed.has_value()) return printed;
  if (!made.ttl_attribute.empty()) {
    KSV_CHECK(wait_for_table(*account.wire, account.table, dynamodb::TableGoal::kActive, {}));
    KSV_CHECK(update_ttl(*account.wire, account.table,
                         ttl_body(account.table, made.ttl_attribute, true)));
  }
  return printed;
}

Result<Answer> run_update(Session& session, const Arguments& arguments, DynamoAccount& account) {
  const auto is_given = [&](const char* option) { return arguments.has(option); };
  const char* const others[] = {"throughput", "billing", "index", "stream"};
  const bool has_others = std::any_of(std::begin(others), std::end(others), is_given);
  if (!has_others && !arguments.has("ttl-attr")) {
    return Error(ErrorCode::kUsage, "what is to change?")
        .with_hint("Say --throughput, --billing, --index, --stream or --ttl-attr");
  }
  if (const std::string* attribute = arguments.find("ttl-attr")) {
    if (has_others) {
      return Error(ErrorCode::kUsage, "--ttl-attr is a request of its own, and goes alone");
    }
    const bool is_off = *attribute == "off";
    std::string name = *attribute;
    if (is_off) {
      const std::string now = KSV_TRY(describe_ttl(*account.wire, account.table));
      const Value ttl = KSV_TRY(read_json(now, JsonKeys::kKeywords));
      const Value* present = field(ttl, "AttributeName");
      if (present == nullptr) return Answer::kNo;
      name = present->as_string();
    }
    const std::string became =
        KSV_TRY(update_ttl(*account.wire, account.table, ttl_body(account.table, name, !is_off)));
    return print_json_text(session, became);
  }
  const auto present = KSV_TRY(describe_table(*account.wire, account.table));
  if (!present) return absent_table(account.table);
  const std::string body = KSV_TRY(update_table_body(session, arguments, account.table, *present));
  if (body.empty()) return print_when_ready(session, arguments, account, *present);
  std::string description = KSV_TRY(update_table(*account.wire, account.table, body));
  return print_when_ready(session, arguments, account, std::move(description));
}

Result<Answer> run_delete(Session& session, const Arguments& arguments, DynamoAccount& account) {
  if (!arguments.has("yes")) {
    return Error(ErrorCode::kUsage, "the table goes with all of its items")
        .with_hint("Say --yes to delete " + account.table);
  }
  const auto description = KSV_TRY(delete_table(*account.wire, account.table));
  if (!description) return absent_table(account.table);
  if (arguments.has("block")) {
    KSV_CHECK(wait_for_table(*account.wire, account.table, dynamodb::TableGoal::kGone, {}));
  }
  return print_json_text(session, *description);
}

// Which options say something to which action.
Status check_options(const Arguments& arguments, const std::string& action) {
  struct Row {
    const char* option;
    std::string_view actions;
  };
  static constexpr Row kRows[] = {{"hash-key", "create ensure"},
                                  {"range-key", "create ensure"},
                                  {"from", "create ensure"},
                                  {"throughput", "create ensure update"},
                                  {"billing", "create ensure update"},
                                  {"index", "create ensure update"},
                                  {"stream", "create ensure update"},
                                  {"ttl-attr", "create ensure update"},
                                  {"block", "create ensure update delete"},
                                  {"yes", "delete"}};
  for (const Row& row : kRows) {
    if (!arguments.has(row.option) || row.actions.find(action) != row.actions.npos) continue;
    return Error(ErrorCode::kUsage,
                 "--" + std::string(row.option) + " says nothing to table " + action);
  }
  return ok();
}

Result<Answer> run_table(Session& session, const Arguments& arguments) {
  const std::string& action = arguments.operands[0];
  DynamoAccount account = KSV_TRY(account_of(session, arguments));
  KSV_CHECK(check_options(arguments, action));
  if (action == "list") return run_list(session, account);
  if (account.table.empty()) {
    return Error(ErrorCode::kUsage, "which table?")
        .with_hint("Write ksv table " + action + " TABLE");
  }
  if (action == "describe") return run_describe(session, account);
  if (action == "create") return run_create(session, arguments, account, false);
  if (action == "ensure") return run_create(session, arguments, account, true);
  if (action == "update") return run_update(session, arguments, account);
  if (action == "delete") return run_delete(session, arguments, account);
  return Error(ErrorCode::kUsage, "\"" + action + "\" is nothing to do with a table")
      .with_hint("list, describe, create, ensure, update or delete");
}

}  // namespace

OptionSpec hash_key_option() {
  return {.name = "hash-key",
          .argument = "NAME:TYPE",
          .help = "DynamoDB: the partition key of the table, TYPE being s, n or b: id:n"};
}

OptionSpec range_key_option() {
  return {.name = "range-key",
          .argument = "NAME:TYPE",
          .help = "DynamoDB: its sort key, if it has one"};
}

CommandSpec table_command() {
  return {
      .name = "table",
      .group = Group::kDynamo,
      .summary = "list, describe, create, change and delete tables",
      .description =
          "What is done to tables of DynamoDB, in the region that --store names: "
          "`-s dynamodb://`. Without TABLE it is the store's own.\n\n"
          "`list` prints the names. `describe` prints what the service says of a table, in its own "
          "words; `create --from` takes that again, `-` being standard input. `create` makes a "
          "table, `ensure` only where it "
          "is not there (status 1 where it is, whatever its form). `update` changes throughput, "
          "billing, global indexes, stream, or the attribute for time to live. `delete` takes the "
          "table with all of its items.\n\n"
          "An index is a map: `{:name \"by-age\" :hash-key \"age:n\" :range-key \"id:n\" "
          ":projection "
          ":all}`, the projection being :all, :keys-only or a vector of attributes, with "
          ":throughput "
          "where the table has it; without :hash-key the index is local. For `update` it has "
          ":operation :create, :update or :delete. --index takes one or a vector of them.\n\n"
          "--block waits, with growing pauses, until the table and its indexes are active, or "
          "gone.",
      .operands = {{.name = "ACTION",
                    .help = "list, describe, create, ensure, update or delete",
                    .completes = Completes::kChoices,
                    .choices = "list|describe|create|ensure|update|delete"},
                   {.name = "TABLE",
                    .help = "its name; else the store's",
                    .count = OperandSpec::Count::kOptional}},
      .options = {hash_key_option(),
                  range_key_option(),
                  {.name = "throughput",
                   .argument = "READ:WRITE",
                   .help = "provisioned units of capacity: 5:5"},
                  {.name = "billing",
                   .argument = "MODE",
                   .help = "provisioned or pay-per-request",
                   .completes = Completes::kChoices,
                   .choices = "provisioned|pay-per-request"},
                  {.name = "index", .argument = "EDN", .help = "an index, or a vector of indexes"},
                  {.name = "stream",
                   .argument = "VIEW",
                   .help = "what changes are recorded with, or off",
                   .completes = Completes::kChoices,
                   .choices = "keys-only|new-image|old-image|new-and-old-images|off"},
                  {.name = "ttl-attr",
                   .argument = "NAME",
                   .help = "the attribute that says when an item expires, or off"},
                  {.name = "from",
                   .argument = "FILE",
                   .help = "create a table as described there, by describe",
                   .completes = Completes::kFile},
                  {.name = "block", .help = "wait until the table is ready, or gone"},
                  {.name = "yes", .help = "delete without asking"}},
      .no_when = "there is nothing to do",
      .examples =
          {{.text = "$ ksv table create users --hash-key id:n --throughput 1:1 \\\n"
                    "    --index '{:name \"by-age\" :hash-key \"age:n\" :throughput \"1:1\"}' \\\n"
                    "    --ttl-attr expires --block > users.edn\n"
                    "ksv: users: ACTIVE\n"
                    "$ ksv table ensure users --hash-key id:n\n"
                    "? 1\n"
                    "$ ksv table update users --throughput 2:2 > users.edn\n"
                    "$ ksv table describe users --json | jq -c .KeySchema\n"
                    "[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]\n"
                    "$ ksv table describe users | ksv table create users2 --from - > users2.edn\n"
                    "$ ksv table list | grep users\n"
                    "users\n"
                    "users2\n"
                    "$ ksv table delete users2 --yes --block > users2.edn",
            .setup = "export KSV_STORE=dynamodb://",
            .server = "dynamodb"}},
      .run = run_table};
}

}  // namespace ksv::cli
