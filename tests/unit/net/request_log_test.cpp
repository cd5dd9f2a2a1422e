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

}  // namespace ksv::testing
