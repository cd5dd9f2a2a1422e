// Reads the small files that AWS settings live in: profiles, tokens, caches.
#pragma once

#include <optional>
#include <string>

#include "ksv/env.h"

namespace ksv::aws {

// Configuration files, tokens and cached logins are a few kilobytes.
inline constexpr std::size_t kSmallFileBytesMax = std::size_t{1} << 20;

// Nothing when there is no such file; kUsage when it is larger than kSmallFileBytesMax. A "~" at
// the front stands for HOME.
Result<std::optional<std::string>> read_small_file(const std::string& path, Env& env);

}  // namespace ksv::aws
