// Reads the options of a DynamoDB store's address.
#include "backend/dynamodb/dynamo_settings.h"

#include <algorithm>
#include <charconv>

#include "backend/option_reader.h"

namespace ksv::dynamodb {
namespace {

constexpr std::size_t kNameBytesMin = 3;
constexpr std::size_t kNameBytesMax = 255;
// The service's own bounds are lower, and differ by account.
constexpr std::int64_t kCapacityMax = 1'000'000'000;

Error usage(const std::string& message) { return Error(ErrorCode::kUsage, message); }

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_';
}

Result<std::int64_t> read_capacity(const OptionReader& options, const std::string& name,
                                   std::int64_t otherwise) {
  const std::string value = options.text(name);
  if (value.empty()) return otherwise;
  std::int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && rest == end && number > 0 && number <= kCapacityMax) return number;
  return usage("the option " + name + " is a number from 1 on, not " + value);
}

Status read_switches(const OptionReader& options, Settings* settings) {
  const auto konserve = KSV_TRY(options.choice("layout", "konserve", "native"));
  settings->konserve = konserve.value_or(false);
  settings->dualstack = KSV_TRY(options.flag("dualstack"));
  settings->fips = KSV_TRY(options.flag("fips"));
  const auto stale = KSV_TRY(options.flag("stale"));
  settings->stale = stale.value_or(false);
  const auto x_ray = KSV_TRY(options.flag("x-ray"));
  settings->x_ray = x_ray.value_or(false);
  return ok();
}

Status read_throughput(const OptionReader& options, Settings* settings) {
  const auto on_demand = KSV_TRY(options.choice("billing", "pay-per-request", "provisioned"));
  settings->on_demand = on_demand.value_or(false);
  settings->read_capacity =
      KSV_TRY(read_capacity(options, "read-capacity", settings->read_capacity));
  settings->write_capacity =
      KSV_TRY(read_capacity(options, "write-capacity", settings->write_capacity));
  const bool has_capacity =
      !options.text("read-capacity").empty() || !options.text("write-capacity").empty();
  if (settings->on_demand && has_capacity) {
    return usage("a table with billing=pay-per-request has no capacity");
  }
  return ok();
}

Status read_credentials(const OptionReader& options, aws::CredentialSettings* credentials) {
  credentials->profile = options.text("profile");
  credentials->access_key = KSV_TRY(options.header_text("access-key"));
  credentials->secret = options.text("secret");
  credentials->session_token = KSV_TRY(options.header_text("session-token"));
  if (credentials->access_key.empty() != credentials->secret.empty()) {
    return usage("the options access-key and secret belong together");
  }
  return ok();
}

}  // namespace

Status check_table_name(std::string_view name) {
  const bool fits = name.size() >= kNameBytesMin && name.size() <= kNameBytesMax &&
                    std::all_of(name.begin(), name.end(), is_name_char);
  if (fits) return ok();
  return usage("\"" + std::string(name.substr(0, kNameBytesMax)) +
               "\" cannot be the name of a table")
      .with_hint(
          "It has 3 to 255 of the letters A to Z and a to z, digits, \"_\", \"-\" and \".\".");
}

Result<Settings> read_settings(const StoreAddress& address) {
  if (!address.location.empty()) KSV_CHECK(check_table_name(address.location));
  Settings settings{.table = address.location};
  const OptionReader options(address.options);
  KSV_CHECK(read_switches(options, &settings));
  KSV_CHECK(read_throughput(options, &settings));
  KSV_CHECK(read_credentials(options, &settings.credentials));
  settings.region = KSV_TRY(options.header_text("region"));
  settings.endpoint = options.text("endpoint");
  settings.http.ca_bundle = options.text("ca-bundle");
  settings.http.client_certificate = options.text("client-certificate");
  settings.http.client_key = options.text("client-key");
  if (const auto timeout = KSV_TRY(options.time("connect-timeout"))) {
    settings.http.connect_timeout = *timeout;
  }
  return settings;
}

}  // namespace ksv::dynamodb
