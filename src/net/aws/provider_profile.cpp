// Credentials of a profile, by whichever way its settings name, and through chains of roles.
#include <algorithm>
#include <utility>

#include "net/aws/provider.h"
#include "net/aws/sts.h"
#include "net/aws/web_identity.h"

namespace ksv::aws {
namespace {

// A role for a role for a role: more is a mistake.
constexpr std::size_t kChainMax = 10;

Error in_profile(Error error, const std::string& name) {
  return std::move(error).with_context("profile " + name);
}

class ProfileChain {
 public:
  ProfileChain(const ProfileFiles& files, ProviderContext& context)
      : files_(files), context_(context) {}

  // Nothing when the profile has no settings for credentials.
  Result<Found> find(const ProfileSettings& profile) {
    auto found = look(profile);
    if (found.has_value()) return found;
    return in_profile(std::move(found).error(), profile.name);
  }

 private:
  // The order of the AWS command line: a role before the keys that it may be assumed with.
  Result<Found> look(const ProfileSettings& profile) {
    visited_.push_back(profile.name);
    if (!setting_of(profile, "role_arn").empty()) return wrapped(role_of(profile));
    if (!setting_of(profile, "sso_session").empty() ||
        !setting_of(profile, "sso_start_url").empty()) {
      return wrapped(credentials_of_sso(profile, files_, context_));
    }
    if (has_keys(profile)) return wrapped(keys_of(profile));
    if (!setting_of(profile, "login_session").empty()) {
      return wrapped(credentials_of_login(profile, context_));
    }
    if (!setting_of(profile, "credential_process").empty()) {
      return wrapped(credentials_of_process(profile, context_));
    }
    return Found();
  }

  static Result<Found> wrapped(Result<Credentials> credentials) {
    if (!credentials.has_value()) return std::move(credentials).error();
    return Found(*std::move(credentials));
  }

  static bool has_keys(const ProfileSettings& profile) {
    return !setting_of(profile, "aws_access_key_id").empty() ||
           !setting_of(profile, "aws_secret_access_key").empty();
  }

  static Result<Credentials> keys_of(const ProfileSettings& profile) {
    Credentials credentials{setting_of(profile, "aws_access_key_id"),
                            setting_of(profile, "aws_secret_access_key"),
                            setting_of(profile, "aws_session_token")};
    credentials.source = "profile " + profile.name;
    if (credentials.access_key.empty() || credentials.secret.empty()) {
      return Error(ErrorCode::kDenied,
                   "it has one of aws_access_key_id and aws_secret_access_key, not both");
    }
    return credentials;
  }

  Result<Credentials> role_of(const ProfileSettings& profile) {
    const std::string role_arn = setting_of(profile, "role_arn");
    const std::string source = "profile " + profile.name + " (role " + role_arn + ")";
    const std::string token_file = setting_of(profile, "web_identity_token_file");
    if (!setting_of(profile, "mfa_serial").empty()) {
      return Error(ErrorCode::kDenied, "it asks for a code of a device (mfa_serial)")
          .with_hint(
              "Get a session by other means, such as credential_process or `aws configure "
              "export-credentials`, and give it as environment variables.");
    }
    if (!token_file.empty()) {
      return credentials_of_web_identity(
          {.token_file = token_file,
           .role_arn = role_arn,
           .session_name = setting_of(profile, "role_session_name"),
           .duration_seconds = setting_of(profile, "duration_seconds"),
           .profile = profile.name,
           .source = source},
          context_);
    }
    const Credentials signer = KSV_TRY(source_of(profile));
    RoleRequest role{.role_arn = role_arn};
    role.session_name = setting_of(profile, "role_session_name");
    role.external_id = setting_of(profile, "external_id");
    role.duration_seconds = setting_of(profile, "duration_seconds");
    role.profile = profile.name;
    role.source = source;
    role.signer = &signer;
    return assume_role(role, context_);
  }

  // The credentials that a role is assumed with.
  Result<Credentials> source_of(const ProfileSettings& profile) {
    const std::string source_profile = setting_of(profile, "source_profile");
    const std::string credential_source = setting_of(profile, "credential_source");
    if (source_profile.empty() == credential_source.empty()) {
      return Error(ErrorCode::kDenied,
                   "role_arn needs source_profile or credential_source, one of them");
    }
    if (source_profile.empty()) return named_source(credential_source);
    // A profile may name itself: its own keys, then.
    if (source_profile == profile.name && has_keys(profile)) return keys_of(profile);
    if (std::find(visited_.begin(), visited_.end(), source_profile) != visited_.end()) {
      return Error(ErrorCode::kUsage, "source_profile " + source_profile + " leads in a circle");
    }
    if (visited_.size() >= kChainMax) {
      return Error(ErrorCode::kUsage, "the chain of source_profile is too long");
    }
    const auto next = KSV_TRY(profile_of(files_, source_profile));
    if (!next) {
      return Error(ErrorCode::kUsage, "source_profile: there is no profile " + source_profile);
    }
    auto found = KSV_TRY(find(*next));
    if (found) return *std::move(found);
    return Error(ErrorCode::kDenied, "source_profile " + source_profile + " has no credentials");
  }

  Result<Credentials> named_source(const std::string& name) {
    using Provider = Result<Found> (*)(ProviderContext&);
    Provider provider = nullptr;
    if (name == "Environment") provider = from_environment;
    if (name == "EcsContainer") provider = from_container;
    if (name == "Ec2InstanceMetadata") provider = from_instance;
    if (provider == nullptr) {
      return Error(ErrorCode::kUsage,
                   "credential_source must be Environment, EcsContainer or Ec2InstanceMetadata");
    }
    // That a profile is named does not keep it from naming the environment.
    CredentialSettings no_profile = context_.settings;
    no_profile.profile.clear();
    ProviderContext own{no_profile,    context_.http,  context_.env,
                        context_.call, context_.clock, context_.http_settings};
    auto found = KSV_TRY(provider(own));
    if (found) return *std::move(found);
    std::string why = own.looked_at.empty() ? "it has none" : own.looked_at.back();
    return Error(ErrorCode::kDenied, "credential_source " + name + ": " + why);
  }

  const ProfileFiles& files_;
  ProviderContext& context_;
  std::vector<std::string> visited_;
};

}  // namespace

Result<const HttpSettings*> http_settings(ProviderContext& context) {
  if (!context.http_settings) {
    HttpSettings settings;
    settings.ca_bundle = KSV_TRY(find_ca_bundle(context.settings.profile, context.env));
    context.http_settings = std::move(settings);
  }
  return &*context.http_settings;
}

Result<Found> from_profile(ProviderContext& context) {
  const ProfileName name = profile_name(context.settings.profile, context.env);
  const ProfileFiles files = KSV_TRY(load_profile_files(context.env));
  const auto profile = KSV_TRY(profile_of(files, name.name));
  if (!profile && name.was_given && name.name != "default") {
    return Error(ErrorCode::kUsage, "there is no AWS profile " + name.name)
        .with_detail("files", files.config_path + ", " + files.credentials_path);
  }
  auto found = Found();
  if (profile) found = KSV_TRY(ProfileChain(files, context).find(*profile));
  if (!found) {
    context.looked_at.push_back("profile " + name.name + ": no credentials in " +
                                files.config_path + " or " + files.credentials_path);
  }
  return found;
}

}  // namespace ksv::aws
