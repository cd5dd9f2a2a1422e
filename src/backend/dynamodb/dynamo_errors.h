// What the refusals of DynamoDB mean: the one table of its exceptions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ksv/http.h"
#include "ksv/result.h"

#include "net/request_loop.h"

namespace ksv::dynamodb {

// How a refusal is to be taken by whoever sent the request.
enum class Meaning {
  kOther,            // see ErrorTraits::code
  kConditionFailed,  // the condition of the write was not met
  kNotFound,         // the table, index, stream or backup is not there
  kInUse,            // the table is there, or in transition
  kCancelled,        // a transaction was not carried out; `reasons` says why
  kTokenReused,      // a client token came with another request than before
  kExpired,          // a place in a stream was not read on for too long
  kTrimmed,          // what was at a place in a stream is no longer kept
  kUnknownOperation,
};

struct ErrorTraits {
  net::Verdict verdict = net::Verdict::kUse;
  ErrorCode code = ErrorCode::kUnavailable;
  Meaning meaning = Meaning::kOther;
};

// Why one operation of a transaction did not pass; in the order of the request.
struct CancelReason {
  std::string code{};  // "None" where it was not this one's fault
  std::string message{};
  std::optional<std::string> item{};  // the present item, as JSON, where it was asked for
};

// A refusal, taken apart.
struct ServiceError {
  int status = 0;
  std::string type{};  // the exception's name, without what stands before "#"
  std::string message{};
  std::string request_id{};
  std::optional<std::string> item{};    // the present item of a failed condition, as JSON
  std::vector<CancelReason> reasons{};  // of a transaction
  ErrorTraits traits{};
};

// For an answer whose status is not 2xx.
ServiceError read_refusal(const HttpAnswer& answer);

// "ValidationException (HTTP 400): what the service says", with its fields as details.
Error make_error(const ServiceError& refusal);

}  // namespace ksv::dynamodb
