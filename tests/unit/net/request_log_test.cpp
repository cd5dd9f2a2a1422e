// The lines of -v, which never show a secret.
#include "net/request_log.h"

#include <doctest/doctest.h>

namespace ksv::testing {

using net::blanked_url;

TEST_CASE("signatures, credentials and tokens are blanked, everything else is shown") {
  CHECK(blanked_url("https://h/p") == "https://h/p");
  CHECK(blanked_url("https://h/p?list-type=2&prefix=a%2Fb") ==
        "https://h/p?list-type=2&prefix=a%2Fb");
  CHECK(blanked_url("https://h/p?X-Amz-Date=1&X-Amz-Signature=abc&X-Amz-Expires=9") ==
        "https://h/p?X-Amz-Date=1&X-Amz-Signature=...&X-Amz-Expires=9");
  CHECK(blanked_url("https://h/p?x-amz-security-token=abc") ==
        "https://h/p?x-amz-security-token=...");
  CHECK(blanked_url("https://h/p?X-Amz-Credential=AKID%2F2026&") ==
        "https://h/p?X-Amz-Credential=...&");
  CHECK(blanked_url("https://h/p?Signature=s&AWSAccessKeyId=k&&versionId") ==
        "https://h/p?Signature=...&AWSAccessKeyId=...&&versionId");
}

TEST_CASE("an attempt is one line") {
  HttpRequest request;
  request.method = "PUT";
  request.url = "http://h/p?X-Amz-Signature=abc";
  const HttpAnswer answer{200, {{"x-amzn-requestid", "R\x1b[31m"}}, {}};
  CHECK(net::attempt_line(request, answer, std::chrono::milliseconds(3), 120) ==
        "PUT http://h/p?X-Amz-Signature=... 200 3 ms 120 bytes request-id R?[31m");
  const HttpFailure failure{HttpFailure::Kind::kBroken, true, "the connection to h was lost"};
  CHECK(net::attempt_line(request, failure, std::chrono::milliseconds(3), 0) ==
        "PUT http://h/p?X-Amz-Signature=...: the connection to h was lost 3 ms");
}

TEST_CASE("headers are shown, but for those that bear a right") {
  HttpRequest request;
  request.headers = {{"If-Match", "\"abc\""},
                     {"Authorization", "AWS4-HMAC-SHA256 Credential=AKID/x, Signature=0123456789"},
                     {"x-amz-meta-ksv-write", "w-1"}};
  const HttpAnswer answer{307,
                          {{"etag", "\"def\""},
                           {"location", "http://h/p?X-Amz-Signature=abc&x=1"},
                           {"server", "a\x1b["}},
                          {}};
  CHECK(net::header_lines(request, answer) ==
        "\n> if-match: \"abc\""
        "\n> authorization: ..."
        "\n> x-amz-meta-ksv-write: w-1"
        "\n< etag: \"def\""
        "\n< location: http://h/p?X-Amz-Signature=...&x=1"
        "\n< server: a?[");
  const HttpFailure failure{HttpFailure::Kind::kBroken, true, "lost"};
  CHECK(net::header_lines(request, failure).find("\n> if-match") == 0);
}

TEST_CASE("no value of a header that is secret is shown, however it is spelt") {
  for (const char* name :
       {"Authorization", "proxy-authorization", "Cookie", "set-cookie", "X-Amz-Security-Token",
        "x-amz-s3session-token", "X-aws-ec2-metadata-token", "x-amz-sso_bearer_token",
        "X-Amz-Server-Side-Encryption-Customer-Key",
        "x-amz-server-side-encryption-customer-key-MD5",
        "x-amz-copy-source-server-side-encryption-customer-key", "X-Api-Key", "x-auth-user",
        "x-my-secret", "Password"}) {
    CAPTURE(name);
    HttpRequest request;
    request.headers = {{name, "s3cr3t"}};
    const HttpAnswer answer{200, {{name, "s3cr3t"}}, {}};
    CHECK(net::header_lines(request, answer).find("s3cr3t") == std::string::npos);
  }
}

TEST_CASE("an answer that repeats a secret of the request is blanked, too") {
  HttpRequest request;
  request.headers = {{"x-amz-security-token", "long-enough-token"}};
  const HttpAnswer answer{
      200, {{"x-echo", "you sent long-enough-token"}, {"x-other", "shown"}}, {}};
  CHECK(net::header_lines(request, answer) ==
        "\n> x-amz-security-token: ...\n< x-echo: ...\n< x-other: shown");
}

}  // namespace ksv::testing
