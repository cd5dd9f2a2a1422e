// konserve's configuration maps, as applications hold them.
#pragma once

#include <string_view>

#include "cli/store_form.h"

namespace ksv::cli {

// `{:backend :file :path "..." :config {...}}` as konserve takes it (doc/format.md, "Configuration
// maps"). kUsage for what konserve refuses, and for what it silently ignores to the harm of data,
// such as an unknown compressor.
Result<StoreSpec> parse_config_map(std::string_view text);

}  // namespace ksv::cli
