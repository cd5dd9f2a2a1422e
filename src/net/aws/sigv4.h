// AWS Signature Version 4 (AWS General Reference, "Signing AWS API requests").
#pragma once

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
  std::string_view scheme;        // "http" or "https"
  std::string_view authority;     // "host[:port]", as the Host header says
  std::string_view path;          // percent-encoded, as it is sent; begins with "/"
  const net::Query* query;        // decoded pairs
  const HttpHeaders* headers;     // all of these are signed, besides host and x-amz-*
  std::string_view payload_hash;  // lower-case hexadecimal SHA-256, or "UNSIGNED-PAYLOAD"
  std::int64_t now_ms;            // Unix time, corrected for the server's clock
};

// The intermediate texts are there for the tests.
struct Signature {
  std::string canonical_request;
  std::string string_to_sign;
  HttpHeaders headers;  // to be added: X-Amz-Date, Authorization, X-Amz-Security-Token and, for
                        // S3, X-Amz-Content-Sha256
};

Signature sign_v4(const SigningInput& input, const Credentials& credentials);

std::string payload_hash(BytesView body);

}  // namespace ksv::aws
