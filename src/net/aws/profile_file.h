// The files ~/.aws/config and ~/.aws/credentials (AWS SDKs and Tools Reference Guide, "Shared
// config and credentials files").
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/env.h"

namespace ksv::aws {

// Names in lower case. A nested setting has the name of its parent before it:
// "s3.endpoint_url".
using Section = std::map<std::string, std::string>;

struct NamedSection {
  std::string kind;  // "profile", "sso-session", "services"; empty: [NAME] alone
  std::string name;
  Section values;
};

// The sections in the order of the file. kUsage names the file and the line that is damaged, and
// never shows what stands there.
Result<std::vector<NamedSection>> parse_profile_file(std::string_view text,
                                                     const std::string& path);

struct ProfileFiles {
  std::map<std::string, Section> profiles;  // of both files, the credentials file winning
  std::map<std::string, Section> sso_sessions;
  std::map<std::string, Section> services;
  std::string config_path;  // as looked for, for messages
  std::string credentials_path;
};

// Files that are absent hold nothing.
Result<ProfileFiles> load_profile_files(Env& env);

}  // namespace ksv::aws
