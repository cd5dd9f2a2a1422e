// What doctor finds out about an etcd: its members, its version, and that it honours conditions.
#include <fmt/format.h>

#include "backend/etcd/etcd_open.h"
#include "backend/etcd/etcd_place.h"
#include "backend/examination.h"
#include "base/hex.h"

namespace ksv::etcd {
namespace {

using State = Finding::State;

void note(const Report& report, const std::string& check, const Error& error) {
  report({.check = check,
          .state = State::kBad,
          .text = error.message(),
          .advice = error.hint().empty() ? "" : error.hint() + "."});
}

Status check_members(Client& client, const Report& report) {
  auto health = client.health();
  if (!health.has_value()) {
    note(report, "members", health.error());
    return std::move(health).error();
  }
  std::size_t healthy = 0;
  for (const Health& each : *health) {
    if (each.healthy) {
      ++healthy;
      continue;
    }
    report({.check = "member",
            .state = State::kWarning,
            .text = fmt::format("{} does not serve: {}", each.endpoint, each.reason)});
  }
  report({.check = "members",
          .state = healthy > 0 ? State::kGood : State::kBad,
          .text = fmt::format("{} of {} endpoints serve", healthy, health->size())});
  if (healthy > 0) return ok();
  return Error(ErrorCode::kUnavailable, "no endpoint serves");
}

Status check_release(Client& client, const Report& report) {
  auto release = client.release();
  if (!release.has_value()) {
    note(report, "server", release.error());
    return std::move(release).error();
  }
  const std::string_view api = release->api == Api::kV2 ? "v2" : "v3";
  report({.check = "server",
          .text = fmt::format("etcd {}, used by its {} API", release->server, api)});
  return ok();
}

// A key of ksv's own, created twice: the second must be refused.
Status try_conditions(Client& client, const std::string& path) {
  const WriteOptions first{.condition = {.exists = false}, .ttl = 60};
  const WriteReply made = KSV_TRY(client.put(path, bytes_of("1"), first));
  if (!made.applied) return Error(ErrorCode::kUnsafe, "a key that is not there was refused");
  const WriteReply again = KSV_TRY(client.put(path, bytes_of("2"), first));
  const WriteReply removed = KSV_TRY(client.remove(path, {}));
  if (again.applied) return Error(ErrorCode::kUnsafe, "a key was created twice");
  if (!removed.applied) return Error(ErrorCode::kUnsafe, "the key was lost");
  return ok();
}

}  // namespace

Status examine_etcd(const StoreAddress& address, Env& env, Call& call, const Report& report) {
  auto settings = read_settings(address, env);
  if (!settings.has_value()) {
    note(report, "address", settings.error());
    return std::move(settings).error();
  }
  const std::unique_ptr<Client> client = open_client(*settings, env, call);
  KSV_CHECK(check_release(*client, report));
  const Status members = check_members(*client, report);
  const Stopwatch watch(env);
  const std::string name = "_ksv/doctor-" + uuid_text(random_uuid(env));
  const Status conditions = try_conditions(*client, settings->prefix + "/" + name);
  if (!conditions.has_value()) {
    note(report, "conditions", conditions.error());
    return conditions;
  }
  report({.check = "conditions",
          .text = "a key is created once",
          .milliseconds = watch.milliseconds()});
  return members;
}

}  // namespace ksv::etcd
