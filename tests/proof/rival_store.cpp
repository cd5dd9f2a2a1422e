// The requests of a rival, made without a network.
#include "proof/rival_store.h"

#include <doctest/doctest.h>

#include "core/update.h"
#include "support/result_checks.h"

namespace ksv::testing {
namespace {

Error no_such_thing() { return Error(ErrorCode::kUnsupported, "rivals do not do that"); }

HttpHeaders condition_of(const Precondition& precondition) {
  if (std::holds_alternative<Absent>(precondition)) return {{"if-none-match", "*"}};
  if (const auto* match = std::get_if<Match>(&precondition)) {
    return {{"if-match", match->version.token}};
  }
  return {};
}

Version version_of(const ServerAction& answer) {
  const std::string* etag = find_header(answer.headers, "etag");
  std::string token = etag == nullptr ? "" : *etag;
  std::erase(token, '"');
  return {token};
}

Result<Value> with_mark(const Entry* present, std::uint32_t) {
  const bool is_text = present != nullptr && present->value.is(Kind::kString);
  return Value::string((is_text ? present->value.as_string() : "") + std::string(kRivalMark));
}

}  // namespace

ServerAction ServiceBackend::send(const std::string& method, const std::string& key,
                                  HttpHeaders headers, std::string body) {
  ServedRequest request;
  request.method = method;
  request.path = prefix_ + key;
  request.headers = std::move(headers);
  request.body = std::move(body);
  return service_.serve_rival(request);
}

Result<std::optional<Stored>> ServiceBackend::read(const std::string& key) {
  const ServerAction answer = send("GET", key);
  if (answer.status == 404) return std::optional<Stored>();
  Stored stored;
  stored.bytes.assign(answer.body.begin(), answer.body.end());
  stored.version = version_of(answer);
  return std::optional(std::move(stored));
}

Result<std::optional<Range>> ServiceBackend::read_range(const std::string& key,
                                                        std::uint64_t /*offset*/,
                                                        std::uint64_t /*length*/) {
  std::optional<Stored> stored = KSV_TRY(read(key));
  if (!stored) return std::optional<Range>();
  const std::uint64_t size = stored->bytes.size();
  return std::optional(Range{std::move(stored->bytes), size, std::move(stored->version)});
}

Result<std::optional<Version>> ServiceBackend::read_stream(const std::string&, std::uint64_t,
                                                           const ByteSink&) {
  return no_such_thing();
}

Result<WriteOutcome> ServiceBackend::write(const std::string& key, BytesView bytes,
                                           const Precondition& precondition, const WriteId&) {
  const ServerAction answer =
      send("PUT", key, condition_of(precondition), std::string(bytes.begin(), bytes.end()));
  if (answer.status != 200) return WriteOutcome(Conflict{});
  return WriteOutcome(Written{version_of(answer)});
}

Result<WriteOutcome> ServiceBackend::write_stream(const std::string&, const ByteSource&,
                                                  const Precondition&, const WriteId&) {
  return no_such_thing();
}

Result<RemoveOutcome> ServiceBackend::remove(const std::string& key, const Precondition&) {
  send("DELETE", key);
  return RemoveOutcome::kRemoved;
}

Result<Page> ServiceBackend::list(const std::string&, const std::optional<std::string>&) {
  return no_such_thing();
}

void act(Rival rival, ConditionalStore& service, const std::string& prefix, const Value& key,
         Env& env) {
  ServiceBackend backend(service, prefix, rival == Rival::kUpdates);
  KonserveStore store(backend, env, {});
  Call call{Deadline(env, std::chrono::hours(1))};
  switch (rival) {
    case Rival::kNobody: break;
    case Rival::kUpdates: {
      REQUIRE_OK(update_value(store, key, with_mark, {}, env, call));
      break;
    }
    case Rival::kOverwrites:
      REQUIRE_OK(store.put(key, Value::string(std::string(kRivalMark)), {}));
      break;
    case Rival::kRemoves: REQUIRE_OK(store.remove(key, Any{})); break;
  }
}

void act_on_marker(Rival rival, ConditionalStore& service, const std::string& path) {
  if (rival == Rival::kNobody) return;
  ServedRequest request;
  request.path = path;
  request.method = rival == Rival::kRemoves ? "DELETE" : "PUT";
  request.body = "konserve";
  // Another ksv, and konserve, which asks for no condition.
  if (rival == Rival::kUpdates) {
    request.headers = {{"if-none-match", "*"}, {"x-amz-meta-ksv-write", "another"}};
  }
  static_cast<void>(service.serve_rival(request));
}

}  // namespace ksv::testing
