// Container credentials: an agent beside the container gives them (AWS SDKs and Tools Reference
// Guide, "Container credential provider"): ECS, EKS Pod Identity, Greengrass.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "net/aws/credential_json.h"
#include "net/aws/metadata_http.h"
#include "net/aws/provider.h"
#include "net/aws/small_file.h"
#include "net/url.h"

namespace ksv::aws {
namespace {

constexpr std::string_view kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr std::chrono::milliseconds kTimeout{2000};
constexpr std::uint32_t kAttempts = 3;

// 127.0.0.0/8, spelt as four numbers and nothing else: a name may begin with "127." too.
bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  if (!host.starts_with("127.") || host.ends_with('.')) return false;
  int parts = 0;
  while (!host.empty()) {
    const std::string_view part = host.substr(0, host.find('.'));
    std::uint8_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (part.empty() || error != std::errc() || end != part.data() + part.size()) return false;
    host.remove_prefix(std::min(part.size() + 1, host.size()));
    ++parts;
  }
  return parts == 4;
}

bool is_of_machine(std::string_view host) {
  constexpr std::array<std::string_view, 3> kAgents = {"169.254.170.2", "169.254.170.23",
                                                       "[fd00:ec2::23]"};
  return is_loopback(host) || std::find(kAgents.begin(), kAgents.end(), host) != kAgents.end();
}

// A token goes with the request: without TLS only where it cannot leave the machine.
bool may_ask(const net::Url& url) { return url.scheme == "https" || is_of_machine(url.host); }

Result<net::Url> agent_url(const std::optional<std::string>& relative,
                           const std::optional<std::string>& full) {
  if (relative) {
    // Anything else would run on into the host's name.
    if (!relative->starts_with('/')) {
      return Error(ErrorCode::kDenied, std::string(kRelative) + " must begin with /");
    }
    return net::parse_url("http://169.254.170.2" + *relative);
  }
  net::Url url = KSV_TRY(net::parse_url(*full));
  if (may_ask(url)) return url;
  return Error(
      ErrorCode::kDenied,
      std::string(kFull) + ": http is for this machine and its agents only, not for " + url.host);
}

// Read anew for each request: EKS replaces the file.
Result<std::string> agent_token(Env& env) {
  std::string token;
  if (const auto path = set_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", env)) {
    const auto text = KSV_TRY(read_small_file(*path, env));
    if (!text) return Error(ErrorCode::kDenied, "there is no token file " + *path);
    token = text->substr(0, text->find_last_not_of(" \t\r\n") + 1);
  } else {
    token = set_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", env).value_or("");
  }
  const bool valid = std::all_of(token.begin(), token.end(),
                                 [](char c) { return static_cast<unsigned char>(c) >= ' '; });
  if (!valid) return Error(ErrorCode::kDenied, "the token holds control characters");
  return token;
}

Result<Credentials> ask(const net::Url& url, ProviderContext& context) {
  const std::string token = KSV_TRY(agent_token(context.env));
  if (url.scheme == "https") KSV_CHECK(http_settings(context));
  MetadataRequest request{.method = "GET", .url = url.origin() + url.path};
  if (!url.query.empty()) request.url += "?" + url.query;
  if (!token.empty()) request.headers.push_back({"Authorization", token});
  request.through_proxy = !is_of_machine(url.host);
  request.timeout = kTimeout;
  request.attempts = kAttempts;
  const HttpOutcome outcome = KSV_TRY(ask_metadata(request, context));
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) {
    return Error(ErrorCode::kDenied, "no answer from " + url.origin() + ": " + failure->text);
  }
  const auto& answer = *std::get_if<HttpAnswer>(&outcome);
  if (answer.status != 200) {
    return Error(ErrorCode::kDenied,
                 url.origin() + " answered with HTTP " + std::to_string(answer.status));
  }
  const Json json = KSV_TRY(parse_credential_json(answer.body));
  return credentials_from_json(json, {.access_key = "AccessKeyId",
                                      .secret = "SecretAccessKey",
                                      .session_token = "Token",
                                      .expires = "Expiration"});
}

}  // namespace

Result<Found> from_container(ProviderContext& context) {
  const auto relative = set_variable(kRelative, context.env);
  const auto full = set_variable(kFull, context.env);
  if (!relative && !full) {
    context.looked_at.push_back("container: " + std::string(kRelative) + " is not set");
    return Found();
  }
  auto url = agent_url(relative, full);
  if (!url.has_value()) return std::move(url).error().with_context("container credentials");
  auto credentials = ask(*url, context);
  if (!credentials.has_value()) {
    return std::move(credentials).error().with_context("container credentials");
  }
  credentials->source = "container (" + url->origin() + ")";
  return Found(*std::move(credentials));
}

}  // namespace ksv::aws
