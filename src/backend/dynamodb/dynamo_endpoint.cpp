// Endpoints (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
#include "backend/dynamodb/dynamo_endpoint.h"

#include "net/aws/settings.h"
#include "net/url.h"

namespace ksv::dynamodb {
namespace {

// "dynamodb.eu-west-1.amazonaws.com"; empty for a host that names none.
std::string region_of_host(std::string_view host) {
  constexpr std::string_view kPrefix = "dynamodb.";
  const std::size_t end = host.rfind(".amazonaws.com");
  if (!host.starts_with(kPrefix) || end == std::string_view::npos || end <= kPrefix.size()) {
    return {};
  }
  const std::string_view region = host.substr(kPrefix.size(), end - kPrefix.size());
  return aws::check_region(region).has_value() ? std::string(region) : std::string();
}

Status use_url(const std::string& text, Endpoint* endpoint) {
  auto url = net::parse_url(text);
  if (!url.has_value()) return std::move(url).error().with_context("the endpoint " + text);
  if (!url->query.empty()) {
    return Error(ErrorCode::kUsage, "the endpoint " + text + " must not have a query");
  }
  endpoint->scheme = url->scheme;
  endpoint->authority = url->authority();
  // AWS's own host of a region has not the streams.
  const bool is_region = !region_of_host(url->host).empty();
  endpoint->streams_authority = (is_region ? "streams." : "") + endpoint->authority;
  endpoint->path = url->path.empty() ? "/" : url->path;
  endpoint->is_aws = false;
  if (endpoint->region.empty()) endpoint->region = region_of_host(url->host);
  if (endpoint->region.empty()) endpoint->region = "us-east-1";
  return ok();
}

Status use_region(const Settings& settings, Env& env, Endpoint* endpoint) {
  if (endpoint->region.empty()) {
    return Error(ErrorCode::kUsage, "the store's region is not known")
        .with_hint(
            "Add ?region=... to the store, set AWS_REGION, or give the profile in ~/.aws/config a "
            "region.");
  }
  const std::string& profile = settings.credentials.profile;
  aws::HostForm form{.service = "dynamodb", .region = endpoint->region};
  form.dualstack = settings.dualstack.value_or(false);
  if (!settings.dualstack) form.dualstack = KSV_TRY(aws::use_dualstack(profile, env));
  form.fips = settings.fips.value_or(false);
  if (!settings.fips) form.fips = KSV_TRY(aws::use_fips(profile, env));
  endpoint->scheme = "https";
  endpoint->path = "/";
  endpoint->authority = KSV_TRY(aws::service_host(form));
  form.service = "streams.dynamodb";
  endpoint->streams_authority = KSV_TRY(aws::service_host(form));
  return ok();
}

}  // namespace

Result<Endpoint> find_endpoint(const Settings& settings, Env& env) {
  const std::string& profile = settings.credentials.profile;
  Endpoint endpoint;
  const auto region = KSV_TRY(aws::find_region(settings.region, profile, env));
  endpoint.region = region.value_or("");
  std::string text = settings.endpoint;
  if (text.empty()) {
    const auto configured = KSV_TRY(aws::find_endpoint("dynamodb", profile, env));
    text = configured.value_or("");
  }
  KSV_CHECK(text.empty() ? use_region(settings, env, &endpoint) : use_url(text, &endpoint));
  KSV_CHECK(aws::check_region(endpoint.region));
  return endpoint;
}

}  // namespace ksv::dynamodb
