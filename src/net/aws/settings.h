// What environment and profile say about regions, endpoints and certificates. Profiles, regions
// and endpoints themselves: read_profile, find_region and find_endpoint in net/aws/credentials.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ksv/env.h"

#include "net/aws/credentials.h"
#include "net/aws/profile_file.h"

namespace ksv::aws {

// A variable that is set and not empty.
std::optional<std::string> set_variable(std::string_view name, Env& env);

// The setting of a profile; empty when there is none.
std::string setting_of(const ProfileSettings& profile, const std::string& name);

// The name of the profile to use, and whether somebody asked for it by name.
struct ProfileName {
  std::string name;
  bool was_given = false;
};
ProfileName profile_name(const std::string& given, Env& env);

// One profile of files that are loaded already; nothing when they have none of that name. kUsage
// when it names a services section that does not exist.
Result<std::optional<ProfileSettings>> profile_of(const ProfileFiles& files,
                                                  const std::string& name);

// A setting that is "true" or "false": the variable's, else the profile's, else false. kUsage for
// anything else.
Result<bool> find_flag(std::string_view variable, std::string_view setting,
                       const std::string& profile, Env& env);
// AWS_USE_DUALSTACK_ENDPOINT, use_dualstack_endpoint.
Result<bool> use_dualstack(const std::string& profile, Env& env);
// AWS_USE_FIPS_ENDPOINT, use_fips_endpoint.
Result<bool> use_fips(const std::string& profile, Env& env);

// The file of trusted certificates: AWS_CA_BUNDLE, the profile's ca_bundle, CURL_CA_BUNDLE,
// SSL_CERT_FILE; empty for the system's.
Result<std::string> find_ca_bundle(const std::string& profile, Env& env);

// The part of a region's host names after the region ("amazonaws.com"), and after it where IPv6 is
// served as well ("api.aws").
struct RegionSuffixes {
  std::string_view plain;
  std::string_view dualstack;
};
RegionSuffixes region_suffixes(std::string_view region);

// kUsage unless the region can be part of a host name: it is put into one, and what comes after
// the region decides who is asked.
Status check_region(std::string_view region);

// SERVICE.REGION.amazonaws.com and its like, for services that follow the common pattern (sts,
// dynamodb; not s3). kUsage for a region that is none.
struct HostForm {
  std::string_view service;
  std::string_view region;
  bool dualstack = false;
  bool fips = false;
};
Result<std::string> service_host(const HostForm& form);

}  // namespace ksv::aws
