// AWS Signature Version 4.
//
// A signature proves three things: who asks (the key), what exactly is asked (the canonical
// request), and when and where it may count (the scope: day, region, service). The server builds
// the same canonical text from what it received; one byte of difference refuses the request. So
// everything that a proxy may add, drop or rewrite (User-Agent, Expect, trace headers) stays out
// of it, and everything that changes what is done (conditions, x-amz-*) goes into it.
//
// S3 differs from all other services: keys are arbitrary, so its path is taken as it is sent,
// whereas the others collapse "." , ".." and "//" and encode the encoded path once more.
#include "net/aws/sigv4.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/hex.h"
#include "net/aws/time_text.h"

namespace ksv::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kBlanks = " \t\n\r\v\f";

// Headers that are rewritten on the way, and those that the signature itself brings.
constexpr std::array<std::string_view, 10> kNotSigned = {"authorization",
                                                         "connection",
                                                         "expect",
                                                         "host",
                                                         "transfer-encoding",
                                                         "user-agent",
                                                         "x-amz-content-sha256",
                                                         "x-amz-date",
                                                         "x-amz-security-token",
                                                         "x-amzn-trace-id"};

bool is_s3(std::string_view service) {
  return service == "s3" || service.starts_with("s3-") || service == "s3express";
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Without blanks at the ends, runs of them within made one space, quoted or not.
void append_collapsed(std::string& to, std::string_view value) {
  bool first = true;
  while (true) {
    value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
    if (value.empty()) return;
    const std::string_view word = value.substr(0, value.find_first_of(kBlanks));
    if (!first) to += ' ';
    to += word;
    value.remove_prefix(word.size());
    first = false;
  }
}

// RFC 3986, section 5.2.4, and "//" made "/".
std::string normal_path(std::string_view path) {
  const bool ends_in_slash = path.ends_with('/');
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  std::string normal;
  for (const std::string_view segment : segments) normal.append("/").append(segment);
  if (normal.empty() || ends_in_slash) normal += '/';
  return normal;
}

std::string canonical_path(std::string_view service, std::string_view path) {
  if (!is_s3(service)) return net::percent_encode(normal_path(path), true);
  return path.empty() ? "/" : std::string(path);
}

// Sorted by encoded name, then by encoded value.
std::string canonical_query(const net::Query* query) {
  if (query == nullptr || query->empty()) return {};
  std::vector<std::pair<std::string, std::string>> pairs;
  pairs.reserve(query->size());
  for (const auto& [name, value] : *query) {
    pairs.emplace_back(net::percent_encode(name), net::percent_encode(value));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const auto& [name, value] : pairs) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

// The Host header leaves out the port that its scheme has anyway.
std::string_view host_header(std::string_view scheme, std::string_view authority) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

struct CanonicalHeaders {
  std::string lines;         // "name:value\n" each
  std::string signed_names;  // "a;b"
};

CanonicalHeaders canonical_headers(const SigningInput& input, const HttpHeaders& added) {
  std::vector<std::pair<std::string, std::string_view>> headers;
  headers.reserve(added.size() + 1 + (input.headers == nullptr ? 0 : input.headers->size()));
  std::string_view host = host_header(input.scheme, input.authority);
  if (input.headers != nullptr) {
    for (const HttpHeader& header : *input.headers) {
      std::string name = lower_case(header.name);
      if (name == "host") host = header.value;
      const bool left_out =
          std::find(kNotSigned.begin(), kNotSigned.end(), name) != kNotSigned.end();
      if (!left_out) headers.emplace_back(std::move(name), header.value);
    }
  }
  for (const HttpHeader& header : added)
    headers.emplace_back(lower_case(header.name), header.value);
  headers.emplace_back("host", host);
  std::stable_sort(headers.begin(), headers.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });

  CanonicalHeaders canonical;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const bool repeated = i > 0 && headers[i].first == headers[i - 1].first;
    if (repeated) {
      canonical.lines.back() = ',';
    } else {
      if (i > 0) canonical.signed_names += ';';
      canonical.signed_names += headers[i].first;
      canonical.lines.append(headers[i].first).append(":");
    }
    append_collapsed(canonical.lines, headers[i].second);
    canonical.lines += '\n';
  }
  return canonical;
}

Sha256Digest signing_key(const std::string& secret, std::string_view day,
                         const SigningInput& input) {
  Sha256Digest key = hmac_sha256(bytes_of("AWS4" + secret), bytes_of(day));
  key = hmac_sha256(key, bytes_of(input.region));
  key = hmac_sha256(key, bytes_of(input.service));
  return hmac_sha256(key, bytes_of("aws4_request"));
}

}  // namespace

std::string payload_hash(BytesView body) { return to_hex(sha256(body)); }

Signature sign_v4(const SigningInput& input, const Credentials& credentials) {
  Signature signature;
  if (credentials.anonymous) return signature;
  const std::string date = amz_date(input.now_ms);
  signature.headers.push_back({"X-Amz-Date", date});
  if (!credentials.session_token.empty()) {
    signature.headers.push_back({"X-Amz-Security-Token", credentials.session_token});
  }
  if (is_s3(input.service)) {
    signature.headers.push_back({"X-Amz-Content-Sha256", std::string(input.payload_hash)});
  }
  const CanonicalHeaders headers = canonical_headers(input, signature.headers);

  signature.canonical_request.append(input.method)
      .append("\n")
      .append(canonical_path(input.service, input.path))
      .append("\n")
      .append(canonical_query(input.query))
      .append("\n")
      .append(headers.lines)
      .append("\n")
      .append(headers.signed_names)
      .append("\n")
      .append(input.payload_hash);

  const std::string_view day = std::string_view(date).substr(0, 8);
  std::string scope(day);
  scope.append("/").append(input.region).append("/").append(input.service).append("/aws4_request");
  signature.string_to_sign.append(kAlgorithm)
      .append("\n")
      .append(date)
      .append("\n")
      .append(scope)
      .append("\n")
      .append(to_hex(sha256(bytes_of(signature.canonical_request))));

  const Sha256Digest key = signing_key(credentials.secret, day, input);
  const Sha256Digest proof = hmac_sha256(key, bytes_of(signature.string_to_sign));
  std::string authorization(kAlgorithm);
  authorization.append(" Credential=")
      .append(credentials.access_key)
      .append("/")
      .append(scope)
      .append(", SignedHeaders=")
      .append(headers.signed_names)
      .append(", Signature=")
      .append(to_hex(proof));
  signature.headers.push_back({"Authorization", std::move(authorization)});
  return signature;
}

}  // namespace ksv::aws
