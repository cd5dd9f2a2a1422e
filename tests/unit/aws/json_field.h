// Members of JSON objects, for tests.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "base/json.h"

namespace ksv::testing {

inline const Json* json_member(const Json& json, std::string_view name) {
  const auto* object = std::get_if<Json::Object>(&json.content);
  if (object == nullptr) return nullptr;
  for (const auto& [member, value] : *object) {
    if (member == name) return &value;
  }
  return nullptr;
}

// The text of a string, the digits of a number; empty when there is none.
inline std::string json_text(const Json& json, std::string_view name) {
  const Json* value = json_member(json, name);
  if (value == nullptr) return {};
  if (const auto* number = std::get_if<Json::Number>(&value->content)) return number->text;
  const auto* text = std::get_if<std::string>(&value->content);
  return text == nullptr ? std::string() : *text;
}

inline std::size_t json_size(const Json& json, std::string_view name) {
  const std::string digits = json_text(json, name);
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace ksv::testing
