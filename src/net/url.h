// URLs: taking apart, putting together, percent-encoding (RFC 3986).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ksv/result.h"

namespace ksv::net {

// Encodes everything but A-Z a-z 0-9 - . _ ~, in upper-case hexadecimal (RFC 3986, 2.3; SigV4).
// With `keep_slash` "/" stays, too: for paths.
std::string percent_encode(std::string_view text, bool keep_slash = false);
// Nothing for a "%" that two hexadecimal digits do not follow. "+" stays a plus.
std::optional<std::string> percent_decode(std::string_view text);

using Query = std::vector<std::pair<std::string, std::string>>;  // decoded names and values

// "a=1&b=" of the pairs as they stand, encoded; empty for none.
std::string query_text(const Query& query);
// kUsage for bad encoding. A name without "=" has an empty value.
Result<Query> parse_query(std::string_view text);

// scheme://host[:port][path]. IPv6 hosts keep their brackets. The path is encoded, as it stood.
struct Url {
  std::string scheme;  // lower case
  std::string host;    // lower case
  std::optional<std::uint16_t> port;
  std::string path;   // "" or begins with "/"
  std::string query;  // without "?"

  // "host" or "host:port", the port left out where it is the scheme's own (80, 443).
  std::string authority() const;
  // "scheme://authority".
  std::string origin() const;
};

// kUsage, with what is wrong. Schemes other than http and https are refused, user names and
// passwords as well: they would show in logs.
Result<Url> parse_url(std::string_view text);

// "[2001:db8::1]" or "192.0.2.1": no name, so nothing can be put before it.
bool is_ip_address(std::string_view host);

}  // namespace ksv::net
