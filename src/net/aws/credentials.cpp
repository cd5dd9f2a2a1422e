// The chain of providers, and the credentials that it found for as long as they last.
#include "net/aws/credentials.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "net/aws/credential_json.h"
#include "net/aws/provider.h"

namespace ksv::aws {
namespace {

// AWS SDKs and Tools Reference Guide: renewed when less than five minutes are left.
constexpr std::int64_t kRenewBeforeMs = 5 * 60 * 1000;
// After a renewal that failed while the old ones are still good.
constexpr std::int64_t kRenewAgainMs = 30 * 1000;

Error nothing_found(const std::vector<std::string>& looked_at) {
  std::string places;
  for (const std::string& line : looked_at) places += (places.empty() ? "" : "; ") + line;
  return Error(ErrorCode::kDenied, "no AWS credentials found (" + places + ")")
      .with_hint(
          "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of "
          "~/.aws/config in AWS_PROFILE.");
}

}  // namespace

struct CredentialSource::State {
  State(CredentialSettings given, Http& with_http, Env& with_env, Call& with_call)
      : settings(std::move(given)), http(with_http), env(with_env), call(with_call) {}

  Result<Credentials> find();
  void keep(Credentials credentials);

  CredentialSettings settings;
  Http& http;
  Env& env;
  Call& call;
  Clock clock;
  std::optional<HttpSettings> http_settings;

  std::mutex mutex;  // of what follows
  std::optional<Credentials> held;
  std::int64_t renew_at_ms = 0;
};

// The first provider that is configured decides; one that fails is an error, since the next would
// act as somebody else.
Result<Credentials> CredentialSource::State::find() {
  using Provider = Result<Found> (*)(ProviderContext&);
  constexpr std::array<Provider, 6> kChain = {from_settings, from_environment, from_web_identity,
                                              from_profile,  from_container,   from_instance};
  ProviderContext context{settings, http, env, call, clock, http_settings};
  for (const Provider provider : kChain) {
    auto found = provider(context);
    if (!found.has_value()) return std::move(found).error().with_context("AWS credentials");
    if (!*found) continue;
    if ((*found)->anonymous) return **std::move(found);
    auto checked = checked_credentials(**std::move(found), env.wall_ms());
    if (checked.has_value()) return checked;
    return std::move(checked).error().with_context("AWS credentials");
  }
  return nothing_found(context.looked_at);
}

void CredentialSource::State::keep(Credentials credentials) {
  if (call.log) call.log("AWS credentials: " + credentials.source);
  const std::int64_t now = env.wall_ms();
  // Short-lived ones are used for half of their life, or each request would renew them.
  const std::int64_t life = credentials.expires_ms - now;
  renew_at_ms = credentials.expires_ms - std::min(kRenewBeforeMs, life / 2);
  held = std::move(credentials);
}

CredentialSource::CredentialSource(CredentialSettings settings, Http& http, Env& env, Call& call)
    : state_(std::make_unique<State>(std::move(settings), http, env, call)) {}
CredentialSource::~CredentialSource() = default;

Result<Credentials> CredentialSource::get() {
  const std::lock_guard lock(state_->mutex);
  const std::int64_t now = state_->env.wall_ms();
  const bool expires = state_->held && state_->held->expires_ms != 0;
  if (state_->held && (!expires || now < state_->renew_at_ms)) return *state_->held;
  auto fresh = state_->find();
  if (fresh.has_value()) {
    state_->keep(*std::move(fresh));
    return *state_->held;
  }
  if (!expires || now >= state_->held->expires_ms) return std::move(fresh).error();
  state_->renew_at_ms = now + kRenewAgainMs;
  if (state_->call.log) {
    state_->call.log(fmt::format("AWS credentials: not renewed ({}), good for {} s yet",
                                 fresh.error().message(), (state_->held->expires_ms - now) / 1000));
  }
  return *state_->held;
}

void CredentialSource::forget() {
  const std::lock_guard lock(state_->mutex);
  state_->held.reset();
}

}  // namespace ksv::aws
