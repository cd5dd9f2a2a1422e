// Profiles: named stores in the configuration file (ksv-config(5)).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ksv/env.h"
#include "ksv/result.h"

namespace ksv::cli {

struct Configuration {
  std::optional<std::string> default_store;  // a profile's name or any other store form
  // name -> key -> value as text
  std::map<std::string, std::map<std::string, std::string>, std::less<>> stores;
};

// ${XDG_CONFIG_HOME:-~/.config}/ksv/config.toml; empty when there is none. kUsage with line and
// column when it cannot be understood.
Result<Configuration> read_configuration(Env& env);

// The path of the configuration file; empty without a home.
std::string configuration_path(Env& env);

}  // namespace ksv::cli
