// JSON text as a tree of its own. Written by hand: rapidjson 1.1 refuses numbers beyond a double's
// range and escapes of unpaired surrogates, both of which stores may hold.
#pragma once

#include <cstddef>
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

// RFC 8259. kUsage with line and column, both from 1, the column in bytes. Collections nest at most
// `depth_max` deep, which bounds the recursion. Escapes of unpaired surrogates become their three
// bytes (see ksv/value.h); malformed UTF-8 is an error.
Result<Json> parse_json(std::string_view text, std::uint32_t depth_max);

// Appends a JSON string literal with its quotes. Malformed bytes become U+FFFD, unpaired surrogates
// and control characters \u escapes: the output is always valid UTF-8.
void append_json_string(std::string& to, std::string_view text);

}  // namespace ksv
