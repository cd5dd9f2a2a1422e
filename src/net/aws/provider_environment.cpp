// Credentials out of the store's address and out of environment variables.
#include "net/aws/credential_json.h"
#include "net/aws/provider.h"
#include "net/aws/time_text.h"

namespace ksv::aws {

Result<Found> from_settings(ProviderContext& context) {
  const CredentialSettings& settings = context.settings;
  if (settings.anonymous) {
    Credentials nobody;
    nobody.anonymous = true;
    nobody.source = "anonymous";
    return Found(std::move(nobody));
  }
  if (settings.access_key.empty() && settings.secret.empty()) return Found();
  if (settings.access_key.empty() || settings.secret.empty()) {
    return Error(ErrorCode::kUsage, "the store names an access key or a secret key, not both");
  }
  Credentials credentials{settings.access_key, settings.secret, settings.session_token};
  credentials.source = "the store's settings";
  return Found(std::move(credentials));
}

Result<Found> from_environment(ProviderContext& context) {
  if (!context.settings.profile.empty()) {
    // Who names a profile means it, whatever the environment holds.
    context.looked_at.push_back("environment: passed over, since a profile is named");
    return Found();
  }
  Env& env = context.env;
  auto access_key = set_variable("AWS_ACCESS_KEY_ID", env);
  auto secret = set_variable("AWS_SECRET_ACCESS_KEY", env);
  if (!access_key && !secret) {
    context.looked_at.push_back("environment: AWS_ACCESS_KEY_ID is not set");
    return Found();
  }
  if (!access_key || !secret) {
    return Error(ErrorCode::kDenied,
                 access_key ? "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not"
                            : "AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not");
  }
  Credentials credentials{*std::move(access_key), *std::move(secret)};
  credentials.session_token = set_variable("AWS_SESSION_TOKEN", env).value_or("");
  credentials.source = "environment";
  if (const auto expires = set_variable("AWS_CREDENTIAL_EXPIRATION", env)) {
    const auto time = parse_iso_time(*expires);
    if (!time) return Error(ErrorCode::kDenied, "AWS_CREDENTIAL_EXPIRATION is no time");
    credentials.expires_ms = *time;
  }
  return Found(std::move(credentials));
}

}  // namespace ksv::aws
