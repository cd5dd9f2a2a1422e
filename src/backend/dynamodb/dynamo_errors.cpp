// The table of DynamoDB's exceptions (Amazon DynamoDB Developer Guide, "Error handling").
#include "backend/dynamodb/dynamo_errors.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "ksv/limits.h"

#include "base/json_slice.h"

namespace ksv::dynamodb {
namespace {

using net::Verdict;

struct TypeRow {
  std::string_view type;
  ErrorTraits traits;
};

constexpr ErrorTraits kThrottled{Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther};
constexpr ErrorTraits kTransient{Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther};
constexpr ErrorTraits kRenewed{Verdict::kRenew, ErrorCode::kDenied, Meaning::kOther};
constexpr ErrorTraits kDenied{Verdict::kUse, ErrorCode::kDenied, Meaning::kOther};
constexpr ErrorTraits kMisuse{Verdict::kUse, ErrorCode::kUsage, Meaning::kOther};

constexpr TypeRow kTypes[] = {
    {"ConditionalCheckFailedException",
     {Verdict::kUse, ErrorCode::kContention, Meaning::kConditionFailed}},
    {"ResourceNotFoundException", {Verdict::kUse, ErrorCode::kState, Meaning::kNotFound}},
    {"TableNotFoundException", {Verdict::kUse, ErrorCode::kState, Meaning::kNotFound}},
    {"IndexNotFoundException", {Verdict::kUse, ErrorCode::kState, Meaning::kNotFound}},
    {"ResourceInUseException", {Verdict::kUse, ErrorCode::kState, Meaning::kInUse}},
    {"TableAlreadyExistsException", {Verdict::kUse, ErrorCode::kState, Meaning::kInUse}},
    {"TableInUseException", {Verdict::kUse, ErrorCode::kState, Meaning::kInUse}},
    {"TransactionCanceledException", {Verdict::kUse, ErrorCode::kContention, Meaning::kCancelled}},
    {"IdempotentParameterMismatchException",
     {Verdict::kUse, ErrorCode::kUsage, Meaning::kTokenReused}},
    // Turned away before anything was done.
    {"ProvisionedThroughputExceededException", kThrottled},
    {"ThrottlingException", kThrottled},
    {"ThrottledException", kThrottled},
    {"RequestLimitExceeded", kThrottled},
    {"TransactionConflictException", kThrottled},
    {"ReplicatedWriteConflictException", kThrottled},
    // An earlier attempt of the same transaction is still at work.
    {"TransactionInProgressException", kTransient},
    {"InternalServerError", kTransient},
    {"InternalFailure", kTransient},
    {"ServiceUnavailable", kTransient},
    {"ServiceUnavailableException", kTransient},
    // What can be mended: credentials, the clock.
    {"ExpiredTokenException", kRenewed},
    {"ExpiredToken", kRenewed},
    {"RequestExpired", kRenewed},
    {"InvalidSignatureException", kRenewed},
    {"RequestTimeTooSkewed", kRenewed},
    // Permissions.
    {"AccessDeniedException", kDenied},
    {"UnrecognizedClientException", kDenied},
    {"IncompleteSignatureException", kDenied},
    {"MissingAuthenticationTokenException", kDenied},
    {"MissingAuthenticationToken", kDenied},
    {"InvalidClientTokenId", kDenied},
    {"OptInRequired", kDenied},
    {"NotAuthorized", kDenied},
    // What was asked for cannot be.
    {"ValidationException", kMisuse},
    {"ValidationError", kMisuse},
    {"SerializationException", kMisuse},
    {"ItemCollectionSizeLimitExceededException",
     {Verdict::kUse, ErrorCode::kState, Meaning::kOther}},
    {"LimitExceededException", {Verdict::kUse, ErrorCode::kUnavailable, Meaning::kOther}},
    {"DuplicateItemException", {Verdict::kUse, ErrorCode::kContention, Meaning::kConditionFailed}},
    {"TrimmedDataAccessException", {Verdict::kUse, ErrorCode::kState, Meaning::kTrimmed}},
    {"ExpiredIteratorException", {Verdict::kUse, ErrorCode::kState, Meaning::kExpired}},
    {"UnknownOperationException",
     {Verdict::kUse, ErrorCode::kUnsupported, Meaning::kUnknownOperation}},
};

// What a proxy, or a service that says no more, means.
ErrorTraits traits_of_status(int status) {
  switch (status) {
    case 400:
    case 413: return kMisuse;
    case 401:
    case 403: return kDenied;
    case 408: return kTransient;
    case 429: return kThrottled;
    default: return status >= 500 ? kTransient : ErrorTraits{};
  }
}

// Reasons of a cancelled transaction that pass with time: nothing was done, for want of capacity or
// since another transaction was at work on an item.
bool passes(const CancelReason& reason) {
  return reason.code == "None" || reason.code == "TransactionConflict" ||
         reason.code == "ThrottlingError" || reason.code == "ProvisionedThroughputExceeded";
}

bool may_pass(const std::vector<CancelReason>& reasons) {
  const auto is_none = [](const CancelReason& reason) { return reason.code == "None"; };
  return std::all_of(reasons.begin(), reasons.end(), passes) &&
         !std::all_of(reasons.begin(), reasons.end(), is_none);
}

// A transaction that asked for what cannot be has no rival.
bool is_misuse(const std::vector<CancelReason>& reasons) {
  return std::any_of(reasons.begin(), reasons.end(),
                     [](const CancelReason& reason) { return reason.code == "ValidationError"; });
}

ErrorTraits traits_of(const ServiceError& refusal) {
  const auto* row = std::find_if(std::begin(kTypes), std::end(kTypes),
                                 [&](const TypeRow& each) { return each.type == refusal.type; });
  ErrorTraits traits = row == std::end(kTypes) ? traits_of_status(refusal.status) : row->traits;
  if (traits.meaning == Meaning::kCancelled && may_pass(refusal.reasons)) {
    traits.verdict = Verdict::kThrottled;
    traits.code = ErrorCode::kUnavailable;
  }
  if (traits.meaning == Meaning::kCancelled && is_misuse(refusal.reasons)) {
    traits.code = ErrorCode::kUsage;
  }
  return traits;
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

std::string text_member(const JsonMembers& members, std::string_view name) {
  const auto text = find_member(members, name);
  if (!text) return {};
  const auto string = json_string(*text);
  return string.has_value() ? excerpt(*string) : std::string();
}

std::optional<std::string> item_member(const JsonMembers& members) {
  const auto item = find_member(members, "Item");
  return item && item->starts_with('{') ? std::optional(std::string(*item)) : std::nullopt;
}

// The service writes both "message" and "Message".
std::string message_of(const JsonMembers& members) {
  std::string message = text_member(members, "message");
  return message.empty() ? text_member(members, "Message") : message;
}

std::vector<CancelReason> reasons_of(const JsonMembers& members) {
  std::vector<CancelReason> reasons;
  const auto list = find_member(members, "CancellationReasons");
  const auto elements = json_elements(list.value_or("[]"));
  if (!elements.has_value()) return reasons;
  for (const std::string_view element : *elements) {
    CancelReason reason;
    if (const auto fields = json_members(element); fields.has_value()) {
      reason.code = text_member(*fields, "Code");
      reason.message = message_of(*fields);
      reason.item = item_member(*fields);
    }
    if (reason.code.empty()) reason.code = "None";
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace

ServiceError read_refusal(const HttpAnswer& answer) {
  ServiceError refusal{.status = answer.status};
  if (const auto* id = find_header(answer.headers, "x-amzn-requestid")) {
    refusal.request_id = excerpt(*id);
  }
  const auto members = json_members(text_of(answer.body));
  // What a proxy wrote in HTML is no answer of the service.
  if (members.has_value()) {
    const std::string type = text_member(*members, "__type");
    refusal.type = type.substr(type.rfind('#') + 1);  // npos + 1 is 0
    refusal.message = message_of(*members);
    refusal.item = item_member(*members);
    refusal.reasons = reasons_of(*members);
  }
  refusal.traits = traits_of(refusal);
  // A 404 that is not the service's comes from something else that answers at this address.
  if (answer.status == 404 && refusal.type.empty()) refusal.traits = ErrorTraits{};
  return refusal;
}

Error make_error(const ServiceError& refusal) {
  std::string text = fmt::format("HTTP {}", refusal.status);
  if (!refusal.type.empty()) text.append(" " + refusal.type);
  if (!refusal.message.empty()) text.append(": " + refusal.message);
  Error error(refusal.traits.code, std::move(text));
  error = std::move(error).with_detail("status", refusal.status);
  if (!refusal.type.empty()) error = std::move(error).with_detail("errorCode", refusal.type);
  if (!refusal.request_id.empty()) {
    error = std::move(error).with_detail("requestId", refusal.request_id);
  }
  for (std::size_t i = 0; i < refusal.reasons.size(); ++i) {
    const CancelReason& reason = refusal.reasons[i];
    if (reason.code == "None") continue;
    const std::string why = reason.message.empty() ? "" : ": " + reason.message;
    error = std::move(error).with_detail("reason " + std::to_string(i + 1), reason.code + why);
  }
  return error;
}

}  // namespace ksv::dynamodb
