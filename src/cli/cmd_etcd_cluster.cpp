// members, health, leader, compact: the cluster that serves an etcd store.
#include <charconv>

#include "cli/command_list.h"
#include "cli/session.h"

#include "backend/etcd/etcd_place.h"

namespace ksv::cli {
namespace {

Value texts(const std::vector<std::string>& lines) {
  Values values;
  for (const std::string& line : lines) values.push_back(Value::string(line));
  return Value::vector(std::move(values));
}

Value value_of(const etcd::Member& member) {
  Value map = Value::map();
  map.put(Value::keyword("id"), Value::string(member.id));
  map.put(Value::keyword("name"), Value::string(member.name));
  map.put(Value::keyword("peer-urls"), texts(member.peer_urls));
  map.put(Value::keyword("client-urls"), texts(member.client_urls));
  map.put(Value::keyword("leader"), Value::boolean(member.is_leader));
  if (member.is_learner) map.put(Value::keyword("learner"), Value::boolean(true));
  return map;
}

Result<etcd::Client*> client_of(Session& session) {
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  return &place->client();
}

Result<Answer> run_members(Session& session, const Arguments& /*arguments*/) {
  etcd::Client* client = KSV_TRY(client_of(session));
  const auto members = KSV_TRY(client->members());
  for (const etcd::Member& member : members) session.out().record(value_of(member));
  return Answer::kYes;
}

Result<Answer> run_leader(Session& session, const Arguments& /*arguments*/) {
  etcd::Client* client = KSV_TRY(client_of(session));
  const auto members = KSV_TRY(client->members());
  for (const etcd::Member& member : members) {
    if (!member.is_leader) continue;
    session.out().record(value_of(member));
    return Answer::kYes;
  }
  return Answer::kNo;
}

Result<Answer> run_health(Session& session, const Arguments& /*arguments*/) {
  etcd::Client* client = KSV_TRY(client_of(session));
  const auto all = KSV_TRY(client->health());
  bool healthy = true;
  for (const etcd::Health& one : all) {
    Value map = Value::map();
    map.put(Value::keyword("endpoint"), Value::string(one.endpoint));
    map.put(Value::keyword("healthy"), Value::boolean(one.healthy));
    map.put(Value::keyword("ms"), Value::integer(one.took_ms));
    if (!one.reason.empty()) map.put(Value::keyword("reason"), Value::string(one.reason));
    session.out().record(map);
    healthy = healthy && one.healthy;
  }
  return healthy ? Answer::kYes : Answer::kNo;
}

Result<Answer> run_compact(Session& session, const Arguments& arguments) {
  const std::string& text = arguments.operands[0];
  std::int64_t revision = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (error != std::errc() || end != text.data() + text.size() || revision < 1) {
    return Error(ErrorCode::kUsage, "\"" + text + "\" is not a revision: a whole number from 1");
  }
  etcd::Client* client = KSV_TRY(client_of(session));
  KSV_CHECK(client->compact(revision, arguments.has("physical")));
  return Answer::kYes;
}

}  // namespace

CommandSpec members_command() {
  return {.name = "members",
          .group = Group::kEtcd,
          .summary = "show the members of the cluster",
          .description = "Prints a map for each member of the etcd cluster, one a line.",
          .operands = {},
          .options = {},
          .examples = {{.text = "$ ksv members --json | jq .name\n\"m0\"",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS",
                        .server = "etcd"}},
          .run = run_members};
}

CommandSpec leader_command() {
  return {.name = "leader",
          .group = Group::kEtcd,
          .summary = "show the leader of the cluster",
          .description = "Prints the member of the etcd cluster that is its leader.",
          .operands = {},
          .options = {},
          .no_when = "there is no leader",
          .examples = {{.text = "$ ksv leader --json | jq .leader\ntrue",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS",
                        .server = "etcd"}},
          .run = run_leader};
}

CommandSpec health_command() {
  return {.name = "health",
          .group = Group::kEtcd,
          .summary = "tell whether the endpoints are healthy",
          .description = "Asks each endpoint of the store, and prints a map for each, one a line.",
          .operands = {},
          .options = {},
          .no_when = "one of them is not healthy",
          .examples = {{.text = "$ ksv health --json | jq .healthy\ntrue",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS",
                        .server = "etcd"}},
          .run = run_health};
}

CommandSpec compact_command() {
  return {.name = "compact",
          .group = Group::kEtcd,
          .summary = "drop the history before a revision",
          .description =
              "Has an etcd cluster (v3) forget the states before REVISION, of all keys. Watches "
              "and the settling of writes that begin before it can no more be answered.",
          .operands = {{.name = "REVISION", .help = "the oldest that is kept"}},
          .options = {{.name = "physical", .help = "wait until the space is free in the database"}},
          .examples = {{.text = "$ ksv compact 2",
                        .setup = "export KSV_STORE=etcd://$KSV_TEST_ETCD_ENDPOINTS/man-compact\n"
                                 "ksv assoc /a 1\nksv assoc /a 2",
                        .server = "etcd"}},
          .run = run_compact};
}

}  // namespace ksv::cli
