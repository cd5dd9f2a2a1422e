// The table of S3's error codes (Amazon S3 API Reference, "Error responses"), with those that Ceph,
// MinIO, R2 and others give.
#include "backend/s3/s3_errors.h"

#include <algorithm>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/xml.h"

namespace ksv::s3 {
namespace {

using net::Verdict;

struct CodeRow {
  std::string_view code;
  ErrorTraits traits;
};

constexpr CodeRow kCodes[] = {
    // Lost races and absences.
    {"PreconditionFailed", {Verdict::kUse, ErrorCode::kContention, Meaning::kConflict}},
    {"ConditionalRequestConflict", {Verdict::kUse, ErrorCode::kContention, Meaning::kConflict}},
    {"NoSuchKey", {Verdict::kUse, ErrorCode::kState, Meaning::kNoKey}},
    {"NoSuchBucket", {Verdict::kUse, ErrorCode::kState, Meaning::kNoBucket}},
    {"NoSuchUpload", {Verdict::kUse, ErrorCode::kContention, Meaning::kNoUpload}},
    {"InvalidRange", {Verdict::kUse, ErrorCode::kUsage, Meaning::kRange}},
    {"BucketAlreadyExists", {Verdict::kUse, ErrorCode::kState, Meaning::kBucketExists}},
    {"BucketAlreadyOwnedByYou", {Verdict::kUse, ErrorCode::kState, Meaning::kBucketOurs}},
    {"BucketNotEmpty", {Verdict::kUse, ErrorCode::kState, Meaning::kNotEmpty}},
    {"NotImplemented", {Verdict::kUse, ErrorCode::kUnsupported, Meaning::kNotSupported}},
    {"MethodNotAllowed", {Verdict::kUse, ErrorCode::kUnsupported, Meaning::kNotSupported}},
    // The service's own trouble.
    {"InternalError", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    {"ServiceUnavailable", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    {"RequestTimeout", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    {"RequestTimeoutException", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    {"PriorRequestNotComplete", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    {"OperationAborted", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    // Ceph's answer to the losers of a race (-ECANCELED), and to much else.
    {"UnknownError", {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther}},
    {"SlowDown", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"Throttling", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"ThrottlingException", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"ThrottledException", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"RequestThrottled", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"RequestThrottledException", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"RequestLimitExceeded", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"BandwidthLimitExceeded", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"TooManyRequests", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    {"TooManyRequestsException", {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther}},
    // What can be mended: credentials, the clock, the region.
    {"ExpiredToken", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther}},
    {"ExpiredTokenException", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther}},
    {"InvalidToken", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther}},
    {"TokenRefreshRequired", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther}},
    {"RequestTimeTooSkewed", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther}},
    {"RequestExpired", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther}},
    {"PermanentRedirect", {Verdict::kRenew, ErrorCode::kUsage, Meaning::kOther}},
    {"TemporaryRedirect", {Verdict::kRenew, ErrorCode::kUsage, Meaning::kOther}},
    {"AuthorizationHeaderMalformed", {Verdict::kRenew, ErrorCode::kUsage, Meaning::kOther}},
    {"IllegalLocationConstraintException", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    // Permissions.
    {"AccessDenied", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"AccountProblem", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"AllAccessDisabled", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"InvalidAccessKeyId", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"InvalidSecurity", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"NotSignedUp", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"SignatureDoesNotMatch", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    {"UnauthorizedAccess", {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther}},
    // What was asked for cannot be.
    {"EntityTooLarge", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"InvalidArgument", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"InvalidBucketName", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"InvalidLocationConstraint", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"InvalidObjectName", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"InvalidRequest", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"KeyTooLongError", {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther}},
    {"TooManyBuckets", {Verdict::kUse, ErrorCode::kState, Meaning::kOther}},
    {"QuotaExceeded", {Verdict::kUse, ErrorCode::kUnavailable, Meaning::kOther}},
    {"InvalidObjectState", {Verdict::kUse, ErrorCode::kUnsupported, Meaning::kOther}},
};

ErrorTraits traits_of_status(int status) {
  switch (status) {
    case 301:
    case 307:
    case 308: return {Verdict::kRenew, ErrorCode::kUsage, Meaning::kOther};
    case 400:
      // A HEAD has no body to say more: an expired token, another region.
      return {Verdict::kRenew, ErrorCode::kUsage, Meaning::kOther};
    case 401: return {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther};
    case 403:
      // Nor that the clock is wrong.
      return {Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther};
    case 404: return {Verdict::kUse, ErrorCode::kState, Meaning::kNoKey};
    case 405:
    case 501: return {Verdict::kUse, ErrorCode::kUnsupported, Meaning::kNotSupported};
    case 408: return {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther};
    case 409:
    case 412: return {Verdict::kUse, ErrorCode::kContention, Meaning::kConflict};
    case 416: return {Verdict::kUse, ErrorCode::kUsage, Meaning::kRange};
    case 429:
    case 503: return {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther};
    default:
      if (status >= 500) return {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther};
      return {Verdict::kUse, ErrorCode::kUnavailable, Meaning::kOther};
  }
}

// A code that the table does not have leaves the decision to the status; but a 409 of an unknown
// code is no lost race.
ErrorTraits traits_of_unknown_code(int status) {
  if (status == 409) return {Verdict::kUse, ErrorCode::kUnavailable, Meaning::kOther};
  if (status == 400) return {Verdict::kUse, ErrorCode::kUsage, Meaning::kOther};
  if (status == 403) return {Verdict::kUse, ErrorCode::kDenied, Meaning::kOther};
  if (status == 404) return {Verdict::kUse, ErrorCode::kState, Meaning::kOther};
  return traits_of_status(status);
}

ErrorTraits traits_of(int status, std::string_view code) {
  if (code.empty()) return traits_of_status(status);
  const auto* row = std::find_if(std::begin(kCodes), std::end(kCodes),
                                 [&](const CodeRow& each) { return each.code == code; });
  return row == std::end(kCodes) ? traits_of_unknown_code(status) : row->traits;
}

// One line without control characters, not too long.
std::string excerpt(std::string_view text) {
  std::string line(text.substr(0, limits::kExcerptChars));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  while (!line.empty() && (line.back() == '.' || line.back() == ' ')) line.pop_back();
  return line;
}

std::string header_text(const HttpAnswer& answer, std::string_view name) {
  const std::string* value = find_header(answer.headers, name);
  return value == nullptr ? std::string() : excerpt(*value);
}

bool is_success(int status) { return status >= 200 && status < 300; }

// CompleteMultipartUpload sends spaces while it works, and the outcome after them.
std::string_view without_space(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  return from == std::string_view::npos ? std::string_view() : text.substr(from);
}

}  // namespace

bool is_refusal(const HttpAnswer& answer, bool body_decides) {
  if (!is_success(answer.status)) return true;
  if (!body_decides) return false;
  const auto root = parse_xml(bytes_of(without_space(text_of(answer.body))));
  return root.has_value() && root->name() == "Error";
}

ServiceError read_refusal(const HttpAnswer& answer) {
  ServiceError refusal{.status = answer.status};
  refusal.request_id = header_text(answer, "x-amz-request-id");
  refusal.host_id = header_text(answer, "x-amz-id-2");
  refusal.region = header_text(answer, "x-amz-bucket-region");
  const auto root = parse_xml(bytes_of(without_space(text_of(answer.body))));
  // What a proxy wrote in HTML is no answer of the service.
  if (root.has_value() && (root->name() == "Error" || root->child("Code") != nullptr)) {
    refusal.code = excerpt(root->text_of("Code"));
    refusal.message = excerpt(root->text_of("Message"));
    refusal.endpoint = excerpt(root->text_of("Endpoint"));
    if (refusal.region.empty()) refusal.region = excerpt(root->text_of("Region"));
    if (refusal.request_id.empty()) refusal.request_id = excerpt(root->text_of("RequestId"));
    if (refusal.host_id.empty()) refusal.host_id = excerpt(root->text_of("HostId"));
  }
  // An <Error> in a 200 whose code the table does not have came late: as good as a 500.
  const int status = is_success(answer.status) ? 500 : answer.status;
  refusal.traits = traits_of(status, refusal.code);
  // Nor is a bare 503 the service's "slow down", which does nothing: a proxy says so of a
  // connection that was lost after it had passed the request on.
  if (status == 503 && refusal.code.empty() && refusal.request_id.empty()) {
    refusal.traits.verdict = net::Verdict::kTransient;
  }
  // A 404 whose body is not S3's comes from something else that answers at this address.
  if (status == 404 && refusal.code.empty() && !answer.body.empty()) {
    refusal.traits = {net::Verdict::kUse, ErrorCode::kUnavailable, Meaning::kOther};
  }
  return refusal;
}

Error make_error(const ServiceError& refusal) {
  std::string text = fmt::format("HTTP {}", refusal.status);
  if (!refusal.code.empty()) text.append(" " + refusal.code);
  if (!refusal.message.empty()) text.append(": " + refusal.message);
  Error error(refusal.traits.code, std::move(text));
  error = std::move(error).with_detail("status", refusal.status);
  if (!refusal.code.empty()) error = std::move(error).with_detail("errorCode", refusal.code);
  if (!refusal.request_id.empty()) {
    error = std::move(error).with_detail("requestId", refusal.request_id);
  }
  if (!refusal.host_id.empty()) error = std::move(error).with_detail("hostId", refusal.host_id);
  return error;
}

}  // namespace ksv::s3
