// What the address of a DynamoDB store says, checked and in types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/catalog.h"
#include "ksv/http.h"

#include "net/aws/credentials.h"

namespace ksv::dynamodb {

struct Settings {
  std::string table;      // empty where the address names the account's tables, not one of them
  bool konserve = false;  // layout=konserve
  std::string region{};
  std::string endpoint{};  // a URL; empty: the configured one, else AWS's
  std::optional<bool> dualstack{};
  std::optional<bool> fips{};
  bool stale = false;  // eventually consistent reads
  bool x_ray = false;
  // Of a table that is to be made.
  bool on_demand = false;  // billing=pay-per-request
  std::int64_t read_capacity = 5;
  std::int64_t write_capacity = 5;
  aws::CredentialSettings credentials{};
  HttpSettings http{};
};

// The options are layout (native, konserve), region, endpoint, profile, access-key, secret,
// session-token, dualstack, fips, stale, x-ray, billing (provisioned, pay-per-request),
// read-capacity, write-capacity, ca-bundle, client-certificate, client-key, connect-timeout; others
// are left to whoever knows them. kUsage for what cannot be.
Result<Settings> read_settings(const StoreAddress& address);

// kUsage unless it can be the name of a table or index: 3 to 255 of A-Z a-z 0-9 _ - and the dot.
Status check_table_name(std::string_view name);

}  // namespace ksv::dynamodb
