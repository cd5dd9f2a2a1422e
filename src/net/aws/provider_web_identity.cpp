// Web identity: a role for a token in a file, as Kubernetes and CI systems write it.
#include <utility>

#include "net/aws/provider.h"
#include "net/aws/small_file.h"
#include "net/aws/sts.h"
#include "net/aws/web_identity.h"

namespace ksv::aws {

Result<Credentials> credentials_of_web_identity(const WebIdentity& identity,
                                                ProviderContext& context) {
  // Read anew each time: the file's owner renews it.
  const auto token = KSV_TRY(read_small_file(identity.token_file, context.env));
  if (!token) {
    return Error(ErrorCode::kDenied, "web identity: there is no file " + identity.token_file);
  }
  RoleRequest role{.role_arn = identity.role_arn};
  role.session_name = identity.session_name;
  role.duration_seconds = identity.duration_seconds;
  role.profile = identity.profile;
  role.source = identity.source;
  role.web_identity_token = token->substr(0, token->find_last_not_of(" \t\r\n") + 1);
  if (role.web_identity_token.empty()) {
    return Error(ErrorCode::kDenied, "web identity: the file " + identity.token_file + " is empty");
  }
  return assume_role(role, context);
}

Result<Found> from_web_identity(ProviderContext& context) {
  if (!context.settings.profile.empty()) return Found();
  Env& env = context.env;
  const auto file = set_variable("AWS_WEB_IDENTITY_TOKEN_FILE", env);
  if (!file) {
    context.looked_at.push_back("web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
    return Found();
  }
  const auto role = set_variable("AWS_ROLE_ARN", env);
  if (!role) {
    return Error(ErrorCode::kDenied, "AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not");
  }
  WebIdentity identity{.token_file = *file, .role_arn = *role};
  identity.session_name = set_variable("AWS_ROLE_SESSION_NAME", env).value_or("");
  identity.source = "web identity (role " + *role + ")";
  Credentials credentials = KSV_TRY(credentials_of_web_identity(identity, context));
  return Found(std::move(credentials));
}

}  // namespace ksv::aws
