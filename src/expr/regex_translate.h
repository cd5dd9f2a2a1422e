// Java's pattern syntax written as PCRE2's.
//
// The two agree on most; this file knows where they do not. Java's `.`, `^` and `$` know five line
// ends, its classes nest and intersect, \b counts letters of all scripts as word characters, and
// (?i) folds ASCII alone. What Java does not know (\K, (?1), (*VERB) ...) is refused, and so is
// what PCRE2 cannot do: look-behind of unbounded width fails there.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ksv/result.h"

namespace ksv::expr {

struct TranslatedPattern {
  std::string text{};
  int groups = 0;
  std::map<std::string, int, std::less<>> names{};
};

Result<TranslatedPattern> translate_pattern(std::string_view source);

}  // namespace ksv::expr
