// Credentials out of JSON, and what every provider's answer must pass.
#include "net/aws/credential_json.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "net/aws/time_text.h"

namespace ksv::aws {
namespace {

constexpr std::uint32_t kDepthMax = 16;

Result<std::int64_t> expiry_of(const std::string& text) {
  if (text.empty()) return std::int64_t{0};
  if (const auto time = parse_iso_time(text)) return *time;
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error == std::errc() && end == text.data() + text.size()) return ms;
  return Error(ErrorCode::kDenied, "the time of expiry is none");
}

bool is_sendable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

}  // namespace

const Json* find_member(const Json& object, std::string_view name) {
  const auto* members = std::get_if<Json::Object>(&object.content);
  if (members == nullptr) return nullptr;
  for (const auto& [member, value] : *members) {
    if (member == name) return &value;
  }
  return nullptr;
}

std::string text_member(const Json& object, std::string_view name) {
  const Json* value = find_member(object, name);
  if (value == nullptr) return {};
  if (const auto* number = std::get_if<Json::Number>(&value->content)) return number->text;
  const auto* text = std::get_if<std::string>(&value->content);
  return text == nullptr ? std::string() : *text;
}

Result<Json> parse_credential_json(BytesView text) {
  auto json = parse_json(text_of(text), kDepthMax);
  if (!json.has_value() || std::get_if<Json::Object>(&json->content) == nullptr) {
    return Error(ErrorCode::kDenied, "the answer is no JSON object");
  }
  return json;
}

Result<Credentials> credentials_from_json(const Json& object, const CredentialMembers& members) {
  Credentials credentials;
  credentials.access_key = text_member(object, members.access_key);
  credentials.secret = text_member(object, members.secret);
  credentials.session_token = text_member(object, members.session_token);
  for (const auto& [name, value] : {std::pair(members.access_key, &credentials.access_key),
                                    std::pair(members.secret, &credentials.secret)}) {
    if (value->empty()) {
      return Error(ErrorCode::kDenied, "the answer has no " + std::string(name));
    }
  }
  credentials.expires_ms = KSV_TRY(expiry_of(text_member(object, members.expires)));
  return credentials;
}

Result<Credentials> checked_credentials(Credentials credentials, std::int64_t now_ms) {
  for (const auto& [name, value] : {std::pair("access key", &credentials.access_key),
                                    std::pair("secret key", &credentials.secret),
                                    std::pair("session token", &credentials.session_token)}) {
    if (!is_sendable(*value)) {
      return Error(ErrorCode::kDenied, credentials.source + ": the " + name +
                                           " holds a blank, control or non-ASCII character");
    }
  }
  if (credentials.expires_ms != 0 && credentials.expires_ms <= now_ms) {
    return Error(ErrorCode::kDenied, credentials.source + ": the credentials have expired");
  }
  return credentials;
}

}  // namespace ksv::aws
