// Credentials for a token that somebody else issued.
#pragma once

#include <string>

#include "net/aws/provider.h"

namespace ksv::aws {

struct WebIdentity {
  std::string token_file;
  std::string role_arn;
  std::string session_name{};
  std::string duration_seconds{};
  std::string profile{};
  std::string source{};
};

Result<Credentials> credentials_of_web_identity(const WebIdentity& identity,
                                                ProviderContext& context);

}  // namespace ksv::aws
