// Taking URLs apart and putting them together.
#include "net/url.h"

#include <algorithm>
#include <charconv>

namespace ksv::net {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Error bad_url(std::string_view text, const std::string& why) {
  // What stands before "@" may be a password.
  const std::string shown(text.find('@') == text.npos ? text.substr(0, 200) : "the URL");
  return Error(ErrorCode::kUsage, shown + ": " + why);
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  return scheme == "https" ? std::uint16_t{443} : std::uint16_t{80};
}

}  // namespace

std::string percent_encode(std::string_view text, bool keep_slash) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 15];
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::string query_text(const Query& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text.append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  return text;
}

Result<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) {
      return Error(ErrorCode::kUsage, "\"" + std::string(pair.substr(0, equals)) +
                                          "\" is badly encoded: % stands before two hexadecimal "
                                          "digits, and for itself as %25");
    }
    query.emplace_back(*std::move(name), *std::move(value));
  }
  return query;
}

std::string Url::authority() const {
  if (!port || port == default_port(scheme)) return host;
  return host + ":" + std::to_string(*port);
}

std::string Url::origin() const { return scheme + "://" + authority(); }

Result<Url> parse_url(std::string_view text) {
  const auto is_unfit = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 127; };
  if (std::any_of(text.begin(), text.end(), is_unfit)) {
    return Error(ErrorCode::kUsage, "a URL cannot hold blanks or control characters");
  }
  Url url;
  const auto scheme_end = text.find("://");
  if (scheme_end == text.npos) return bad_url(text, "not a URL: http://... or https://...");
  url.scheme = lower_case(text.substr(0, scheme_end));
  if (url.scheme != "http" && url.scheme != "https") {
    return bad_url(text, "only http:// and https:// are known");
  }
  std::string_view rest = text.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != authority.npos) {
    return bad_url(text, "a URL cannot hold a user name or password");
  }
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  url.host = lower_case(authority.substr(0, colon));
  if (url.host.empty()) return bad_url(text, "names no host");
  if (colon != authority.npos) {
    const std::string_view digits = authority.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port == 0) {
      return bad_url(text, "the port must be a number from 1 to 65535");
    }
    url.port = port;
  }
  const auto question = std::min(rest.find('?'), rest.size());
  url.path = rest.substr(0, question);
  url.query = rest.substr(std::min(question + 1, rest.size()));
  return url;
}

bool is_ip_address(std::string_view host) {
  if (host.starts_with('[')) return true;
  return !host.empty() && host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace ksv::net
