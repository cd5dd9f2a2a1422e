// Signatures against those of AWS's own signer (tests/golden/sigv4: one request a line, made by
// botocore 1.43.11 with a frozen clock and made-up keys).
#include "net/aws/sigv4.h"

#include <doctest/doctest.h>
#include <fstream>
#include <string>

#include "base/crypto.h"
#include "base/hex.h"
#include "net/aws/time_text.h"
#include "support/result_checks.h"
#include "unit/aws/json_field.h"

namespace ksv::aws {
namespace {

using testing::json_member;
using testing::json_size;
using testing::json_text;

std::int64_t ms_of(const std::string& date) {
  std::string iso = date;
  for (const std::size_t at : {std::size_t{13}, std::size_t{11}}) iso.insert(at, ":");
  for (const std::size_t at : {std::size_t{6}, std::size_t{4}}) iso.insert(at, "-");
  const auto ms = parse_iso_time(iso);
  REQUIRE(ms.has_value());
  return *ms;
}

Bytes body_of(const Json& row) {
  if (json_member(row, "body_x") != nullptr) return Bytes(json_size(row, "body_x"), 'x');
  if (json_member(row, "body_hex") != nullptr) return *from_hex(json_text(row, "body_hex"));
  return copy_of(bytes_of(json_text(row, "body")));
}

HttpHeaders headers_of(const Json& row) {
  HttpHeaders headers;
  const Json* list = json_member(row, "headers");
  if (list == nullptr) return headers;
  for (const Json& pair : *std::get_if<Json::Array>(&list->content)) {
    const auto& texts = *std::get_if<Json::Array>(&pair.content);
    REQUIRE(texts.size() == 2);
    headers.push_back({*std::get_if<std::string>(&texts[0].content),
                       *std::get_if<std::string>(&texts[1].content)});
  }
  return headers;
}

struct UrlParts {
  std::string scheme, authority, path;
  net::Query query;
};

// As they stand: net::parse_url leaves out a default port, which signing must do by itself.
UrlParts parts_of(const std::string& url) {
  UrlParts parts;
  const std::size_t host = url.find("://") + 3;
  const std::size_t end = std::min(url.find_first_of("/?", host), url.size());
  const std::size_t question = std::min(url.find('?'), url.size());
  parts.scheme = url.substr(0, host - 3);
  parts.authority = url.substr(host, end - host);
  parts.path = url.substr(end, question - end);
  auto query = net::parse_query(url.substr(std::min(question + 1, url.size())));
  REQUIRE_OK(query);
  parts.query = *std::move(query);
  return parts;
}

void check_row(const Json& row) {
  const UrlParts url = parts_of(json_text(row, "url"));
  const HttpHeaders headers = headers_of(row);
  const Bytes body = body_of(row);
  const std::string given = json_text(row, "payload");
  const std::string hash = given.empty() ? payload_hash(body) : given;
  const std::string service = json_text(row, "service");
  const std::string region = json_text(row, "region");
  const std::string method = json_text(row, "method");
  const std::string date = json_text(row, "date");
  const SigningInput input{.service = service,
                           .region = region,
                           .method = method,
                           .scheme = url.scheme,
                           .authority = url.authority,
                           .path = url.path,
                           .query = &url.query,
                           .headers = &headers,
                           .payload_hash = hash,
                           .now_ms = ms_of(date)};
  const Credentials credentials{.access_key = json_text(row, "access"),
                                .secret = json_text(row, "secret"),
                                .session_token = json_text(row, "token")};
  const Signature signature = sign_v4(input, credentials);

  const std::string canonical = json_text(row, "canonical");
  CHECK(signature.canonical_request == canonical);
  const std::string scope = date.substr(0, 8) + "/" + region + "/" + service + "/aws4_request";
  CHECK(signature.string_to_sign ==
        "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + to_hex(sha256(bytes_of(canonical))));
  const std::string before_hash = canonical.substr(0, canonical.rfind('\n'));
  const std::string names = before_hash.substr(before_hash.rfind('\n') + 1);
  const std::string* authorization = find_header(signature.headers, "authorization");
  REQUIRE(authorization != nullptr);
  CHECK(*authorization == "AWS4-HMAC-SHA256 Credential=" + credentials.access_key + "/" + scope +
                              ", SignedHeaders=" + names +
                              ", Signature=" + json_text(row, "signature"));
  // What was signed must also be sent.
  CHECK((find_header(signature.headers, "x-amz-date") != nullptr));
  CHECK((find_header(signature.headers, "x-amz-security-token") != nullptr) ==
        !credentials.session_token.empty());
  CHECK((find_header(signature.headers, "x-amz-content-sha256") != nullptr) == (service == "s3"));
}

SigningInput plain_input(const net::Query& query, const HttpHeaders& headers) {
  return {.service = "s3",
          .region = "eu-west-1",
          .method = "PUT",
          .scheme = "https",
          .authority = "b.s3.eu-west-1.amazonaws.com",
          .path = "/k",
          .query = &query,
          .headers = &headers,
          .payload_hash = "UNSIGNED-PAYLOAD",
          .now_ms = 0};
}

}  // namespace

TEST_CASE("requests are signed as AWS's own signer does") {
  std::ifstream file(KSV_GOLDEN_DIR "/sigv4/sigv4.jsonl");
  REQUIRE(file.good());
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    const auto row = parse_json(line, 8);
    REQUIRE_OK(row);
    const std::string name = json_text(*row, "id") + " " + json_text(*row, "case");
    CAPTURE(name);
    check_row(*row);
    ++count;
  }
  CHECK(count == 168);
}

TEST_CASE("a request without credentials is left unsigned") {
  const net::Query query;
  const HttpHeaders headers;
  Credentials nobody;
  nobody.anonymous = true;
  CHECK(sign_v4(plain_input(query, headers), nobody).headers.empty());
}

TEST_CASE("headers that a proxy may change stay out of the signature, conditions go in") {
  const net::Query query;
  const HttpHeaders without = {{"If-Match", "\"e\""}};
  const HttpHeaders with = {{"Connection", "close"},
                            {"If-Match", "\"e\""},
                            {"Transfer-Encoding", "chunked"},
                            {"User-Agent", "ksv"},
                            {"X-Amzn-Trace-Id", "Root=1-0-0"}};
  const HttpHeaders other = {{"If-Match", "\"f\""}};
  const Credentials credentials{.access_key = "a", .secret = "s"};
  const Signature first = sign_v4(plain_input(query, without), credentials);
  CHECK(first.canonical_request ==
        sign_v4(plain_input(query, with), credentials).canonical_request);
  CHECK(first.canonical_request !=
        sign_v4(plain_input(query, other), credentials).canonical_request);
}

TEST_CASE("a Host header stands for the authority of the URL") {
  const net::Query query;
  const HttpHeaders headers = {{"Host", "other.example"}};
  const Signature signature =
      sign_v4(plain_input(query, headers), Credentials{.access_key = "a", .secret = "s"});
  CHECK(signature.canonical_request.find("\nhost:other.example\n") != std::string::npos);
}

}  // namespace ksv::aws
