// Lines of -v and -vv, without secrets.
#include "net/request_log.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ksv::net {
namespace {

// Names of query parameters that bear a right of their own, in lower case.
constexpr std::array<std::string_view, 9> kSecretNames = {
    "x-amz-signature", "x-amz-credential", "x-amz-security-token",
    "signature",       "awsaccesskeyid",   "sig",
    "token",           "access_token",     "password"};

// Parts of the names of headers that bear one, or tell of one: Authorization, Cookie,
// X-Amz-Security-Token, X-Amz-Server-Side-Encryption-Customer-Key-MD5 ...
constexpr std::array<std::string_view, 10> kSecretParts = {
    "auth",    "cookie",    "token",      "secret",       "passw",
    "api-key", "signature", "credential", "customer-key", "access-key"};

// A shorter value is no secret, and would be found in anything.
constexpr std::size_t kSecretCharsMin = 8;

std::string lower_case(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool is_secret(std::string_view name) {
  return std::find(kSecretNames.begin(), kSecretNames.end(), lower_case(name)) !=
         kSecretNames.end();
}

bool is_secret_header(std::string_view name) {
  const std::string lower = lower_case(name);
  return std::any_of(kSecretParts.begin(), kSecretParts.end(),
                     [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

// A header of the service on its way to a terminal.
std::string printable(std::string_view text) {
  std::string shown(text.substr(0, limits::kExcerptChars));
  for (char& c : shown) {
    if (c < ' ' || c == 127) c = '?';
  }
  return shown;
}

// The values of the request that no line may repeat.
std::vector<std::string_view> secrets_of(const HttpRequest& request) {
  std::vector<std::string_view> secrets;
  for (const HttpHeader& header : request.headers) {
    const bool is_one = is_secret_header(header.name) && header.value.size() >= kSecretCharsMin;
    if (is_one) secrets.emplace_back(header.value);
  }
  return secrets;
}

std::string shown_value(const HttpHeader& header, const std::vector<std::string_view>& secrets) {
  const bool repeats = std::any_of(secrets.begin(), secrets.end(), [&](std::string_view secret) {
    return header.value.find(secret) != std::string::npos;
  });
  if (repeats || is_secret_header(header.name)) return "...";
  // A redirect's address may be signed.
  return printable(lower_case(header.name) == "location" ? blanked_url(header.value)
                                                         : header.value);
}

void append_headers(std::string& text, std::string_view mark, const HttpHeaders& headers,
                    const std::vector<std::string_view>& secrets) {
  for (const HttpHeader& header : headers) {
    text.append("\n").append(mark).append(printable(lower_case(header.name))).append(": ");
    text.append(shown_value(header, secrets));
  }
}

}  // namespace

std::string header_lines(const HttpRequest& request, const HttpOutcome& outcome) {
  const std::vector<std::string_view> secrets = secrets_of(request);
  std::string text;
  append_headers(text, "> ", request.headers, secrets);
  if (const auto* answer = std::get_if<HttpAnswer>(&outcome)) {
    append_headers(text, "< ", answer->headers, secrets);
  }
  return text;
}

std::string blanked_url(std::string_view url) {
  const auto question = url.find('?');
  if (question == url.npos) return std::string(url);
  std::string blanked(url.substr(0, question + 1));
  std::string_view rest = url.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    const std::string_view name = pair.substr(0, pair.find('='));
    if (is_secret(name)) {
      blanked.append(name).append("=...");
    } else {
      blanked.append(pair);
    }
    rest.remove_prefix(pair.size());
    if (rest.empty()) break;
    blanked += '&';
    rest.remove_prefix(1);
  }
  return blanked;
}

std::string request_id(const HttpHeaders& headers) {
  for (const char* name : {"x-amz-request-id", "x-amzn-requestid", "x-request-id"}) {
    if (const std::string* id = find_header(headers, name)) return printable(*id);
  }
  return {};
}

std::string attempt_line(const HttpRequest& request, const HttpOutcome& outcome,
                         std::chrono::milliseconds took, std::uint64_t body_bytes) {
  std::string line = request.method + " " + blanked_url(request.url);
  const auto* answer = std::get_if<HttpAnswer>(&outcome);
  if (answer == nullptr) {
    return line + fmt::format(": {} {} ms", std::get_if<HttpFailure>(&outcome)->text, took.count());
  }
  line += fmt::format(" {} {} ms {} bytes", answer->status, took.count(), body_bytes);
  const std::string id = request_id(answer->headers);
  if (!id.empty()) line += " request-id " + id;
  return line;
}

}  // namespace ksv::net
