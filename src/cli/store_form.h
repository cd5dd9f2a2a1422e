// The forms in which a store is named: paths, URLs, config maps, files that hold one, profiles.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/catalog.h"
#include "ksv/env.h"

#include "core/konserve_store.h"

namespace ksv::cli {

// Everything that naming a store says about it.
struct StoreSpec {
  StoreAddress address;
  StoreEncoding encoding;
  std::optional<std::uint32_t> conflict_retries;
  std::optional<std::chrono::milliseconds> timeout;
  std::vector<std::string> warnings;  // for standard error
};

// The store that `form` names; `form` as the user wrote it. kUsage for a form that is none, with
// what the forms are. Relative paths are relative to the working directory.
Result<StoreSpec> parse_store_form(std::string_view form, Env& env);

// The store when none is named: `default` of the configuration, or the embedded default store.
Result<StoreSpec> default_store(Env& env);

// The folder of the default store's siblings: what list-stores shows without an argument.
Result<std::string> default_root(Env& env);

// The values of options that come as text, shared by URLs, config maps and profiles. kUsage.
Status apply_store_option(StoreSpec& spec, const std::string& name, const std::string& value);

}  // namespace ksv::cli
