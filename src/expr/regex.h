// Java's regular expressions, through PCRE2.
#pragma once

#include <string_view>

#include "ksv/result.h"

namespace ksv::expr {

// Whether the pattern is well-formed; kUsage if not.
Status check_pattern(std::string_view source);

}  // namespace ksv::expr
