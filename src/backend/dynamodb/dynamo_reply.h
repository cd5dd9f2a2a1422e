// Sending a request and taking its answer apart, for the functions of dynamo_client.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/dynamodb/dynamo_wire.h"
#include "base/json_slice.h"

namespace ksv::dynamodb {

// Sends; refusals other than the meaning that the caller takes care of are errors.
Result<Answer> send_or_refuse(Wire& wire, const Request& request,
                              Meaning expected = Meaning::kOther);

// The member of an answer as text; empty where it is absent or null.
inline std::string text_of_member(const JsonMembers& members, std::string_view name) {
  const auto value = find_member(members, name);
  return value && *value != "null" ? std::string(*value) : std::string();
}
inline std::optional<std::string> find_text(const JsonMembers& members, std::string_view name) {
  std::string text = text_of_member(members, name);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}
// A member that is a string; empty where it is absent or null.
inline Result<std::string> string_field(const JsonMembers& members, std::string_view name) {
  const auto value = find_member(members, name);
  if (!value || *value == "null") return std::string();
  return json_string(*value);
}

}  // namespace ksv::dynamodb
