// What doctor finds out about a table: that it answers, what form it has, that conditions hold.
#include <fmt/format.h>

#include "backend/dynamodb/dynamo_place.h"
#include "backend/examination.h"
#include "base/hex.h"

namespace ksv::dynamodb {
namespace {

std::string endpoint_text(const Endpoint& endpoint) {
  return endpoint.scheme + "://" + endpoint.authority + ", region " + endpoint.region;
}

// The table, where it can be used.
std::optional<TableState> check_table(Wire& wire, Env& env, Examination* examination) {
  const Stopwatch watch(env);
  const std::string& table = wire.settings().table;
  const auto description = describe_table(wire, table);
  if (!description) {
    examination->bad("table", description.error());
    return std::nullopt;
  }
  if (!*description) {
    examination->bad("table", Error(ErrorCode::kState, "no table at " + table_text(table))
                                  .with_hint("Create it with create-store"));
    return std::nullopt;
  }
  auto state = read_table_state(**description);
  if (!state) {
    examination->bad("table", state.error());
    return std::nullopt;
  }
  if (state->status != "ACTIVE") {
    examination->bad("table", Error(ErrorCode::kState, "the table is " + state->status));
    return std::nullopt;
  }
  examination->good("table", fmt::format("active, about {} items", state->item_count),
                    watch.milliseconds());
  return *std::move(state);
}

// An item of ksv's own, created twice: the second must be refused.
void check_conditions(Wire& wire, Env& env, Examination* examination) {
  const Stopwatch watch(env);
  const std::string& table = wire.settings().table;
  // No name of a key, so that no listing shows it.
  const std::string key = "ksv-doctor-" + uuid_text(random_uuid(env));
  const WriteInput input{.table = table,
                         .item = key_text(key),
                         .condition = "attribute_not_exists(#k)",
                         .placeholders = {.names = R"({"#k":"Key"})"},
                         .repeat = net::Repeat::kConditional};
  const auto first = put_item(wire, input);
  if (!first) return examination->bad("conditions", first.error());
  const auto second = put_item(wire, input);
  const auto removed = delete_item(wire, {.table = table, .key = key_text(key)});
  if (!second) return examination->bad("conditions", second.error());
  if (!std::holds_alternative<ConditionFailed>(*second)) {
    return examination->unsafe("conditions", "an item was created twice",
                               "This service takes no notice of conditions.");
  }
  if (!removed) return examination->bad("conditions", removed.error());
  examination->good("conditions", "an item is created once", watch.milliseconds());
}

}  // namespace

Status examine_dynamo(const StoreAddress& address, Env& env, Call& call, const Report& report) {
  Examination examination(env, call, report);
  auto access = find_access(address, env);
  if (!access) {
    examination.bad("address", access.error());
    return examination.verdict();
  }
  examination.good("endpoint", endpoint_text(access->endpoint));
  const bool konserve = access->settings.konserve;
  if (access->settings.table.empty()) {
    examination.skip("table", "the address names none");
    return examination.verdict();
  }
  Wire wire(std::move(access->settings), std::move(access->endpoint), env, examination.steps());
  const auto state = check_table(wire, env, &examination);
  if (!state || !examination.may_go_on()) return examination.verdict();
  if (!konserve) return examination.verdict();
  if (!is_konserve_table(*state)) {
    examination.bad("layout", Error(ErrorCode::kState,
                                    "the table's key is not \"Key\", a string, alone: it is no "
                                    "store of konserve's"));
    return examination.verdict();
  }
  check_conditions(wire, env, &examination);
  return examination.verdict();
}

}  // namespace ksv::dynamodb
