// AWS Signature Version 4 (AWS General Reference, "Signing AWS API requests").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ksv/http.h"

#include "net/aws/credentials.h"
#include "net/url.h"

namespace ksv::aws {

// What is signed. For S3 the path is encoded once and never normalised; for the other services it
// is normalised and encoded twice.
struct SigningInput {
  std::string_view service;  // "s3", "dynamodb", "sts"
  std::string_view region;
  std::string_view method;
  std::string_view scheme;     // "http" or "https"
  std::string_view authority;  // "host[:port]"; the scheme's own port is left out
  std::string_view path;       // percent-encoded, as it is sent; begins with "/"
  const net::Query* query;     // decoded pairs
  // Signed, too, but for those that a proxy may change (User-Agent, Expect, ...). A Host header
  // stands for the authority.
  const HttpHeaders* headers;
  std::string_view payload_hash;  // lower-case hexadecimal SHA-256, or "UNSIGNED-PAYLOAD"
  std::int64_t now_ms;            // Unix time, corrected for the server's clock
};

// The intermediate texts are there for the tests. All is empty for anonymous credentials.
struct Signature {
  std::string canonical_request;
  std::string string_to_sign;
  HttpHeaders headers;  // to be added: X-Amz-Date, Authorization, X-Amz-Security-Token and, for
                        // S3, X-Amz-Content-Sha256
};

// Some 10 us: a signing key is not kept from one request to the next.
Signature sign_v4(const SigningInput& input, const Credentials& credentials);

std::string payload_hash(BytesView body);

}  // namespace ksv::aws
