// Reading the configuration file: the only owner of toml++.
#include "cli/profile.h"

#include <utility>

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "cli/input.h"

namespace ksv::cli {
namespace {

constexpr std::size_t kConfigBytesMax = std::size_t{1} << 20;

Error config_error(const std::string& path, const std::string& what) {
  return Error(ErrorCode::kUsage, path + ": " + what).with_hint("See man ksv-config");
}

// A value of a profile as the text that a URL option would have.
std::optional<std::string> option_text(const toml::node& node) {
  if (const auto text = node.value<std::string>(); node.is_string()) return *text;
  if (const auto flag = node.value<bool>(); node.is_boolean()) return *flag ? "true" : "false";
  if (const auto number = node.value<std::int64_t>(); node.is_integer()) {
    return std::to_string(*number);
  }
  return std::nullopt;
}

Status read_stores(const toml::table& table, const std::string& path, Configuration& to) {
  for (const auto& [name, node] : table) {
    const toml::table* profile = node.as_table();
    if (profile == nullptr) {
      return config_error(path, "stores." + std::string(name.str()) + " is not a table");
    }
    auto& options = to.stores[std::string(name.str())];
    for (const auto& [key, value] : *profile) {
      auto text = option_text(value);
      if (!text) {
        return config_error(path, "stores." + std::string(name.str()) + "." +
                                      std::string(key.str()) +
                                      " is neither text, number nor boolean");
      }
      options[std::string(key.str())] = *std::move(text);
    }
  }
  return ok();
}

}  // namespace

std::string configuration_path(Env& env) {
  // Relative values of XDG variables are to be ignored (XDG Base Directory Specification).
  if (const auto home = env.variable("XDG_CONFIG_HOME"); home && home->starts_with('/')) {
    return *home + "/ksv/config.toml";
  }
  if (const auto home = env.variable("HOME"); home && !home->empty()) {
    return *home + "/.config/ksv/config.toml";
  }
  return "";
}

Result<Configuration> read_configuration(Env& env) {
  Configuration configuration;
  const std::string path = configuration_path(env);
  if (path.empty()) return configuration;
  const std::optional<Bytes> text = KSV_TRY(read_file(env, path, kConfigBytesMax));
  if (!text) return configuration;
  const toml::parse_result parsed = toml::parse(text_of(*text), path);
  if (!parsed) {
    const auto& where = parsed.error().source().begin;
    return config_error(path, std::string(parsed.error().description()) + " at " +
                                  std::to_string(where.line) + ":" + std::to_string(where.column));
  }
  for (const auto& [key, node] : parsed.table()) {
    if (key == "default" && node.is_string()) {
      configuration.default_store = *node.value<std::string>();
    } else if (key == "stores" && node.is_table()) {
      KSV_CHECK(read_stores(*node.as_table(), path, configuration));
    } else {
      return config_error(path, "unknown entry \"" + std::string(key.str()) + "\"");
    }
  }
  return configuration;
}

}  // namespace ksv::cli
