// Where the requests of a bucket go: AWS's hosts of a region, or an endpoint of one's own.
#pragma once

#include <string>
#include <string_view>

#include "ksv/env.h"

#include "backend/s3/s3_settings.h"
#include "net/url.h"

namespace ksv::s3 {

// A request's address: what is sent, and what is signed.
struct Target {
  std::string scheme;
  std::string authority;
  std::string path;  // percent-encoded
};

class Endpoint {
 public:
  // Looks at the settings, the environment and the profile. kUsage when there is no region, or the
  // endpoint is no URL.
  static Result<Endpoint> find(const Settings& settings, Env& env);

  // An object, or the bucket where `key` is empty, in `region`.
  Target target(const std::string& region, std::string_view key) const;

  const std::string& region() const { return region_; }
  // Whether the service is AWS's own, whose conditions need no proof.
  bool is_aws() const { return is_aws_; }
  // Names endpoint and bucket, for caches.
  std::string identity() const;

 private:
  Endpoint() = default;
  std::string host_of(const std::string& region) const;

  std::string bucket_;
  std::string region_;
  net::Url url_{};          // where `is_custom_`
  bool is_custom_ = false;  // else the host follows the region
  bool is_aws_ = true;
  bool path_style_ = false;
  bool dualstack_ = false;
  bool fips_ = false;
};

// The region in one of AWS's host names: "s3.eu-west-1.amazonaws.com". Empty when there is none.
std::string region_of_host(std::string_view host);
bool is_aws_host(std::string_view host);

}  // namespace ksv::s3
