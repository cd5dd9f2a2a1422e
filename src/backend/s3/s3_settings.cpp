// Reads the options of an S3 store's address.
#include "backend/s3/s3_settings.h"

#include <algorithm>
#include <charconv>

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

class OptionReader {
 public:
  explicit OptionReader(const std::map<std::string, std::string>& options) : options_(options) {}

  std::string text(const std::string& name) const {
    const auto found = options_.find(name);
    return found == options_.end() ? std::string() : found->second;
  }

  // Text that goes into a header.
  Result<std::string> header_text(const std::string& name) const {
    std::string value = text(name);
    const auto is_control = [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    if (std::none_of(value.begin(), value.end(), is_control)) return value;
    return Error(ErrorCode::kUsage, "the option " + name + " holds a control character");
  }

  Result<std::optional<bool>> flag(const std::string& name) const {
    const std::string value = text(name);
    if (value.empty()) return std::optional<bool>();
    if (value == "true") return std::optional<bool>(true);
    if (value == "false") return std::optional<bool>(false);
    return Error(ErrorCode::kUsage, "the option " + name + " is true or false, not " + value);
  }

 private:
  const std::map<std::string, std::string>& options_;
};

// "500ms", "5s", "5", as the command line writes it.
Result<std::chrono::milliseconds> read_time(const std::string& text) {
  struct Unit {
    std::string_view suffix;
    double milliseconds;
  };
  constexpr Unit kUnits[] = {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}};
  double amount = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, amount);
  for (const Unit& unit : kUnits) {
    if (error != std::errc() || unit.suffix != std::string_view(rest, end)) continue;
    if (!(amount > 0) || amount > 1e6) break;
    return std::chrono::milliseconds(
        std::max<std::int64_t>(1, static_cast<std::int64_t>(amount * unit.milliseconds)));
  }
  return Error(ErrorCode::kUsage, "the option connect-timeout is a time such as 5s, not " + text);
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
  if (const std::string timeout = options.text("connect-timeout"); !timeout.empty()) {
    settings.http.connect_timeout = KSV_TRY(read_time(timeout));
  }
  return settings;
}

}  // namespace ksv::s3
