// Numbers as java.util.Formatter writes them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::expr {

// One directive of a pattern: %2$-8.3f.
struct FormatSpec {
  std::optional<std::size_t> argument{};  // 2$
  bool previous = false;                  // <
  bool left = false;                      // -
  bool plus = false;                      // +
  bool space = false;
  bool zeros = false;        // 0
  bool grouping = false;     // ,
  bool parentheses = false;  // (
  bool alternate = false;    // #
  std::optional<std::size_t> width{};
  std::optional<std::size_t> precision{};
  char conversion = 's';
};

// Whether the directive has a meaning, whatever its argument.
Status check_format(const FormatSpec& spec);
// For d x X o, and e E f g G; without the padding by spaces.
Result<std::string> format_number(const FormatSpec& spec, const Value& value);

}  // namespace ksv::expr
