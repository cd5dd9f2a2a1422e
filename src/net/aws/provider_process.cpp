// credential_process: a program that prints credentials (AWS SDKs and Tools Reference Guide,
// "Process credential provider").
#include <utility>

#include "base/child_process.h"
#include "net/aws/credential_json.h"
#include "net/aws/provider.h"

namespace ksv::aws {
namespace {

constexpr std::size_t kOutputBytesMax = std::size_t{64} << 10;

Result<Credentials> ask(const ProfileSettings& profile, ProviderContext& context) {
  ChildRequest request;
  request.words = {"/bin/sh", "-c", setting_of(profile, "credential_process")};
  request.output_max = kOutputBytesMax;
  auto result = run_child(request, context.call.deadline);
  if (!result.has_value()) {
    // The command itself may hold a secret: only what went wrong is told.
    const ErrorCode code = result.error().code();
    if (code == ErrorCode::kDeadline) return Error(code, "it took too long");
    if (code == ErrorCode::kCancelled) return Error(code, "stopped by a signal");
    return Error(ErrorCode::kDenied,
                 code == ErrorCode::kFunction ? "it printed too much" : "it could not be run");
  }
  if (result->status != 0) {
    return Error(ErrorCode::kDenied, "it ended with status " + std::to_string(result->status));
  }
  const Json json = KSV_TRY(parse_credential_json(result->output));
  if (text_member(json, "Version") != "1") {
    return Error(ErrorCode::kDenied, "the answer's Version is not 1");
  }
  return credentials_from_json(json, {.access_key = "AccessKeyId",
                                      .secret = "SecretAccessKey",
                                      .session_token = "SessionToken",
                                      .expires = "Expiration"});
}

}  // namespace

Result<Credentials> credentials_of_process(const ProfileSettings& profile,
                                           ProviderContext& context) {
  auto credentials = ask(profile, context);
  if (!credentials.has_value()) {
    return std::move(credentials).error().with_context("credential_process");
  }
  credentials->source = "profile " + profile.name + " (credential_process)";
  return credentials;
}

}  // namespace ksv::aws
