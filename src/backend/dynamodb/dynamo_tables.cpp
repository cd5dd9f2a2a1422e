// Tables (Amazon DynamoDB API Reference): describing, making, changing, deleting, listing.
#include <algorithm>

#include "backend/dynamodb/dynamo_client.h"
#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_reply.h"
#include "net/backoff.h"

namespace ksv::dynamodb {
namespace {

constexpr std::chrono::milliseconds kPollFirst{50};
constexpr std::chrono::milliseconds kPollMax{2000};

std::string name_body(const std::string& table) {
  ObjectText body;
  return body.text("TableName", table).take();
}

// The member of an answer that has one of interest.
Result<std::string> member_of(Wire& wire, const Request& request, const Answer& answer,
                              std::string_view name) {
  const auto members = json_members(answer.body);
  if (!members.has_value()) return wire.nonsense(request, members.error());
  std::string text = text_of_member(*members, name);
  if (!text.empty()) return text;
  return wire.nonsense(request,
                       Error(ErrorCode::kCorrupt, "the answer has no " + std::string(name)));
}

Result<std::int64_t> number_field(const JsonMembers& members, std::string_view name) {
  const auto value = find_member(members, name);
  if (!value || *value == "null") return std::int64_t{0};
  return json_integer(*value);
}

// The names of the key's attributes, with their types.
Status read_keys(const JsonMembers& table, TableState* state) {
  const auto schema = KSV_TRY(json_elements(find_member(table, "KeySchema").value_or("[]")));
  for (const std::string_view element : schema) {
    const JsonMembers fields = KSV_TRY(json_members(element));
    const std::string kind = KSV_TRY(string_field(fields, "KeyType"));
    std::string& name = kind == "HASH" ? state->hash_key : state->range_key;
    name = KSV_TRY(string_field(fields, "AttributeName"));
  }
  const auto types =
      KSV_TRY(json_elements(find_member(table, "AttributeDefinitions").value_or("[]")));
  for (const std::string_view element : types) {
    const JsonMembers fields = KSV_TRY(json_members(element));
    const std::string name = KSV_TRY(string_field(fields, "AttributeName"));
    const std::string type = KSV_TRY(string_field(fields, "AttributeType"));
    if (name == state->hash_key) state->hash_type = type;
    if (name == state->range_key) state->range_type = type;
  }
  return ok();
}

Status read_indexes(const JsonMembers& table, TableState* state) {
  for (const char* kind : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
    const std::string list = text_of_member(table, kind);
    if (list.empty()) continue;
    const auto indexes = KSV_TRY(json_elements(list));
    for (const std::string_view element : indexes) {
      const JsonMembers fields = KSV_TRY(json_members(element));
      const std::string status = KSV_TRY(string_field(fields, "IndexStatus"));
      const std::string name = KSV_TRY(string_field(fields, "IndexName"));
      if (!status.empty() && status != "ACTIVE") state->indexes_busy.push_back(name);
      const auto schema = KSV_TRY(json_elements(find_member(fields, "KeySchema").value_or("[]")));
      for (const std::string_view part : schema) {
        const JsonMembers key = KSV_TRY(json_members(part));
        std::string attribute = KSV_TRY(string_field(key, "AttributeName"));
        state->index_keys[name].push_back(std::move(attribute));
      }
    }
  }
  return ok();
}

bool is_reached(TableGoal goal, const TableState& state) {
  return goal == TableGoal::kActive && state.status == "ACTIVE" && state.indexes_busy.empty();
}

}  // namespace

Result<std::optional<std::string>> describe_table(Wire& wire, const std::string& table) {
  const Request request{.operation = "DescribeTable", .table = table, .body = name_body(table)};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request, Meaning::kNotFound));
  if (answer.refusal) return std::optional<std::string>();
  return std::optional<std::string>(KSV_TRY(member_of(wire, request, answer, "Table")));
}

// A table is made once: a second attempt is refused.
Result<CreateReply> create_table(Wire& wire, const std::string& table, const std::string& body) {
  const Request request{.operation = "CreateTable",
                        .table = table,
                        .body = body,
                        .repeat = net::Repeat::kConditional};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request, Meaning::kInUse));
  CreateReply reply{.doubtful = answer.doubtful};
  if (answer.refusal) return reply;
  reply.description = KSV_TRY(member_of(wire, request, answer, "TableDescription"));
  return reply;
}

Result<std::string> update_table(Wire& wire, const std::string& table, const std::string& body) {
  const Request request{
      .operation = "UpdateTable", .table = table, .body = body, .repeat = net::Repeat::kOnce};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  return member_of(wire, request, answer, "TableDescription");
}

// Sent once: a repeat might hit a table that another has made of that name meanwhile.
Result<std::optional<std::string>> delete_table(Wire& wire, const std::string& table) {
  const Request request{.operation = "DeleteTable",
                        .table = table,
                        .body = name_body(table),
                        .repeat = net::Repeat::kOnce};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request, Meaning::kNotFound));
  if (answer.refusal) return std::optional<std::string>();
  return std::optional<std::string>(KSV_TRY(member_of(wire, request, answer, "TableDescription")));
}

Result<TablePage> list_tables(Wire& wire, const std::string& start) {
  ObjectText body;
  const Request request{.operation = "ListTables",
                        .body = body.text("ExclusiveStartTableName", start).take()};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  const auto read = [&]() -> Result<TablePage> {
    TablePage page;
    const JsonMembers members = KSV_TRY(json_members(answer.body));
    const auto names = KSV_TRY(json_elements(find_member(members, "TableNames").value_or("[]")));
    for (const std::string_view name : names) page.names.push_back(KSV_TRY(json_string(name)));
    page.next = KSV_TRY(string_field(members, "LastEvaluatedTableName"));
    return page;
  };
  auto page = read();
  if (!page.has_value()) return wire.nonsense(request, page.error());
  return page;
}

Result<std::vector<std::string>> list_all_tables(Wire& wire) {
  std::vector<std::string> names;
  std::string start;
  do {
    TablePage page = KSV_TRY(list_tables(wire, start));
    names.insert(names.end(), page.names.begin(), page.names.end());
    start = std::move(page.next);
  } while (!start.empty());
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::string> describe_ttl(Wire& wire, const std::string& table) {
  const Request request{
      .operation = "DescribeTimeToLive", .table = table, .body = name_body(table)};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  return member_of(wire, request, answer, "TimeToLiveDescription");
}

Result<std::string> update_ttl(Wire& wire, const std::string& table, const std::string& body) {
  const Request request{
      .operation = "UpdateTimeToLive", .table = table, .body = body, .repeat = net::Repeat::kOnce};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  return member_of(wire, request, answer, "TimeToLiveSpecification");
}

Result<TableState> read_table_state(const std::string& description) {
  TableState state;
  const JsonMembers table = KSV_TRY(json_members(description));
  state.status = KSV_TRY(string_field(table, "TableStatus"));
  state.item_count = KSV_TRY(number_field(table, "ItemCount"));
  state.size_bytes = KSV_TRY(number_field(table, "TableSizeBytes"));
  KSV_CHECK(read_keys(table, &state));
  KSV_CHECK(read_indexes(table, &state));
  return state;
}

Result<std::string> wait_for_table(Wire& wire, const std::string& table, TableGoal goal,
                                   const std::function<void(const TableState&)>& progress) {
  std::chrono::milliseconds pause = kPollFirst;
  for (;;) {
    const auto description = KSV_TRY(describe_table(wire, table));
    if (!description && goal == TableGoal::kGone) return std::string();
    if (!description) {
      return Error(ErrorCode::kState, table_text(table) + " was deleted meanwhile");
    }
    const TableState state = KSV_TRY(read_table_state(*description));
    if (progress) progress(state);
    if (is_reached(goal, state)) return *description;
    if (wire.env().cancelled()) return Error(ErrorCode::kCancelled, "interrupted by a signal");
    if (wire.call().deadline.left() <= pause) {
      return Error(ErrorCode::kDeadline,
                   table_text(table) + " is still " + state.status + ": the time allowed ran out")
          .with_hint("The service goes on with it; --timeout gives it longer.");
    }
    net::wait(wire.env(), pause);
    pause = std::min(pause * 2, kPollMax);
  }
}

}  // namespace ksv::dynamodb
