// Instance metadata, version 2 (EC2 User Guide, "Use IMDS"): a token first, then the role's name,
// then its credentials. Version 1, without the token, is not spoken: whoever can make a program
// fetch a URL can steal with it.
#include <array>
#include <charconv>
#include <utility>

#include "net/aws/credential_json.h"
#include "net/aws/metadata_http.h"
#include "net/aws/provider.h"
#include "net/url.h"

namespace ksv::aws {
namespace {

constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";

// The variable's, else the profile's.
std::string value_of(std::string_view variable, const std::string& name,
                     const ProfileSettings& profile, Env& env) {
  return set_variable(variable, env).value_or(setting_of(profile, name));
}

struct InstancePlace {
  std::string base;        // without a slash at the end
  bool was_given = false;  // somebody configured it, so that silence is a failure
  std::uint32_t seconds = 1;
  std::uint32_t attempts = 1;
};

Result<std::uint32_t> small_number(const std::string& text, std::string_view name) {
  constexpr std::uint32_t kMax = 60;
  std::uint32_t number = 1;
  if (text.empty()) return number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= kMax) {
    return number;
  }
  return Error(ErrorCode::kUsage, std::string(name) + " must be a number from 1 to 60");
}

Result<InstancePlace> place_of(ProviderContext& context) {
  Env& env = context.env;
  const ProfileSettings profile = KSV_TRY(read_profile(context.settings.profile, env));
  InstancePlace place;
  place.base =
      value_of("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint", profile, env);
  place.was_given = !place.base.empty();
  if (place.was_given) {
    const net::Url url = KSV_TRY(net::parse_url(place.base));
    place.base = url.origin() + url.path;
    while (place.base.ends_with('/')) place.base.pop_back();
  } else {
    const std::string mode = value_of("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                      "ec2_metadata_service_endpoint_mode", profile, env);
    const bool ipv6 = mode == "IPv6" || mode == "ipv6" || mode == "IPV6";
    place.base = ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  place.seconds = KSV_TRY(small_number(
      value_of("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", profile, env),
      "AWS_METADATA_SERVICE_TIMEOUT"));
  place.attempts = KSV_TRY(small_number(
      value_of("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", profile, env),
      "AWS_METADATA_SERVICE_NUM_ATTEMPTS"));
  return place;
}

// One walk through the three requests. `missing` tells why there are no credentials without that
// being a failure: this machine is no instance, or has no role.
class InstanceMetadata {
 public:
  InstanceMetadata(const InstancePlace& place, ProviderContext& context)
      : place_(place), context_(context) {}

  Result<Found> find() {
    const auto token =
        KSV_TRY(ask("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds", "21600"}));
    if (!token) return Found();
    const std::string trimmed = token->substr(0, token->find_last_not_of(" \r\n") + 1);
    if (trimmed.empty() || trimmed.find_first_of("\r\n") != trimmed.npos) {
      missing_ = "its token is none";
      return Found();
    }
    const HttpHeader with_token{"X-aws-ec2-metadata-token", trimmed};
    const auto roles = KSV_TRY(ask("GET", std::string(kRolePath), with_token));
    if (!roles) return Found();
    const std::string role = roles->substr(0, roles->find_first_of("\r\n"));
    if (role.empty()) {
      missing_ = "the instance has no role";
      return Found();
    }
    const auto body =
        KSV_TRY(ask("GET", std::string(kRolePath) + net::percent_encode(role), with_token));
    if (!body) return Found();
    return credentials_of(*body, role);
  }
  const std::string& missing() const { return missing_; }

 private:
  Result<std::optional<std::string>> ask(const char* method, const std::string& path,
                                         const HttpHeader& header) {
    MetadataRequest request{.method = method, .url = place_.base + path, .headers = {header}};
    request.timeout = std::chrono::seconds(place_.seconds);
    request.attempts = place_.attempts;
    const HttpOutcome outcome = KSV_TRY(ask_metadata(request, context_));
    const auto* answer = std::get_if<HttpAnswer>(&outcome);
    if (answer == nullptr) {
      missing_ = "no answer from " + place_.base;
      return std::optional<std::string>();
    }
    if (answer->status == 200) return std::optional<std::string>(text_of(answer->body));
    missing_ = place_.base + " answered with HTTP " + std::to_string(answer->status);
    return std::optional<std::string>();
  }

  static Result<Found> credentials_of(const std::string& body, const std::string& role) {
    const Json json = KSV_TRY(parse_credential_json(bytes_of(body)));
    const std::string code = text_member(json, "Code");
    if (!code.empty() && code != "Success") {
      return Error(ErrorCode::kDenied, "role " + role + ": the answer is not a success");
    }
    Credentials credentials = KSV_TRY(credentials_from_json(json, {.access_key = "AccessKeyId",
                                                                   .secret = "SecretAccessKey",
                                                                   .session_token = "Token",
                                                                   .expires = "Expiration"}));
    credentials.source = "instance metadata (role " + role + ")";
    return Found(std::move(credentials));
  }

  const InstancePlace& place_;
  ProviderContext& context_;
  std::string missing_;
};

}  // namespace

Result<Found> from_instance(ProviderContext& context) {
  const std::string disabled = set_variable("AWS_EC2_METADATA_DISABLED", context.env).value_or("");
  if (disabled == "true" || disabled == "True" || disabled == "TRUE") {
    context.looked_at.push_back("instance metadata: off (AWS_EC2_METADATA_DISABLED)");
    return Found();
  }
  const InstancePlace place = KSV_TRY(place_of(context));
  InstanceMetadata metadata(place, context);
  auto found = metadata.find();
  if (!found.has_value()) return std::move(found).error().with_context("instance metadata");
  if (*found) return found;
  if (place.was_given) {
    return Error(ErrorCode::kDenied, "instance metadata: " + metadata.missing());
  }
  context.looked_at.push_back("instance metadata: " + metadata.missing());
  return Found();
}

}  // namespace ksv::aws
