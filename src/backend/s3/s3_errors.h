// What the answers of S3 and its look-alikes mean: the one table of their error codes.
#pragma once

#include <string>

#include "ksv/http.h"
#include "ksv/result.h"

#include "net/request_loop.h"

namespace ksv::s3 {

// How a refusal is to be taken by whoever sent the request.
enum class Meaning {
  kOther,         // see ErrorTraits::code
  kNoKey,         // the object is absent
  kNoBucket,      // the bucket is
  kConflict,      // a condition was not met, or a rival's request was under way
  kNotSupported,  // the service knows no such request or condition
  kRange,         // nothing in the range that was asked for
  kNoUpload,      // the multipart upload is gone: completed, or aborted
  kBucketExists,  // the bucket to be made belongs to somebody else
  kBucketOurs,    // it belongs to us already
  kNotEmpty,      // the bucket to be deleted holds objects
};

struct ErrorTraits {
  net::Verdict verdict = net::Verdict::kUse;
  ErrorCode code = ErrorCode::kUnavailable;
  Meaning meaning = Meaning::kOther;
};

// A refusal, taken apart.
struct ServiceError {
  int status = 0;
  std::string code{};  // <Code>; empty where the answer had no body
  std::string message{};
  std::string request_id{};
  std::string host_id{};
  std::string region{};    // where the bucket is, when the answer says so
  std::string endpoint{};  // where to ask instead, when the answer says so
  ErrorTraits traits{};
};

// Whether the answer is a refusal: its status is not 2xx, or, for the operations that give their
// verdict late (`body_decides`), the body of a 200 is an <Error>.
bool is_refusal(const HttpAnswer& answer, bool body_decides);
// For an answer that is_refusal. The code decides; the status only where there is none.
ServiceError read_refusal(const HttpAnswer& answer);

// "HTTP 403 AccessDenied: what the server says", with the server's fields as details.
Error make_error(const ServiceError& refusal);

}  // namespace ksv::s3
