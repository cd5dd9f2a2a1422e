// Settings of environment and profiles.
#include "net/aws/settings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ksv::aws {
namespace {

std::optional<std::string> find_setting(const ProfileSettings& profile, const std::string& name) {
  const auto found = profile.values.find(name);
  if (found == profile.values.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

// AWS_ENDPOINT_URL_<SERVICE>.
std::string endpoint_variable(const std::string& service) {
  std::string name = "AWS_ENDPOINT_URL_";
  for (const char c : service) {
    const bool lower = c >= 'a' && c <= 'z';
    name += lower ? static_cast<char>(c - 'a' + 'A') : (c == '-' || c == ' ' ? '_' : c);
  }
  return name;
}

Result<bool> flag_of(const std::string& text, std::string_view name) {
  std::string lower = text;
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (lower == "true") return true;
  if (lower == "false") return false;
  return Error(ErrorCode::kUsage, std::string(name) + " must be true or false");
}

Result<std::string> valid_region(std::string region) {
  KSV_CHECK(check_region(region));
  return region;
}

}  // namespace

std::optional<std::string> set_variable(std::string_view name, Env& env) {
  auto value = env.variable(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

std::string setting_of(const ProfileSettings& profile, const std::string& name) {
  return find_setting(profile, name).value_or("");
}

ProfileName profile_name(const std::string& given, Env& env) {
  if (!given.empty()) return {given, true};
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (auto name = set_variable(variable, env)) return {*std::move(name), true};
  }
  return {"default", false};
}

Result<std::optional<ProfileSettings>> profile_of(const ProfileFiles& files,
                                                  const std::string& name) {
  const auto found = files.profiles.find(name);
  if (found == files.profiles.end()) return std::optional<ProfileSettings>();
  ProfileSettings profile{name, found->second};
  if (const auto services = find_setting(profile, "services")) {
    const auto section = files.services.find(*services);
    if (section == files.services.end()) {
      return Error(ErrorCode::kUsage, "profile " + name + ": there is no section [services " +
                                          *services + "] in " + files.config_path);
    }
    for (const auto& [key, value] : section->second) profile.values[key] = value;
  }
  return std::optional<ProfileSettings>(std::move(profile));
}

Result<ProfileSettings> read_profile(const std::string& named, Env& env) {
  const ProfileName name = profile_name(named, env);
  const ProfileFiles files = KSV_TRY(load_profile_files(env));
  auto profile = KSV_TRY(profile_of(files, name.name));
  if (profile) return *std::move(profile);
  if (!name.was_given || name.name == "default") return ProfileSettings{name.name, {}};
  return Error(ErrorCode::kUsage, "there is no AWS profile " + name.name)
      .with_detail("files", files.config_path + ", " + files.credentials_path);
}

Result<std::optional<std::string>> find_region(const std::string& given, const std::string& profile,
                                               Env& env) {
  std::optional<std::string> region;
  if (!given.empty()) region = given;
  if (!region) region = set_variable("AWS_REGION", env);
  if (!region) region = set_variable("AWS_DEFAULT_REGION", env);
  if (!region) {
    const ProfileSettings settings = KSV_TRY(read_profile(profile, env));
    region = find_setting(settings, "region");
  }
  if (!region) return region;
  std::string valid = KSV_TRY(valid_region(*std::move(region)));
  return std::optional<std::string>(std::move(valid));
}

Result<std::optional<std::string>> find_endpoint(const std::string& service,
                                                 const std::string& profile, Env& env) {
  constexpr std::string_view kIgnore = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
  using Endpoint = std::optional<std::string>;
  if (const auto text = set_variable(kIgnore, env)) {
    const bool ignored = KSV_TRY(flag_of(*text, kIgnore));
    if (ignored) return Endpoint();
  }
  if (auto url = set_variable(endpoint_variable(service), env)) return url;
  if (auto url = set_variable("AWS_ENDPOINT_URL", env)) return url;
  const ProfileSettings settings = KSV_TRY(read_profile(profile, env));
  if (const auto text = find_setting(settings, "ignore_configured_endpoint_urls")) {
    const bool ignored = KSV_TRY(flag_of(*text, "ignore_configured_endpoint_urls"));
    if (ignored) return Endpoint();
  }
  if (auto url = find_setting(settings, service + ".endpoint_url")) return url;
  return find_setting(settings, "endpoint_url");
}

Result<bool> find_flag(std::string_view variable, std::string_view setting,
                       const std::string& profile, Env& env) {
  if (const auto text = set_variable(variable, env)) return flag_of(*text, variable);
  const ProfileSettings settings = KSV_TRY(read_profile(profile, env));
  const auto text = find_setting(settings, std::string(setting));
  return text ? flag_of(*text, setting) : Result<bool>(false);
}

Result<bool> use_dualstack(const std::string& profile, Env& env) {
  return find_flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", profile, env);
}

Result<bool> use_fips(const std::string& profile, Env& env) {
  return find_flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", profile, env);
}

Result<std::string> find_ca_bundle(const std::string& profile, Env& env) {
  if (auto path = set_variable("AWS_CA_BUNDLE", env)) return *std::move(path);
  const ProfileSettings settings = KSV_TRY(read_profile(profile, env));
  if (auto path = find_setting(settings, "ca_bundle")) return *std::move(path);
  for (const char* variable : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (auto path = set_variable(variable, env)) return *std::move(path);
  }
  return std::string();
}

// The partitions of AWS and the first letters of their regions.
RegionSuffixes region_suffixes(std::string_view region) {
  struct Partition {
    std::string_view prefix;
    RegionSuffixes suffixes;
  };
  constexpr std::array<Partition, 6> kPartitions = {{
      {"cn-", {"amazonaws.com.cn", "api.amazonwebservices.com.cn"}},
      {"us-iso-", {"c2s.ic.gov", "api.aws.ic.gov"}},
      {"us-isob-", {"sc2s.sgov.gov", "api.aws.scloud"}},
      {"us-isof-", {"csp.hci.ic.gov", "api.aws.hci.ic.gov"}},
      {"eu-isoe-", {"cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"}},
      {"eusc-", {"amazonaws.eu", "api.amazonwebservices.eu"}},
  }};
  for (const Partition& partition : kPartitions) {
    if (region.starts_with(partition.prefix)) return partition.suffixes;
  }
  return {"amazonaws.com", "api.aws"};
}

Status check_region(std::string_view region) {
  constexpr std::size_t kRegionChars = 64;
  const bool valid = !region.empty() && region.size() <= kRegionChars &&
                     std::all_of(region.begin(), region.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                     });
  if (valid) return ok();
  return Error(ErrorCode::kUsage, "the AWS region must be a name such as eu-west-1");
}

Result<std::string> service_host(const HostForm& form) {
  KSV_CHECK(check_region(form.region));
  const RegionSuffixes suffixes = region_suffixes(form.region);
  std::string host(form.service);
  if (form.fips) host += "-fips";
  host.append(".").append(form.region).append(".");
  host.append(form.dualstack ? suffixes.dualstack : suffixes.plain);
  return host;
}

}  // namespace ksv::aws
