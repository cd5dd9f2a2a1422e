// JSON text as a tree of its own, on rapidjson: the only owner of its headers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ksv/result.h"

namespace ksv {

// A parsed JSON text. Numbers keep their text, so that no digit is lost.
struct Json {
  struct Number {
    std::string text;
  };
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;  // in order; duplicate names kept
  std::variant<std::nullptr_t, bool, Number, std::string, Array, Object> content = nullptr;
};

// kUsage with line and column; nesting at most `depth_max`.
Result<Json> parse_json(std::string_view text, std::uint32_t depth_max);

// Appends a JSON string literal with its quotes. Malformed UTF-8 and unpaired surrogates become \uFFFD
// and \uD8xx escapes: the output is always valid UTF-8.
void append_json_string(std::string& to, std::string_view text);

}  // namespace ksv
