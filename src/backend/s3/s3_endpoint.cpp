// Endpoints (AWS SDKs and Tools Reference Guide, "Service-specific endpoints", "Dual-stack and FIPS
// endpoints"; Amazon S3 User Guide, "Virtual hosting of buckets").
#include "backend/s3/s3_endpoint.h"

#include <algorithm>

#include "net/aws/settings.h"

namespace ksv::s3 {
namespace {

// A label before the host that TLS wildcards and DNS take.
bool fits_into_host(std::string_view bucket) {
  return bucket.size() >= 3 && bucket.size() <= 63 &&
         std::all_of(bucket.begin(), bucket.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

Error no_region() {
  return Error(ErrorCode::kUsage, "the store's region is not known")
      .with_hint(
          "Add ?region=... to the store, set AWS_REGION, or give the profile in ~/.aws/config a "
          "region.");
}

// What the region of an endpoint of one's own is when nobody says.
std::string default_region(std::string_view host) {
  if (const std::string region = region_of_host(host); !region.empty()) return region;
  return host.ends_with(".r2.cloudflarestorage.com") ? "auto" : "us-east-1";
}

}  // namespace

bool is_aws_host(std::string_view host) {
  return host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
}

std::string region_of_host(std::string_view host) {
  if (!is_aws_host(host)) return {};
  host = host.substr(0, host.rfind(".amazonaws.com"));
  if (host.ends_with(".vpce")) host.remove_suffix(5);
  // The labels after "s3" or its like: "s3.eu-west-1", "s3.dualstack.eu-west-1", "s3-eu-west-1".
  const std::size_t dot = host.rfind('.');
  std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last == "s3" || last == "s3-fips" || last == "s3-accelerate") return {};
  if (last.starts_with("s3-fips-")) last.remove_prefix(8);
  if (last.starts_with("s3-")) last.remove_prefix(3);
  return aws::check_region(last).has_value() ? std::string(last) : std::string();
}

Result<Endpoint> Endpoint::find(const Settings& settings, Env& env) {
  Endpoint endpoint;
  endpoint.bucket_ = settings.bucket;
  const std::string& profile_name = settings.credentials.profile;
  std::string text = settings.endpoint;
  if (text.empty()) {
    const auto configured = KSV_TRY(aws::find_endpoint("s3", profile_name, env));
    text = configured.value_or("");
  }
  const auto region = KSV_TRY(aws::find_region(settings.region, profile_name, env));
  endpoint.region_ = region.value_or("");
  if (!text.empty()) {
    auto url = net::parse_url(text);
    if (!url) return std::move(url).error().with_context("the endpoint " + text);
    if (!url->query.empty()) {
      return Error(ErrorCode::kUsage, "the endpoint " + text + " must not have a query");
    }
    endpoint.url_ = *std::move(url);
    std::string& path = endpoint.url_.path;
    while (path.ends_with('/')) path.pop_back();
    endpoint.is_custom_ = true;
    endpoint.is_aws_ = is_aws_host(endpoint.url_.host);
    if (endpoint.region_.empty()) endpoint.region_ = default_region(endpoint.url_.host);
  } else {
    if (endpoint.region_.empty()) return no_region();
    endpoint.dualstack_ = settings.dualstack.value_or(false);
    if (!settings.dualstack) endpoint.dualstack_ = KSV_TRY(aws::use_dualstack(profile_name, env));
    endpoint.fips_ = settings.fips.value_or(false);
    if (!settings.fips) endpoint.fips_ = KSV_TRY(aws::use_fips(profile_name, env));
  }
  KSV_CHECK(aws::check_region(endpoint.region_));
  const bool host_takes_bucket = fits_into_host(settings.bucket);
  endpoint.path_style_ =
      settings.path_style.value_or(endpoint.is_custom_ ? !endpoint.is_aws_ : !host_takes_bucket);
  if (!endpoint.path_style_ && net::is_ip_address(endpoint.url_.host)) endpoint.path_style_ = true;
  if (!endpoint.path_style_ && endpoint.is_aws_ && !host_takes_bucket) endpoint.path_style_ = true;
  return endpoint;
}

std::string Endpoint::host_of(const std::string& region) const {
  std::string host = fips_ ? "s3-fips." : "s3.";
  if (dualstack_) host.append("dualstack.");
  const bool global = region == "aws-global";
  if (!global) host.append(region).append(".");
  return host.append(aws::region_suffixes(region).plain);
}

Target Endpoint::target(const std::string& region, std::string_view key) const {
  Target target;
  target.scheme = is_custom_ ? url_.scheme : "https";
  target.authority = is_custom_ ? url_.authority() : host_of(region);
  target.path = is_custom_ ? url_.path : "";
  if (path_style_) {
    target.path.append("/").append(net::percent_encode(bucket_));
    if (key.empty()) return target;
  } else {
    target.authority.insert(0, bucket_ + ".");
  }
  target.path.append("/").append(net::percent_encode(key, true));
  return target;
}

std::string Endpoint::identity() const {
  const Target bucket = target(region_, "");
  return bucket.scheme + "://" + bucket.authority + bucket.path;
}

}  // namespace ksv::s3
