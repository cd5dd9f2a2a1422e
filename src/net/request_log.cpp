// Lines of -v, without secrets.
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

bool is_secret(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(kSecretNames.begin(), kSecretNames.end(), lower) != kSecretNames.end();
}

// A header of the service on its way to a terminal.
std::string printable(std::string_view text) {
  std::string shown(text.substr(0, limits::kExcerptChars));
  for (char& c : shown) {
    if (c < ' ' || c == 127) c = '?';
  }
  return shown;
}

}  // namespace

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
