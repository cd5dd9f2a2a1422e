// The table of etcd's refusals: v2's errorCode and gRPC's codes, as the gateway gives them.
//
// What may follow from a refusal is "definite" or not: whether the server certainly did nothing.
// etcd answers the same code both before it took up a request and after it lost sight of it, so
// that for some codes the message has to decide. Those messages are here and nowhere else.
#include "backend/etcd/etcd_errors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/json.h"

namespace ksv::etcd {
namespace {

using net::Verdict;

constexpr std::uint32_t kRefusalDepthMax = 16;

struct V2Row {
  std::int64_t code;
  ErrorTraits traits;
};

constexpr ErrorTraits definite(ErrorCode code, Meaning meaning = Meaning::kOther) {
  return {Verdict::kUse, code, meaning, true};
}
// The server failed, and what became of the request is open.
constexpr ErrorTraits open_trouble() {
  return {Verdict::kTransient, ErrorCode::kUnavailable, Meaning::kOther, false};
}

constexpr std::array kV2Codes = {
    V2Row{100, definite(ErrorCode::kState, Meaning::kNoKey)},
    V2Row{101, definite(ErrorCode::kState, Meaning::kCompareFailed)},
    V2Row{102, definite(ErrorCode::kState, Meaning::kNotFile)},
    V2Row{104, definite(ErrorCode::kState, Meaning::kNotDirectory)},
    V2Row{105, definite(ErrorCode::kState, Meaning::kExists)},
    V2Row{107, definite(ErrorCode::kState, Meaning::kRootReadOnly)},
    V2Row{108, definite(ErrorCode::kState, Meaning::kNotEmpty)},
    V2Row{110, definite(ErrorCode::kDenied)},
    V2Row{300, open_trouble()},
    V2Row{301, open_trouble()},
    V2Row{400, definite(ErrorCode::kState, Meaning::kCleared)},
    V2Row{401, definite(ErrorCode::kState, Meaning::kCleared)},
};

ErrorTraits v2_traits(std::int64_t code) {
  for (const V2Row& row : kV2Codes) {
    if (row.code == code) return row.traits;
  }
  if (code >= 100 && code < 200) return definite(ErrorCode::kState);
  if (code >= 200 && code < 300) return definite(ErrorCode::kUsage);
  return open_trouble();
}

struct GrpcRow {
  std::int64_t code;
  std::string_view name;  // as the messages of Go's gRPC spell it
  ErrorTraits traits;
};

constexpr std::array kGrpcCodes = {
    GrpcRow{1, "Canceled", open_trouble()},
    GrpcRow{2, "Unknown", open_trouble()},
    GrpcRow{3, "InvalidArgument", definite(ErrorCode::kUsage)},
    GrpcRow{4, "DeadlineExceeded", open_trouble()},
    GrpcRow{5, "NotFound", definite(ErrorCode::kState, Meaning::kNotFound)},
    GrpcRow{6, "AlreadyExists", definite(ErrorCode::kState, Meaning::kPrecondition)},
    GrpcRow{7, "PermissionDenied", definite(ErrorCode::kDenied)},
    GrpcRow{8, "ResourceExhausted", definite(ErrorCode::kUnavailable)},
    GrpcRow{9, "FailedPrecondition", definite(ErrorCode::kState, Meaning::kPrecondition)},
    GrpcRow{10, "Aborted", open_trouble()},
    GrpcRow{11, "OutOfRange", definite(ErrorCode::kState)},
    GrpcRow{12, "Unimplemented", definite(ErrorCode::kUnsupported)},
    GrpcRow{13, "Internal", open_trouble()},
    GrpcRow{14, "Unavailable", open_trouble()},
    GrpcRow{15, "DataLoss", open_trouble()},
    GrpcRow{16, "Unauthenticated", {Verdict::kRenew, ErrorCode::kDenied, Meaning::kToken, true}},
};

// Where one code stands for different things, by a part of the message (api/v3rpc/rpctypes).
struct MessageRow {
  std::int64_t code;
  std::string_view part;
  ErrorTraits traits;
};

constexpr ErrorTraits kNewToken = {Verdict::kRenew, ErrorCode::kDenied, Meaning::kToken, true};

constexpr std::array kMessages = {
    // Given by the check that the header hasleader asks for, before anything is done.
    MessageRow{14,
               "etcdserver: no leader",
               {Verdict::kRenew, ErrorCode::kUnavailable, Meaning::kNoLeader, true}},
    // Turned away before they were proposed; the others of this code are about sizes and space.
    MessageRow{8,
               "too many requests",
               {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther, true}},
    MessageRow{8, "larger than max", definite(ErrorCode::kUsage)},
    MessageRow{3, "revision of auth store is old", kNewToken},
    // Of a request without a token: authentication was switched on meanwhile.
    MessageRow{3, "user name is empty", kNewToken},
    MessageRow{3, "authentication failed", definite(ErrorCode::kDenied)},
    MessageRow{9, "authentication failed", definite(ErrorCode::kDenied)},
    // Of the gateway of 3.6, which has no such path; etcd's own word is "not found".
    MessageRow{5, "Not Found", {Verdict::kRenew, ErrorCode::kUnavailable, Meaning::kNoRoute, true}},
    MessageRow{11, "has been compacted", definite(ErrorCode::kState, Meaning::kCleared)},
    // Of the lock service, which gives its refusals no code.
    MessageRow{2, "requested lease not found", definite(ErrorCode::kState, Meaning::kNotFound)},
    MessageRow{2, "election: no", definite(ErrorCode::kState, Meaning::kPrecondition)},
};

ErrorTraits grpc_traits(std::int64_t code, std::string_view message) {
  for (const MessageRow& row : kMessages) {
    if (row.code == code && message.find(row.part) != message.npos) return row.traits;
  }
  for (const GrpcRow& row : kGrpcCodes) {
    if (row.code == code) return row.traits;
  }
  return open_trouble();
}

// Answers that are not etcd's JSON: of its router, of a proxy, of something else altogether.
ErrorTraits status_traits(int status) {
  switch (status) {
    case 301:
    case 302:
    case 307:
    case 308: return {Verdict::kRenew, ErrorCode::kUnavailable, Meaning::kMoved, true};
    case 401:
    case 403:
    case 407: return definite(ErrorCode::kDenied);
    case 404: return {Verdict::kRenew, ErrorCode::kUnavailable, Meaning::kNoRoute, true};
    case 405: return definite(ErrorCode::kUnsupported);
    case 429: return {Verdict::kThrottled, ErrorCode::kUnavailable, Meaning::kOther, true};
    default:
      if (status >= 500) return open_trouble();
      return definite(ErrorCode::kUsage);
  }
}

const Json* find_field(const Json::Object& object, std::string_view name) {
  const auto found = std::find_if(object.begin(), object.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == object.end() ? nullptr : &found->second;
}

std::string text_field(const Json::Object& object, std::string_view name) {
  const Json* field = find_field(object, name);
  const auto* text = field == nullptr ? nullptr : std::get_if<std::string>(&field->content);
  return text == nullptr ? std::string() : text->substr(0, limits::kExcerptChars * 5);
}

std::optional<std::int64_t> number_field(const Json::Object& object, std::string_view name) {
  const Json* field = find_field(object, name);
  const auto* number = field == nullptr ? nullptr : std::get_if<Json::Number>(&field->content);
  if (number == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = number->text.data() + number->text.size();
  const auto [rest, error] = std::from_chars(number->text.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

// One line, and not too much of it.
std::string excerpt(BytesView body) {
  std::string text(text_of(body).substr(0, limits::kExcerptChars));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  const auto end = text.find_last_not_of(' ');
  return text.substr(0, end == text.npos ? 0 : end + 1);
}

void read_v2(const Json::Object& body, std::int64_t code, ServiceError* refusal) {
  refusal->is_v2 = true;
  refusal->code = code;
  refusal->message = text_field(body, "message");
  refusal->cause = text_field(body, "cause");
  refusal->index = number_field(body, "index");
  refusal->traits = v2_traits(code);
}

// 3.4 and 3.5 give "error", "message" and "code", 3.6 no "error"; streams of 3.4 an object of
// "grpc_code" and "message" as "error", those of 3.6 one of "code" and "message".
bool read_v3(const Json::Object& body, ServiceError* refusal) {
  const Json* error = find_field(body, "error");
  const auto* nested = error == nullptr ? nullptr : std::get_if<Json::Object>(&error->content);
  const Json::Object& fields = nested == nullptr ? body : *nested;
  std::optional<std::int64_t> code = number_field(fields, "grpc_code");
  if (!code) code = number_field(fields, "code");
  if (!code) return false;
  refusal->code = code;
  refusal->message = text_field(fields, "message");
  if (refusal->message.empty()) refusal->message = text_field(fields, "error");
  refusal->traits = grpc_traits(*code, refusal->message);
  return true;
}

std::string_view grpc_name(std::int64_t code) {
  for (const GrpcRow& row : kGrpcCodes) {
    if (row.code == code) return row.name;
  }
  return "code";
}

Error with_hint_of(const ServiceError& refusal, Error error) {
  if (refusal.traits.meaning == Meaning::kNoRoute) {
    return std::move(error).with_hint(
        "Check the endpoint; v2 needs the server's --enable-v2 from etcd 3.4 on.");
  }
  if (refusal.traits.meaning == Meaning::kToken) {
    return std::move(error).with_hint(
        "The cluster wants a user: the option user, or ETCDCTL_USER and ETCDCTL_PASSWORD.");
  }
  return error;
}

}  // namespace

ServiceError read_refusal(const HttpAnswer& answer) {
  ServiceError refusal{.status = answer.status};
  refusal.traits = status_traits(answer.status);
  const auto json = parse_json(text_of(answer.body), kRefusalDepthMax);
  const auto* body = json.has_value() ? std::get_if<Json::Object>(&json->content) : nullptr;
  if (body != nullptr) {
    if (const auto code = number_field(*body, "errorCode")) {
      read_v2(*body, *code, &refusal);
      return refusal;
    }
    if (read_v3(*body, &refusal)) return refusal;
    // v2's resources beside the keys, such as /v2/members.
    refusal.message = text_field(*body, "message");
    if (refusal.traits.meaning == Meaning::kNoRoute) refusal.traits = definite(ErrorCode::kState);
    return refusal;
  }
  refusal.message = excerpt(answer.body);
  return refusal;
}

ServiceError grpc_refusal(std::int64_t code, std::string message) {
  ServiceError refusal{.status = 200, .code = code};
  refusal.traits = grpc_traits(code, message);
  refusal.message = std::move(message);
  return refusal;
}

std::optional<std::int64_t> find_grpc_code(std::string_view name) {
  for (const GrpcRow& row : kGrpcCodes) {
    if (row.name == name) return row.code;
  }
  return std::nullopt;
}

// So that one program reads the errors of both.
std::int64_t v2_code_of(const ServiceError& refusal) {
  const std::int64_t code = refusal.code.value_or(0);
  if (refusal.is_v2) return code;
  switch (refusal.traits.meaning) {
    case Meaning::kNoLeader: return 301;
    case Meaning::kCleared: return 401;
    case Meaning::kToken: return 110;
    case Meaning::kNoRoute: return 300;
    default: break;
  }
  switch (code) {
    case 3:
    case 12: return 209;
    case 5: return 100;
    case 6: return 105;
    case 7: return 110;
    case 9: return 101;
    case 11: return 203;
    default: return 300;
  }
}

Error make_error(const ServiceError& refusal) {
  std::string text;
  if (!refusal.code) {
    text = fmt::format("the server answered with status {}", refusal.status);
    if (!refusal.message.empty()) text += ": " + refusal.message;
  } else if (refusal.is_v2) {
    text = fmt::format("{} (errorCode {})", refusal.message, *refusal.code);
    if (!refusal.cause.empty()) text += ": " + refusal.cause;
  } else {
    text = fmt::format("{} ({} {})", refusal.message, grpc_name(*refusal.code), *refusal.code);
  }
  Error error(refusal.traits.code, text);
  error = std::move(error).with_detail("status", refusal.status);
  if (refusal.code) {
    error = std::move(error).with_detail("errorCode", v2_code_of(refusal));
  }
  if (!refusal.message.empty()) error = std::move(error).with_detail("message", refusal.message);
  if (refusal.code && !refusal.is_v2) {
    // v3 tells no index; 0 is what v2 tells where it has not looked at the store.
    error = std::move(error).with_detail("cause", std::string(grpc_name(*refusal.code)));
    error = std::move(error).with_detail("index", std::int64_t{0});
    return with_hint_of(refusal, std::move(error).with_detail("code", *refusal.code));
  }
  if (!refusal.cause.empty()) error = std::move(error).with_detail("cause", refusal.cause);
  if (refusal.index) error = std::move(error).with_detail("index", *refusal.index);
  return with_hint_of(refusal, std::move(error));
}

}  // namespace ksv::etcd
