// Making and dropping tables.
#include "backend/dynamodb/dynamo_table_life.h"

#include <utility>
#include <vector>

#include "backend/dynamodb/dynamo_json.h"

namespace ksv::dynamodb {
namespace {

// Tables that are made and deleted by others all the time.
constexpr int kRoundsMax = 4;

Result<std::optional<TableState>> find_state(Wire& wire, const std::string& table) {
  const auto description = KSV_TRY(describe_table(wire, table));
  if (!description) return std::optional<TableState>();
  TableState state = KSV_TRY(read_table_state(*description));
  return std::optional<TableState>(std::move(state));
}

bool is_going(const std::optional<TableState>& state) {
  return state && state->status == "DELETING";
}

Error unknown_creation(const std::string& table) {
  return Error(ErrorCode::kUnavailable,
               "an answer was lost: it is unknown whether this command created " +
                   table_text(table) + ", or another one",
               Effect::kUnknown)
      .with_hint("The table is there.");
}

}  // namespace

std::string table_body(const Settings& settings, const KeyAttribute& hash,
                       const std::optional<KeyAttribute>& range) {
  const auto definition = [](const KeyAttribute& key) {
    return ObjectText().text("AttributeName", key.name).text("AttributeType", key.type).take();
  };
  const auto element = [](const KeyAttribute& key, std::string_view kind) {
    return ObjectText().text("AttributeName", key.name).text("KeyType", kind).take();
  };
  std::vector<std::string> definitions = {definition(hash)};
  std::vector<std::string> schema = {element(hash, "HASH")};
  if (range) {
    definitions.push_back(definition(*range));
    schema.push_back(element(*range, "RANGE"));
  }
  ObjectText body;
  body.text("TableName", settings.table)
      .json("AttributeDefinitions", array_text(definitions))
      .json("KeySchema", array_text(schema));
  if (settings.on_demand) return body.text("BillingMode", "PAY_PER_REQUEST").take();
  ObjectText throughput;
  throughput.number("ReadCapacityUnits", settings.read_capacity)
      .number("WriteCapacityUnits", settings.write_capacity);
  return body.text("BillingMode", "PROVISIONED")
      .json("ProvisionedThroughput", throughput.take())
      .take();
}

Result<KeyAttribute> parse_key_attribute(std::string_view text) {
  const auto colon = text.rfind(':');
  KeyAttribute key{std::string(text.substr(0, colon)), ""};
  const std::string_view type = colon == text.npos ? "" : text.substr(colon + 1);
  if (type == "s" || type == "S") key.type = "S";
  if (type == "n" || type == "N") key.type = "N";
  if (type == "b" || type == "B") key.type = "B";
  if (!key.type.empty() && !key.name.empty()) return key;
  return Error(ErrorCode::kUsage, "\"" + std::string(text) + "\" is no key attribute")
      .with_hint("Write NAME:TYPE, the type being s (string), n (number) or b (bytes): id:n");
}

Result<CreateOutcome> make_table(Wire& wire, const std::string& table, const std::string& body) {
  for (int round = 1; round <= kRoundsMax; ++round) {
    const CreateReply reply = KSV_TRY(create_table(wire, table, body));
    const auto state = KSV_TRY(find_state(wire, table));
    if (!reply.description && !state) continue;
    if (!reply.description && is_going(state)) {
      KSV_CHECK(wait_for_table(wire, table, TableGoal::kGone, {}));
      continue;
    }
    KSV_CHECK(wait_for_table(wire, table, TableGoal::kActive, {}));
    if (!reply.description && reply.doubtful) return unknown_creation(table);
    return reply.description ? CreateOutcome::kCreated : CreateOutcome::kExisted;
  }
  return Error(ErrorCode::kContention, "the table was made and deleted by others meanwhile");
}

Result<DeleteOutcome> drop_table(Wire& wire, const std::string& table,
                                 const std::function<void(std::uint64_t)>& progress) {
  auto state = KSV_TRY(find_state(wire, table));
  if (!state) return DeleteOutcome::kWasAbsent;
  bool is_ours = false;
  if (!is_going(state)) {
    KSV_CHECK(wait_for_table(wire, table, TableGoal::kActive, {}));
    const SignalHold hold(wire.env());
    const auto deleted = delete_table(wire, table);
    is_ours = deleted.has_value() && *deleted;
    // What became of a removal whose answer was lost, the table's state tells.
    if (!deleted.has_value()) {
      state = KSV_TRY(find_state(wire, table));
      if (state && !is_going(state)) return deleted.error();
    }
    if (progress && is_ours && state->item_count > 0) {
      progress(static_cast<std::uint64_t>(state->item_count));
    }
  }
  KSV_CHECK(wait_for_table(wire, table, TableGoal::kGone, {}));
  return is_ours ? DeleteOutcome::kDeleted : DeleteOutcome::kWasAbsent;
}

}  // namespace ksv::dynamodb
