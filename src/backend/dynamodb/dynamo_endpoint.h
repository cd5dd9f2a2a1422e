// Where the requests to DynamoDB go: AWS's host of a region, or an endpoint of one's own.
#pragma once

#include <string>

#include "ksv/env.h"

#include "backend/dynamodb/dynamo_settings.h"

namespace ksv::dynamodb {

// The two services of DynamoDB: its tables, and the streams of their changes.
enum class Service { kTables, kStreams };

struct Endpoint {
  std::string region;
  std::string scheme;
  std::string authority;  // of kTables
  std::string path;       // percent-encoded; "/" where there is none
  bool is_aws = true;     // the host follows the region
  std::string streams_authority;
};

// Looks at the settings, the environment and the profile. kUsage when there is no region, or the
// endpoint is no URL.
Result<Endpoint> find_endpoint(const Settings& settings, Env& env);

}  // namespace ksv::dynamodb
