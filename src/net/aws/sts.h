// Roles: temporary credentials from the Security Token Service (AWS STS API Reference, AssumeRole
// and AssumeRoleWithWebIdentity).
#pragma once

#include <string>

#include "net/aws/provider.h"
#include "net/url.h"

namespace ksv::aws {

struct RoleRequest {
  std::string role_arn;
  std::string session_name{};      // empty: one of ksv's own
  std::string external_id{};       // empty: none
  std::string duration_seconds{};  // empty: the role's
  std::string profile{};           // whose region and endpoint count
  std::string source{};            // of the credentials
  const Credentials* signer = nullptr;
  std::string web_identity_token{};  // in place of a signer
};

// kDenied with the service's code and text when it refuses.
Result<Credentials> assume_role(const RoleRequest& role, ProviderContext& context);

}  // namespace ksv::aws
