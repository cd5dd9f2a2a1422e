// Reads the options of an S3 store's address.
#include "backend/s3/s3_settings.h"

#include <algorithm>
#include <charconv>

#include "backend/option_reader.h"
#include "base/hex.h"

namespace ksv::s3 {
namespace {

// Ceph takes bucket names of up to 255 bytes; AWS's have 63.
constexpr std::size_t kBucketBytesMax = 255;

bool is_bucket_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

Status check_bucket(const std::string& bucket) {
  if (bucket.empty()) return Error(ErrorCode::kUsage, "the address names no bucket");
  const bool fits = bucket.size() <= kBucketBytesMax && bucket != "." && bucket != ".." &&
                    std::all_of(bucket.begin(), bucket.end(), is_bucket_char);
  if (fits) return ok();
  return Error(ErrorCode::kUsage, "\"" + bucket + "\" is not the name of a bucket");
}

Status read_flags(const OptionReader& options, Settings* settings) {
  settings->path_style = KSV_TRY(options.flag("path-style"));
  settings->create_bucket = KSV_TRY(options.flag("create-bucket"));
  settings->dualstack = KSV_TRY(options.flag("dualstack"));
  settings->fips = KSV_TRY(options.flag("fips"));
  const std::optional<bool> allow_unsafe = KSV_TRY(options.flag("allow-unsafe"));
  settings->allow_unsafe = allow_unsafe.value_or(false);
  const std::optional<bool> x_ray = KSV_TRY(options.flag("x-ray"));
  settings->x_ray = x_ray.value_or(false);
  const std::optional<bool> anonymous = KSV_TRY(options.flag("anonymous"));
  settings->credentials.anonymous = anonymous.value_or(false);
  return ok();
}

}  // namespace

Result<Settings> read_settings(const StoreAddress& address) {
  KSV_CHECK(check_bucket(address.location));
  Settings settings{.bucket = address.location, .store_id = {}};
  if (!address.id.empty()) {
    const std::optional<Uuid> id = parse_uuid(address.id);
    if (!id)
      return Error(ErrorCode::kUsage, "the store's id is a uuid, not \"" + address.id + "\"");
    settings.store_id = uuid_text(*id);
  }
  const OptionReader options(address.options);
  KSV_CHECK(read_flags(options, &settings));
  settings.region = KSV_TRY(options.header_text("region"));
  settings.endpoint = options.text("endpoint");
  settings.request_payer = KSV_TRY(options.header_text("request-payer"));
  if (settings.request_payer == "true") settings.request_payer = "requester";
  if (settings.request_payer == "false") settings.request_payer.clear();
  settings.expected_bucket_owner = KSV_TRY(options.header_text("expected-bucket-owner"));

  aws::CredentialSettings& credentials = settings.credentials;
  credentials.profile = options.text("profile");
  credentials.access_key = KSV_TRY(options.header_text("access-key"));
  credentials.secret = options.text("secret");
  credentials.session_token = KSV_TRY(options.header_text("session-token"));
  if (credentials.access_key.empty() != credentials.secret.empty()) {
    return Error(ErrorCode::kUsage, "the options access-key and secret belong together");
  }

  settings.http.ca_bundle = options.text("ca-bundle");
  settings.http.client_certificate = options.text("client-certificate");
  settings.http.client_key = options.text("client-key");
  if (const auto timeout = KSV_TRY(options.time("connect-timeout"))) {
    settings.http.connect_timeout = *timeout;
  }
  return settings;
}

}  // namespace ksv::s3
