// The forms of time that AWS services write and read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ksv::aws {

// "20130524T000000Z" (SigV4). Years outside 0000..9999 are cut to their last four digits.
std::string amz_date(std::int64_t unix_ms);

// "2026-11-21T11:31:04Z", with an optional fraction, and an offset or "UTC" in place of "Z".
std::optional<std::int64_t> parse_iso_time(std::string_view text);

// The form of a Date header (RFC 9110, section 5.6.7): "Sat, 21 Nov 2026 11:00:00 GMT".
std::optional<std::int64_t> parse_http_date(std::string_view text);

// As OpenSSL prints the times of a certificate: "Nov 21 11:00:00 2026 GMT".
std::optional<std::int64_t> parse_certificate_date(std::string_view text);

}  // namespace ksv::aws
