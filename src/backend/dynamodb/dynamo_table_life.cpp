// Making and dropping tables.
#include "backend/dynamodb/dynamo_table_life.h"

#include <utility>
#include <vector>

#include "backend/dynamodb/dynamo_json.h"
#include "base/refused_write.h"

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

Error maybe(const Error& error, const std::string& what, const std::string& table) {
  return Error(error.code(), what + ": " + error.message(), Effect::kUnknown)
      .with_hint("ksv table describe " + table + " shows what became of it");
}

// What the service has taken up, a failure of what follows does not undo.
Error begun(const Error& error, const std::string& what) {
  return Error(ErrorCode::kPartial, what + ": " + error.message()).with_hint(error.hint());
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
  bool is_doubtful = false;
  bool is_ours = false;
  const auto failed = [&](const Error& error) {
    if (is_ours) return begun(error, "the table is being created");
    return is_doubtful ? maybe(error, "the table may have been created", table) : error;
  };
  for (int round = 1; round <= kRoundsMax; ++round) {
    const auto reply = create_table(wire, table, body);
    if (!reply.has_value()) return failed(reply.error());
    is_doubtful = is_doubtful || reply->doubtful;
    is_ours = reply->description.has_value();
    const auto state = find_state(wire, table);
    if (!state.has_value()) return failed(state.error());
    if (!is_ours && !*state) continue;
    const bool goes = !is_ours && is_going(*state);
    const TableGoal goal = goes ? TableGoal::kGone : TableGoal::kActive;
    const auto waited = wait_for_table(wire, table, goal, {});
    if (!waited.has_value()) return failed(waited.error());
    if (goes) continue;
    if (!is_ours && is_doubtful) return unknown_creation(table);
    return is_ours ? CreateOutcome::kCreated : CreateOutcome::kExisted;
  }
  return failed(
      Error(ErrorCode::kContention, "the table was made and deleted by others meanwhile"));
}

Result<DeleteOutcome> drop_table(Wire& wire, const std::string& table,
                                 const std::function<void(std::uint64_t)>& progress) {
  auto state = KSV_TRY(find_state(wire, table));
  if (!state) return DeleteOutcome::kWasAbsent;
  bool is_ours = false;
  const bool was_going = is_going(state);
  if (!was_going) {
    KSV_CHECK(wait_for_table(wire, table, TableGoal::kActive, {}));
    const SignalHold hold(wire.env());
    const auto deleted = delete_table(wire, table);
    is_ours = deleted.has_value() && *deleted;
    // What became of a removal whose answer was lost, or that was refused, the table's state tells.
    if (!deleted.has_value()) {
      auto present = find_state(wire, table);
      if (!present.has_value()) {
        const bool is_believed = deleted.error().effect() == Effect::kNone &&
                                 is_same_refusal(deleted.error(), present.error());
        if (is_believed) return deleted.error();
        return maybe(deleted.error(), "the table may have been deleted", table);
      }
      state = *std::move(present);
      if (state && !is_going(state)) return deleted.error();
    }
    if (progress && is_ours && state->item_count > 0) {
      progress(static_cast<std::uint64_t>(state->item_count));
    }
  }
  const auto gone = wait_for_table(wire, table, TableGoal::kGone, {});
  if (!gone.has_value()) {
    return was_going ? gone.error() : begun(gone.error(), "the table is being deleted");
  }
  return is_ours ? DeleteOutcome::kDeleted : DeleteOutcome::kWasAbsent;
}

}  // namespace ksv::dynamodb
