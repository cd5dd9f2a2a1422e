// Asks etcd's endpoints how they are, and which release they run.
#include "backend/etcd/etcd_cluster.h"

#include "base/json.h"

namespace ksv::etcd {
namespace {

using std::chrono::milliseconds;

// The server itself takes up to a second to find that it cannot read.
constexpr milliseconds kHealthTime{3'000};

std::string text_field(const Json& json, std::string_view name) {
  const auto* object = std::get_if<Json::Object>(&json.content);
  if (object == nullptr) return {};
  for (const auto& [field, value] : *object) {
    if (field != name) continue;
    // A string, but a truth value of the oldest servers.
    if (const auto* flag = std::get_if<bool>(&value.content)) return *flag ? "true" : "false";
    const auto* text = std::get_if<std::string>(&value.content);
    return text == nullptr ? std::string() : *text;
  }
  return {};
}

Result<Health> ask_one(Wire& wire, std::size_t endpoint) {
  Health health{.endpoint = wire.settings().endpoints[endpoint]};
  const Request request{.name = "GET " + health.endpoint + "/health",
                        .resource = Resource::kOther,
                        .method = "GET",
                        .path = "/health",
                        .timeout = kHealthTime,
                        .endpoint = endpoint};
  const milliseconds start = wire.env().monotonic();
  auto answer = wire.send(request);
  health.took_ms = (wire.env().monotonic() - start).count();
  if (!answer.has_value()) {
    const ErrorCode code = answer.error().code();
    if (code == ErrorCode::kCancelled || wire.call().deadline.passed()) {
      return std::move(answer).error();
    }
    health.reason = answer.error().message();
    return health;
  }
  const auto json = parse_json(text_of(answer->body), 8);
  if (json.has_value()) {
    health.healthy = !answer->refusal && text_field(*json, "health") == "true";
    health.reason = text_field(*json, "reason");
  }
  if (!health.healthy && health.reason.empty()) {
    health.reason = "it says that it is not (status " + std::to_string(answer->status) + ")";
  }
  return health;
}

}  // namespace

Result<std::vector<Health>> ask_health(Wire& wire) {
  std::vector<Health> all;
  for (std::size_t i = 0; i < wire.settings().endpoints.size(); ++i) {
    Health health = KSV_TRY(ask_one(wire, i));
    all.push_back(std::move(health));
  }
  return all;
}

Result<Release> ask_release(Wire& wire) {
  const Request request{
      .name = "GET /version", .resource = Resource::kOther, .method = "GET", .path = "/version"};
  const Answer answer = KSV_TRY(wire.send(request));
  if (answer.refusal) return wire.refused(request, answer);
  const auto json = parse_json(text_of(answer.body), 8);
  Release release;
  if (json.has_value()) {
    release.server = text_field(*json, "etcdserver");
    release.cluster = text_field(*json, "etcdcluster");
  }
  if (release.server.empty()) {
    return Error(ErrorCode::kUnavailable, request.name + ": the answer names no version of etcd");
  }
  return release;
}

}  // namespace ksv::etcd
