// Hexadecimal and base64 text of bytes, and the text form of uuids.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ksv/bytes.h"

namespace ksv {

std::string to_hex(BytesView bytes);  // lower case
// Either case; nothing when a digit is wrong or their number odd.
std::optional<Bytes> from_hex(std::string_view text);

std::string to_base64(BytesView bytes);                   // RFC 4648 section 4, with padding
std::optional<Bytes> from_base64(std::string_view text);  // padding optional, nothing else

std::string uuid_text(const Uuid& uuid);  // lower case, 8-4-4-4-12
std::optional<Uuid> parse_uuid(std::string_view text);

}  // namespace ksv
