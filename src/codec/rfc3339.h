// Reads instants written as RFC 3339 has them, as CBOR's tag 0 holds them (inst_text.h prints
// them).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ksv {

// Milliseconds since 1970-01-01 UTC; finer digits are cut off. Nothing when the text is not a date
// and time with seconds and an offset. Years past 9999 are read with the sign that Java gives them.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace ksv
