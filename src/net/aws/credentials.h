// AWS credentials: the standard chain (AWS SDKs and Tools Reference Guide, "Standardized
// credential providers").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ksv/call.h"
#include "ksv/http.h"

namespace ksv::aws {

struct Credentials {
  std::string access_key;
  std::string secret;
  std::string session_token{};  // empty: none
  std::int64_t expires_ms = 0;  // Unix time; 0: never
  std::string source{};         // "environment", "profile default", ...: for -v and doctor
  bool anonymous = false;       // requests go unsigned
};

// What the store's address says about credentials and profile.
struct CredentialSettings {
  std::string access_key{};
  std::string secret{};
  std::string session_token{};
  std::string profile{};   // empty: AWS_PROFILE, else "default"
  bool anonymous = false;  // ask for none
  std::string region{};    // for STS
};

// Finds credentials along the chain at first use, keeps them, and renews them before they expire.
// May be used from several threads.
class CredentialSource {
 public:
  CredentialSource(CredentialSettings settings, Http& http, Env& env, Call& call);
  ~CredentialSource();
  // kDenied when no provider has any, with every place that was looked at; or when the provider
  // that is configured fails: the chain does not fall through a broken one. kUsage for profiles
  // that do not exist and files that are damaged; kUnavailable, kDeadline and kCancelled from the
  // services that were asked. Credentials that are due for renewal are given out as long as they
  // are valid when that fails.
  Result<Credentials> get();
  // Forgets what it has, since the service said that it expired; the next get() asks anew.
  void forget();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The settings of ~/.aws/config and ~/.aws/credentials for one profile, the credentials file
// winning, "services" sections under the keys "SERVICE.NAME" ("s3.endpoint_url").
struct ProfileSettings {
  std::string name;
  std::map<std::string, std::string> values;
};
// Empty when there is no such file; kUsage when a profile was named (by the store or AWS_PROFILE)
// that does not exist, or a file is damaged.
Result<ProfileSettings> read_profile(const std::string& named, Env& env);

// The region: `given`, AWS_REGION, AWS_DEFAULT_REGION, the profile's, else nothing.
Result<std::optional<std::string>> find_region(const std::string& given, const std::string& profile,
                                               Env& env);

// The endpoint configured for `service` ("s3", "dynamodb", "sts"): AWS_ENDPOINT_URL_<SERVICE>,
// AWS_ENDPOINT_URL, the profile's services section, its endpoint_url; nothing when none is, or when
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true.
Result<std::optional<std::string>> find_endpoint(const std::string& service,
                                                 const std::string& profile, Env& env);

}  // namespace ksv::aws
