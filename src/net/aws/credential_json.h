// Credentials as JSON objects: what processes, containers, instances and logins give.
#pragma once

#include <string>
#include <string_view>

#include "ksv/bytes.h"

#include "base/json.h"
#include "net/aws/credentials.h"

namespace ksv::aws {

// The members under which one provider gives them.
struct CredentialMembers {
  std::string_view access_key;
  std::string_view secret;
  std::string_view session_token;
  std::string_view expires;  // ISO 8601, or milliseconds as a number; may be missing
};

// The text of a string or the digits of a number; empty when there is none.
std::string text_member(const Json& object, std::string_view name);
// Null when there is none.
const Json* find_member(const Json& object, std::string_view name);

// kDenied when it is no JSON object. The message shows nothing of the text: it may be a secret.
Result<Json> parse_credential_json(BytesView text);

// kDenied when the key or the secret is missing.
Result<Credentials> credentials_from_json(const Json& object, const CredentialMembers& members);

// kDenied when they hold blanks or control characters, which could not be sent as headers, or are
// no longer valid.
Result<Credentials> checked_credentials(Credentials credentials, std::int64_t now_ms);

}  // namespace ksv::aws
