// Creating and deleting tables of items.
#include "backend/dynamodb/dynamo_item_place.h"

#include <utility>

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

std::string create_body(const Settings& settings, const KeyAttribute& hash,
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

Error unknown_creation(const std::string& table) {
  return Error(ErrorCode::kUnavailable,
               "an answer was lost: it is unknown whether this command created " +
                   table_text(table) + ", or another one",
               Effect::kUnknown)
      .with_hint("The table is there.");
}

}  // namespace

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

Result<ItemPlace::Options> read_item_options(const StoreAddress& address) {
  const auto option = [&](const char* name) {
    const auto found = address.options.find(name);
    return found == address.options.end() ? std::string() : found->second;
  };
  ItemPlace::Options options{.hash_key = option("hash-key"), .range_key = option("range-key")};
  options.items.version_attribute = option("version-attr");
  const std::string once = option("exactly-once");
  if (!once.empty() && once != "true" && once != "false") {
    return Error(ErrorCode::kUsage, "exactly-once is true or false, got \"" + once + "\"");
  }
  options.items.exactly_once = once == "true";
  return options;
}

ItemPlace::ItemPlace(Settings settings, Endpoint endpoint, Options options, Env& env, Call& call)
    : wire_(std::move(settings), std::move(endpoint), env, call),
      table_(wire_.settings().table),
      options_(std::move(options)),
      backend_(wire_, options_.items) {}

Result<bool> ItemPlace::exists() {
  const auto state = KSV_TRY(find_state(wire_, table_));
  return state && !is_going(state);
}

Result<CreateOutcome> ItemPlace::create() {
  if (options_.hash_key.empty()) {
    return Error(ErrorCode::kUsage, "a table needs to know what its key is")
        .with_hint("Say --hash-key NAME:TYPE, such as id:n or name:s");
  }
  const KeyAttribute hash = KSV_TRY(parse_key_attribute(options_.hash_key));
  std::optional<KeyAttribute> range;
  if (!options_.range_key.empty()) range = KSV_TRY(parse_key_attribute(options_.range_key));
  return make_table(wire_, table_, create_body(wire_.settings(), hash, range));
}

Result<DeleteOutcome> ItemPlace::remove(const std::function<void(std::uint64_t)>& progress) {
  return drop_table(wire_, table_, progress);
}

}  // namespace ksv::dynamodb
