// The options of each backend's stores, as URLs, config maps and profiles give them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ksv/catalog.h"

namespace ksv::cli {

struct BackendOption {
  enum class Kind { kText, kFlag, kDuration, kSecret };
  std::string_view backend;
  std::string_view name;
  Kind kind;
  std::string_view help;  // first word lower case, no period
};

std::span<const BackendOption> backend_options();
const BackendOption* find_backend_option(std::string_view backend, std::string_view name);

// Checks `value` and keeps it in address.options. kUsage for what is no such option or value.
Status apply_backend_option(StoreAddress& address, const std::string& name,
                            const std::string& value);

// Whether a secret stands among the options.
bool holds_secret(const StoreAddress& address);

}  // namespace ksv::cli
