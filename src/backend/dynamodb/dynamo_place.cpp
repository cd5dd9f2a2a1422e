// Creating, deleting and listing tables as stores.
#include "backend/dynamodb/dynamo_place.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_table_life.h"
#include "base/parallel.h"
#include "net/aws/settings.h"

namespace ksv::dynamodb {
namespace {

constexpr std::size_t kLooksInFlight = 16;

bool is_going(const TableState& state) { return state.status == "DELETING"; }

}  // namespace

bool is_konserve_table(const TableState& state) {
  return state.hash_key == kKeyAttribute && state.hash_type == "S" && state.range_key.empty();
}

Result<Access> find_access(const StoreAddress& address, Env& env) {
  Settings settings = KSV_TRY(read_settings(address));
  if (settings.http.ca_bundle.empty()) {
    settings.http.ca_bundle = KSV_TRY(aws::find_ca_bundle(settings.credentials.profile, env));
  }
  Endpoint endpoint = KSV_TRY(find_endpoint(settings, env));
  settings.credentials.region = endpoint.region;
  return Access{std::move(settings), std::move(endpoint)};
}

DynamoPlace::DynamoPlace(Settings settings, Endpoint endpoint, Env& env, Call& call)
    : wire_(std::move(settings), std::move(endpoint), env, call),
      table_(wire_.settings().table),
      backend_(wire_) {}

Result<std::optional<TableState>> DynamoPlace::find_table() {
  const auto description = KSV_TRY(describe_table(wire_, table_));
  if (!description) return std::optional<TableState>();
  TableState state = KSV_TRY(read_table_state(*description));
  if (is_konserve_table(state)) return std::optional<TableState>(std::move(state));
  return Error(ErrorCode::kState, table_text(table_) +
                                      " is a table of another form: its key is not \"Key\", a "
                                      "string, alone")
      .with_hint("Leave layout=konserve out for tables of other programs.");
}

Result<bool> DynamoPlace::exists() {
  const auto state = KSV_TRY(find_table());
  return state && !is_going(*state);
}

// konserve makes tables with 5 units of each capacity, as the settings do (doc/format.md, "DynamoDB
// store").
Result<CreateOutcome> DynamoPlace::create() {
  const KeyAttribute key{std::string(kKeyAttribute), "S"};
  const std::string body = table_body(wire_.settings(), key, std::nullopt);
  const CreateOutcome outcome = KSV_TRY(make_table(wire_, table_, body));
  if (outcome == CreateOutcome::kExisted) KSV_CHECK(find_table());
  return outcome;
}

// A table whose first items are foreign is not deleted as a store: its key may be like ours by
// chance.
Status DynamoPlace::check_content() {
  const ItemPage page = KSV_TRY(read_page(
      wire_, {.table = table_, .projection = "#k", .placeholders = {.names = R"({"#k":"Key"})"}}));
  for (const std::string& item : page.items) {
    const auto key = key_of_item(item);
    if (key && is_key(*key)) continue;
    return Error(ErrorCode::kState, table_text(table_) + " holds items that are none of konserve's")
        .with_hint("Nothing was deleted.");
  }
  return ok();
}

Result<DeleteOutcome> DynamoPlace::remove(const std::function<void(std::uint64_t)>& progress) {
  const auto state = KSV_TRY(find_table());
  if (!state) return DeleteOutcome::kWasAbsent;
  if (!is_going(*state)) {
    KSV_CHECK(wait_for_table(wire_, table_, TableGoal::kActive, {}));
    KSV_CHECK(check_content());
  }
  return drop_table(wire_, table_, progress);
}

Result<std::unique_ptr<StorePlace>> open_dynamo_place(const StoreAddress& address, Env& env,
                                                      Call& call) {
  Access access = KSV_TRY(find_access(address, env));
  if (access.settings.table.empty()) {
    return Error(ErrorCode::kUsage, "the address names no table")
        .with_hint("Write dynamodb://TABLE; list-stores dynamodb:// shows the tables.");
  }
  if (!access.settings.konserve) {
    ItemPlace::Options options = KSV_TRY(read_item_options(address));
    return std::unique_ptr<StorePlace>(std::make_unique<ItemPlace>(
        std::move(access.settings), std::move(access.endpoint), std::move(options), env, call));
  }
  return std::unique_ptr<StorePlace>(std::make_unique<DynamoPlace>(
      std::move(access.settings), std::move(access.endpoint), env, call));
}

Result<std::vector<StoreEntry>> list_dynamo_stores(const StoreAddress& address, bool figures,
                                                   Env& env, Call& call) {
  Access access = KSV_TRY(find_access(address, env));
  if (!access.settings.table.empty()) {
    return Error(ErrorCode::kUsage, "a table has no stores in it to list")
        .with_hint("list-stores dynamodb:// shows the tables.");
  }
  const bool konserve = access.settings.konserve;
  Wire wire(std::move(access.settings), std::move(access.endpoint), env, call);
  const std::vector<std::string> names = KSV_TRY(list_all_tables(wire));
  std::vector<std::optional<StoreEntry>> found(names.size());
  const auto look = [&](std::size_t i) -> Status {
    StoreEntry entry{.id = names[i]};
    if (konserve || figures) {
      const auto description = KSV_TRY(describe_table(wire, names[i]));
      if (!description) return ok();
      const TableState state = KSV_TRY(read_table_state(*description));
      if (is_going(state) || (konserve && !is_konserve_table(state))) return ok();
      entry.keys = static_cast<std::uint64_t>(std::max<std::int64_t>(0, state.item_count));
      entry.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, state.size_bytes));
    }
    found[i] = std::move(entry);
    return ok();
  };
  KSV_CHECK(for_each_parallel(names.size(), kLooksInFlight, look));
  std::vector<StoreEntry> stores;
  for (std::optional<StoreEntry>& entry : found) {
    if (entry) stores.push_back(*std::move(entry));
  }
  return stores;
}

}  // namespace ksv::dynamodb
