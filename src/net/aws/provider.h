// The providers of credentials: one function each, in the order in which they are asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/aws/clock.h"
#include "net/aws/credentials.h"
#include "net/aws/settings.h"

namespace ksv::aws {

// What the providers share. Outlives them.
struct ProviderContext {
  const CredentialSettings& settings;
  Http& http;
  Env& env;
  Call& call;
  Clock& clock;
  // For the requests of providers; empty until one needs it. Requests may refer to it for as long
  // as `http` lives.
  std::optional<HttpSettings>& http_settings;
  // "environment: AWS_ACCESS_KEY_ID is not set": a line for each that had none.
  std::vector<std::string> looked_at{};
};

// Nothing when this provider is not configured, after a line in looked_at that says so. Errors are
// for providers that are configured and fail.
using Found = std::optional<Credentials>;
Result<Found> from_settings(ProviderContext& context);
Result<Found> from_environment(ProviderContext& context);
Result<Found> from_web_identity(ProviderContext& context);
Result<Found> from_profile(ProviderContext& context);
Result<Found> from_container(ProviderContext& context);
Result<Found> from_instance(ProviderContext& context);

// The ways of a profile.
Result<Credentials> credentials_of_process(const ProfileSettings& profile,
                                           ProviderContext& context);
Result<Credentials> credentials_of_sso(const ProfileSettings& profile, const ProfileFiles& files,
                                       ProviderContext& context);
// `aws login`: what it left in its cache, for as long as that is valid.
Result<Credentials> credentials_of_login(const ProfileSettings& profile, ProviderContext& context);

// The certificates that profile and environment ask for, looked up once.
Result<const HttpSettings*> http_settings(ProviderContext& context);

}  // namespace ksv::aws
