// Logins by browser: IAM Identity Center (sso_session, and the older settings without one) and
// `aws login`. The AWS command line leaves a token in a cache; it is read here, never renewed.
#include <utility>

#include "base/crypto.h"
#include "base/hex.h"
#include "net/aws/credential_json.h"
#include "net/aws/provider.h"
#include "net/aws/small_file.h"
#include "net/aws/time_text.h"
#include "net/request_loop.h"
#include "net/url.h"

namespace ksv::aws {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{1} << 20;

Error must_log_in(const ProfileSettings& profile, const char* command, const std::string& why) {
  return Error(ErrorCode::kDenied, why)
      .with_hint(std::string("Run `aws ") + command + " --profile " + profile.name + "`.");
}

struct SsoPlace {
  std::string cache_name;  // what the cache file is named after
  std::string region;
  std::string account;
  std::string role;
};

Result<std::string> required(const ProfileSettings& settings, const std::string& name) {
  std::string value = setting_of(settings, name);
  if (value.empty()) return Error(ErrorCode::kDenied, "the setting " + name + " is missing");
  return value;
}

Result<SsoPlace> place_of(const ProfileSettings& profile, const ProfileFiles& files) {
  SsoPlace place;
  place.account = KSV_TRY(required(profile, "sso_account_id"));
  place.role = KSV_TRY(required(profile, "sso_role_name"));
  const std::string session = setting_of(profile, "sso_session");
  if (session.empty()) {
    place.cache_name = KSV_TRY(required(profile, "sso_start_url"));
    place.region = KSV_TRY(required(profile, "sso_region"));
  } else {
    const auto found = files.sso_sessions.find(session);
    if (found == files.sso_sessions.end()) {
      return Error(ErrorCode::kDenied, "there is no section [sso-session " + session + "]");
    }
    place.cache_name = session;
    place.region = KSV_TRY(required({session, found->second}, "sso_region"));
  }
  KSV_CHECK(check_region(place.region));
  return place;
}

Result<std::string> cached_token(const ProfileSettings& profile, const SsoPlace& place, Env& env) {
  const std::string path = "~/.aws/sso/cache/" + to_hex(sha1(bytes_of(place.cache_name))) + ".json";
  const auto text = KSV_TRY(read_small_file(path, env));
  if (!text) return must_log_in(profile, "sso login", "nobody is logged in");
  const Json json = KSV_TRY(parse_credential_json(bytes_of(*text)));
  std::string token = text_member(json, "accessToken");
  const auto expires = parse_iso_time(text_member(json, "expiresAt"));
  if (token.empty() || !expires) {
    return must_log_in(profile, "sso login", "the cached login is damaged");
  }
  if (*expires <= env.wall_ms()) {
    return must_log_in(profile, "sso login", "the login has expired");
  }
  return token;
}

Result<std::string> portal_url(const ProfileSettings& profile, const SsoPlace& place, Env& env) {
  const net::Query query = {{"role_name", place.role}, {"account_id", place.account}};
  const std::string path = "/federation/credentials?" + net::query_text(query);
  const auto endpoint = KSV_TRY(find_endpoint("sso", profile.name, env));
  if (endpoint) {
    const net::Url url = KSV_TRY(net::parse_url(*endpoint));
    const std::string base = url.origin() + url.path;
    return base.substr(0, base.find_last_not_of('/') + 1) + path;
  }
  const std::string host = KSV_TRY(service_host({.service = "portal.sso", .region = place.region}));
  return "https://" + host + path;
}

net::Verdict judge(const HttpAnswer& answer) {
  if (answer.status == 429) return net::Verdict::kThrottled;
  return answer.status >= 500 ? net::Verdict::kTransient : net::Verdict::kUse;
}

Result<Credentials> ask_portal(const ProfileSettings& profile, const ProfileFiles& files,
                               ProviderContext& context) {
  const SsoPlace place = KSV_TRY(place_of(profile, files));
  const std::string token = KSV_TRY(cached_token(profile, place, context.env));
  const std::string url = KSV_TRY(portal_url(profile, place, context.env));
  const HttpSettings* settings = KSV_TRY(http_settings(context));
  net::Job job;
  job.name = "SSO portal";
  job.prepare = [&]() -> Result<HttpRequest> {
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    request.headers = {{"x-amz-sso_bearer_token", token}};
    request.answer_bytes_max = kAnswerBytesMax;
    request.settings = settings;
    return request;
  };
  job.judge = judge;
  const net::Reply reply = KSV_TRY(net::run_job(job, context.http, context.env, context.call));
  const int status = reply.answer.status;
  if (status == 401) return must_log_in(profile, "sso login", "the login is no longer valid");
  if (status != 200) {
    return Error(
        judge(reply.answer) == net::Verdict::kUse ? ErrorCode::kDenied : ErrorCode::kUnavailable,
        "role " + place.role + " of account " + place.account + ": HTTP " + std::to_string(status));
  }
  const Json json = KSV_TRY(parse_credential_json(reply.answer.body));
  const Json* role = find_member(json, "roleCredentials");
  if (role == nullptr) return Error(ErrorCode::kDenied, "the answer has no roleCredentials");
  return credentials_from_json(*role, {.access_key = "accessKeyId",
                                       .secret = "secretAccessKey",
                                       .session_token = "sessionToken",
                                       .expires = "expiration"});
}

Result<Credentials> read_login(const ProfileSettings& profile, ProviderContext& context) {
  const std::string folder =
      set_variable("AWS_LOGIN_CACHE_DIRECTORY", context.env).value_or("~/.aws/login/cache");
  const std::string session = setting_of(profile, "login_session");
  const std::string path = folder + "/" + to_hex(sha256(bytes_of(session))) + ".json";
  const auto text = KSV_TRY(read_small_file(path, context.env));
  if (!text) return must_log_in(profile, "login", "nobody is logged in");
  const Json json = KSV_TRY(parse_credential_json(bytes_of(*text)));
  const Json* token = find_member(json, "accessToken");
  if (token == nullptr) return must_log_in(profile, "login", "the cached login is damaged");
  Credentials credentials = KSV_TRY(credentials_from_json(*token, {.access_key = "accessKeyId",
                                                                   .secret = "secretAccessKey",
                                                                   .session_token = "sessionToken",
                                                                   .expires = "expiresAt"}));
  if (credentials.expires_ms <= context.env.wall_ms()) {
    return must_log_in(profile, "login", "the login has expired");
  }
  return credentials;
}

}  // namespace

Result<Credentials> credentials_of_sso(const ProfileSettings& profile, const ProfileFiles& files,
                                       ProviderContext& context) {
  auto credentials = ask_portal(profile, files, context);
  if (!credentials.has_value()) return std::move(credentials).error().with_context("SSO");
  credentials->source = "profile " + profile.name + " (SSO)";
  return credentials;
}

Result<Credentials> credentials_of_login(const ProfileSettings& profile, ProviderContext& context) {
  auto credentials = read_login(profile, context);
  if (!credentials.has_value()) return std::move(credentials).error().with_context("aws login");
  credentials->source = "profile " + profile.name + " (aws login)";
  return credentials;
}

}  // namespace ksv::aws
