// What the address of an S3 store says, checked and in types.
#pragma once

#include <optional>
#include <string>

#include "ksv/catalog.h"
#include "ksv/http.h"

#include "net/aws/credentials.h"

namespace ksv::s3 {

struct Settings {
  std::string bucket;
  std::string store_id;  // a uuid in lower case; empty where the address names a bucket only
  std::string region{};
  std::string endpoint{};  // a URL; empty: the configured one, else AWS's
  std::optional<bool> path_style{};
  std::optional<bool> create_bucket{};  // absent: when it is missing
  std::optional<bool> dualstack{};
  std::optional<bool> fips{};
  std::string request_payer{};
  std::string expected_bucket_owner{};
  bool allow_unsafe = false;
  bool x_ray = false;
  aws::CredentialSettings credentials{};
  HttpSettings http{};
};

// kUsage for an option or a bucket name that cannot be.
Result<Settings> read_settings(const StoreAddress& address);

}  // namespace ksv::s3
