// Requests to STS.
#include "net/aws/sts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ksv/limits.h"

#include "base/xml.h"
#include "net/aws/credential_json.h"
#include "net/aws/sigv4.h"
#include "net/aws/time_text.h"
#include "net/request_loop.h"

namespace ksv::aws {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{1} << 20;
constexpr std::string_view kFormType = "application/x-www-form-urlencoded; charset=utf-8";

struct Place {
  net::Url url;
  std::string region;  // for the signature
};

// The profile of the role decides; its region's own STS unless AWS_STS_REGIONAL_ENDPOINTS is
// legacy, or no region is known.
Result<Place> place_of(const RoleRequest& role, ProviderContext& context) {
  constexpr std::string_view kGlobalRegion = "us-east-1";
  const auto region = KSV_TRY(find_region(context.settings.region, role.profile, context.env));
  Place place{{}, region.value_or(std::string(kGlobalRegion))};
  const auto endpoint = KSV_TRY(find_endpoint("sts", role.profile, context.env));
  if (endpoint) {
    place.url = KSV_TRY(net::parse_url(*endpoint));
    return place;
  }
  const ProfileSettings profile = KSV_TRY(read_profile(role.profile, context.env));
  const std::string regional = set_variable("AWS_STS_REGIONAL_ENDPOINTS", context.env)
                                   .value_or(setting_of(profile, "sts_regional_endpoints"));
  if (!region || regional == "legacy") {
    place.url = KSV_TRY(net::parse_url("https://sts.amazonaws.com"));
    place.region = kGlobalRegion;
    return place;
  }
  const bool dualstack = KSV_TRY(use_dualstack(role.profile, context.env));
  const bool fips = KSV_TRY(use_fips(role.profile, context.env));
  const std::string host = KSV_TRY(
      service_host({.service = "sts", .region = *region, .dualstack = dualstack, .fips = fips}));
  place.url = KSV_TRY(net::parse_url("https://" + host));
  return place;
}

net::Query form_of(const RoleRequest& role, Env& env) {
  const bool by_token = role.signer == nullptr;
  net::Query form = {{"Action", by_token ? "AssumeRoleWithWebIdentity" : "AssumeRole"},
                     {"Version", "2011-06-15"},
                     {"RoleArn", role.role_arn}};
  form.emplace_back("RoleSessionName", role.session_name.empty()
                                           ? "ksv-" + std::to_string(env.wall_ms())
                                           : role.session_name);
  if (!role.external_id.empty()) form.emplace_back("ExternalId", role.external_id);
  if (!role.duration_seconds.empty()) form.emplace_back("DurationSeconds", role.duration_seconds);
  if (by_token) form.emplace_back("WebIdentityToken", role.web_identity_token);
  return form;
}

HttpHeaders headers_of(const RoleRequest& role, const Place& place, const std::string& body,
                       ProviderContext& context) {
  HttpHeaders headers = {{"Content-Type", std::string(kFormType)}};
  if (role.signer == nullptr) return headers;
  const net::Query no_query;
  const std::string authority = place.url.authority();
  const std::string hash = payload_hash(bytes_of(body));
  const SigningInput input{.service = "sts",
                           .region = place.region,
                           .method = "POST",
                           .scheme = place.url.scheme,
                           .authority = authority,
                           .path = place.url.path,
                           .query = &no_query,
                           .headers = &headers,
                           .payload_hash = hash,
                           .now_ms = context.clock.now_ms(context.env)};
  Signature signature = sign_v4(input, *role.signer);
  for (HttpHeader& header : signature.headers) headers.push_back(std::move(header));
  return headers;
}

struct Refusal {
  std::string code;
  std::string message;
};

// <ErrorResponse><Error><Code/><Message/>; Ceph has <Error> alone or a bare <Code>.
Refusal refusal_of(const HttpAnswer& answer) {
  const auto root = parse_xml(answer.body);
  if (!root.has_value()) return {};
  const XmlNode* error = root->name() == "Error" ? &*root : root->child("Error");
  if (error == nullptr) error = &*root;
  return {std::string(error->text_of("Code")), std::string(error->text_of("Message"))};
}

net::Verdict judge(const HttpAnswer& answer) {
  if (answer.status < 400) return net::Verdict::kUse;
  if (answer.status >= 500) return net::Verdict::kTransient;
  if (answer.status == 429) return net::Verdict::kThrottled;
  constexpr std::array<std::string_view, 4> kThrottled = {
      "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"};
  constexpr std::array<std::string_view, 4> kClock = {"RequestTimeTooSkewed", "RequestExpired",
                                                      "SignatureDoesNotMatch", "AuthFailure"};
  const std::string code = refusal_of(answer).code;
  if (std::find(kThrottled.begin(), kThrottled.end(), code) != kThrottled.end()) {
    return net::Verdict::kThrottled;
  }
  if (std::find(kClock.begin(), kClock.end(), code) != kClock.end()) return net::Verdict::kRenew;
  // STS could not reach the issuer of the token in time.
  if (code == "IDPCommunicationError") return net::Verdict::kTransient;
  return net::Verdict::kUse;
}

// One line. What follows the first one is the canonical request in AWS's answers, session token
// included.
std::string excerpt(const std::string& message) {
  std::string line = message.substr(0, message.find_first_of("\r\n"));
  if (line.size() > limits::kExcerptChars) line.resize(limits::kExcerptChars);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  while (line.ends_with('.') || line.ends_with(' ')) line.pop_back();
  return line;
}

// Whatever the service wrote: no secret of ours in it.
bool holds_secret(const std::string& text, const RoleRequest& role) {
  const auto holds = [&text](const std::string& secret) {
    return !secret.empty() && text.find(secret) != text.npos;
  };
  if (holds(role.web_identity_token) || holds(role.external_id)) return true;
  return role.signer != nullptr &&
         (holds(role.signer->secret) || holds(role.signer->session_token));
}

Error refused(const HttpAnswer& answer, const RoleRequest& role) {
  const Refusal refusal = refusal_of(answer);
  std::string text = "HTTP " + std::to_string(answer.status);
  const std::string code = excerpt(refusal.code);
  const std::string message = excerpt(refusal.message);
  if (!code.empty() && !holds_secret(code, role)) text += " " + code;
  if (!message.empty() && !holds_secret(message, role)) text += ": " + message;
  const bool theirs = answer.status >= 500 || answer.status == 429;
  if (theirs) return Error(ErrorCode::kUnavailable, text);
  Error error(ErrorCode::kDenied, text);
  // Ceph says so of a wrong secret, too.
  if (code != "AccessDenied" || role.signer == nullptr) return error;
  return std::move(error).with_hint(
      "The role does not trust the credentials that ask for it (its trust policy names whom it "
      "trusts), or they are wrong.");
}

Result<Credentials> credentials_of(const HttpAnswer& answer, const RoleRequest& role) {
  const auto root = parse_xml(answer.body);
  const XmlNode* node = nullptr;
  if (root.has_value()) {
    const XmlNode* result = root->child(role.signer == nullptr ? "AssumeRoleWithWebIdentityResult"
                                                               : "AssumeRoleResult");
    if (result != nullptr) node = result->child("Credentials");
  }
  if (node == nullptr) return Error(ErrorCode::kDenied, "the answer has no credentials");
  Credentials credentials{std::string(node->text_of("AccessKeyId")),
                          std::string(node->text_of("SecretAccessKey")),
                          std::string(node->text_of("SessionToken"))};
  const auto expires = parse_iso_time(node->text_of("Expiration"));
  if (credentials.access_key.empty() || credentials.secret.empty() || !expires) {
    return Error(ErrorCode::kDenied, "the answer lacks a key, a secret or their time of expiry");
  }
  credentials.expires_ms = *expires;
  credentials.source = role.source;
  return credentials;
}

Result<Credentials> ask(const RoleRequest& role, ProviderContext& context) {
  if (role.duration_seconds.find_first_not_of("0123456789") != std::string::npos) {
    return Error(ErrorCode::kUsage, "duration_seconds must be a number");
  }
  Place place = KSV_TRY(place_of(role, context));
  if (place.url.path.empty()) place.url.path = "/";
  const HttpSettings* settings = KSV_TRY(http_settings(context));
  const std::string body = net::query_text(form_of(role, context.env));
  net::Job job;
  job.name = "STS";
  job.prepare = [&]() -> Result<HttpRequest> {
    HttpRequest request;
    request.method = "POST";
    request.url = place.url.origin() + place.url.path;
    request.headers = headers_of(role, place, body, context);
    request.body = bytes_of(body);
    request.answer_bytes_max = kAnswerBytesMax;
    request.settings = settings;
    return request;
  };
  job.judge = judge;
  job.amend = [&](const HttpAnswer& answer) -> Result<bool> {
    return context.clock.learn(answer, context.env);
  };
  const net::Reply reply = KSV_TRY(net::run_job(job, context.http, context.env, context.call));
  if (reply.answer.status != 200) return refused(reply.answer, role);
  return credentials_of(reply.answer, role);
}

}  // namespace

Result<Credentials> assume_role(const RoleRequest& role, ProviderContext& context) {
  auto credentials = ask(role, context);
  if (credentials.has_value()) return credentials;
  return std::move(credentials).error().with_context("role " + role.role_arn);
}

}  // namespace ksv::aws
