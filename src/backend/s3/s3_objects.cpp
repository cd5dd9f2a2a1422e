// GET, HEAD, PUT and DELETE of single objects (Amazon S3 API Reference).
#include "backend/s3/s3_objects.h"

#include <algorithm>
#include <charconv>

#include "ksv/limits.h"

#include "backend/s3/s3_names.h"

namespace ksv::s3 {
namespace {

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

// "bytes 0-9/100".
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};
std::optional<ContentRange> parse_content_range(std::string_view text) {
  if (!text.starts_with("bytes ")) return std::nullopt;
  text.remove_prefix(6);
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos) return std::nullopt;
  const auto first = parse_size(text.substr(0, dash));
  const auto size = parse_size(text.substr(slash + 1));
  if (!first || !size) return std::nullopt;
  return ContentRange{*first, *size};
}

Error no_etag(const Wire& wire, const Request& request) {
  return Error(ErrorCode::kUnsupported, "the answer has no ETag")
      .with_context(request.operation + " " + wire.name_of(request.key));
}

Result<Version> version_of(const Wire& wire, const Request& request, const Answer& answer) {
  std::string etag = canonical_etag(answer.header("etag"));
  if (!can_be_etag(etag)) return no_etag(wire, request);
  return Version{std::move(etag)};
}

bool is_absent(const Answer& answer) { return answer.is(Meaning::kNoKey); }

// What a store answers to a conditional request when the condition does not hold. An object that is
// absent under If-Match: AWS says 404, others 412.
bool is_lost(const Answer& answer, const Condition& condition) {
  if (condition.kind == Condition::Kind::kNone) return false;
  return answer.is(Meaning::kConflict) || answer.is(Meaning::kNoKey);
}

std::string range_text(std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t last = offset + std::min(length - 1, ~std::uint64_t{0} - offset);
  std::string text = "bytes=" + std::to_string(offset) + "-";
  // Past 2^63 services fail to parse it; without it the rest is meant.
  if (last < std::uint64_t{1} << 62) text.append(std::to_string(last));
  return text;
}

Result<std::optional<Part>> empty_part(Wire& wire, const std::string& name) {
  std::optional<ObjectInfo> info = KSV_TRY(head_object(wire, name));
  if (!info) return std::optional<Part>();
  return std::optional<Part>(Part{{}, info->size, std::move(info->version)});
}

// The part of a whole body, from a server that does not know ranges.
Part cut(Bytes bytes, std::uint64_t offset, std::uint64_t length, Version version) {
  const std::uint64_t size = bytes.size();
  const std::uint64_t from = std::min(offset, size);
  const std::uint64_t count = std::min(length, size - from);
  if (count == size) return {std::move(bytes), size, std::move(version)};
  return {copy_of(BytesView(bytes).subspan(from, count)), size, std::move(version)};
}

Error changed_meanwhile(const Wire& wire, const std::string& name) {
  return Error(ErrorCode::kContention, wire.name_of(name) + " was overwritten while it was read")
      .with_hint("Repeat the command.");
}

}  // namespace

HttpHeaders Condition::headers() const {
  if (kind == Kind::kNone) return {};
  if (kind == Kind::kAbsent) return {{"if-none-match", "*"}};
  return {{"if-match", quoted ? "\"" + etag + "\"" : etag}};
}

Result<std::optional<Stored>> get_object(Wire& wire, const std::string& name) {
  Request request{.operation = "GetObject", .method = "GET", .key = name};
  request.answer_bytes_max = limits::kValueBytesMax;
  Answer answer = KSV_TRY(wire.send(request));
  if (is_absent(answer)) return std::optional<Stored>();
  if (answer.refusal) return wire.refused(request, answer);
  Stored stored;
  stored.version = KSV_TRY(version_of(wire, request, answer));
  stored.bytes = std::move(answer.body);
  return std::optional<Stored>(std::move(stored));
}

Result<std::optional<ObjectInfo>> head_object(Wire& wire, const std::string& name) {
  const Request request{.operation = "HeadObject", .method = "HEAD", .key = name};
  const Answer answer = KSV_TRY(wire.send(request));
  if (is_absent(answer) || answer.is(Meaning::kNoBucket)) return std::optional<ObjectInfo>();
  if (answer.refusal) return wire.refused(request, answer);
  ObjectInfo info;
  info.version = KSV_TRY(version_of(wire, request, answer));
  info.size = parse_size(answer.header("content-length")).value_or(0);
  info.write_id = answer.header(kWriteIdHeader);
  return std::optional<ObjectInfo>(std::move(info));
}

Result<std::optional<Part>> get_part(Wire& wire, const std::string& name, std::uint64_t offset,
                                     std::uint64_t length, const Version* version) {
  if (length == 0) return empty_part(wire, name);
  Request request{.operation = "GetObject", .method = "GET", .key = name};
  request.headers.push_back({"range", range_text(offset, length)});
  request.answer_bytes_max = limits::kValueBytesMax;
  Answer answer = KSV_TRY(wire.send(request));
  if (version != nullptr && (is_absent(answer) || answer.is(Meaning::kRange))) {
    return changed_meanwhile(wire, name);
  }
  if (is_absent(answer)) return std::optional<Part>();
  if (answer.is(Meaning::kRange)) return empty_part(wire, name);
  if (answer.refusal) return wire.refused(request, answer);
  Version now = KSV_TRY(version_of(wire, request, answer));
  // Each answer is of one version; so no If-Match is needed, whose form services disagree about.
  if (version != nullptr && !(*version == now)) return changed_meanwhile(wire, name);
  if (answer.status != 206) {
    return std::optional<Part>(cut(std::move(answer.body), offset, length, std::move(now)));
  }
  const auto range = parse_content_range(answer.header("content-range"));
  const std::uint64_t got = answer.body.size();
  if (!range || range->first != offset || got > length || offset > range->size ||
      got != std::min(length, range->size - offset)) {
    return Error(ErrorCode::kUnavailable, "GetObject " + wire.name_of(name) +
                                              ": the answer is not the range that was asked for");
  }
  return std::optional<Part>(Part{std::move(answer.body), range->size, std::move(now)});
}

Result<WriteOutcome> put_object(Wire& wire, const PutInput& input) {
  Request request{.operation = "PutObject", .method = "PUT", .key = input.name};
  request.headers = input.condition.headers();
  request.headers.push_back({"content-type", "application/octet-stream"});
  if (!input.write_id.empty()) {
    request.headers.push_back({std::string(kWriteIdHeader), input.write_id});
  }
  request.body = input.body;
  request.repeat = input.condition.repeat();
  const Answer answer = KSV_TRY(wire.send(request));
  if (is_lost(answer, input.condition)) return WriteOutcome(Conflict{.doubtful = answer.doubtful});
  if (answer.refusal) return wire.refused(request, answer);
  auto version = version_of(wire, request, answer);
  if (!version) return std::move(version).error().with_effect(Effect::kUnknown);
  return WriteOutcome(Written{*std::move(version)});
}

Result<DeleteAnswer> delete_object(Wire& wire, const std::string& name,
                                   const Condition& condition) {
  Request request{
      .operation = "DeleteObject", .method = "DELETE", .key = name, .body_decides = true};
  request.headers = condition.headers();
  request.repeat = condition.repeat();
  const Answer answer = KSV_TRY(wire.send(request));
  // After an attempt whose answer was lost, the refusal may be that of our own success.
  if (answer.doubtful && is_lost(answer, condition)) {
    return wire.refused(request, answer).with_effect(Effect::kUnknown);
  }
  if (is_absent(answer)) return DeleteAnswer::kWasAbsent;
  if (is_lost(answer, condition)) return DeleteAnswer::kRefused;
  if (answer.refusal) return wire.refused(request, answer);
  // S3 answers by 204; a 200 without S3's marks may be the page of something on the way.
  if (answer.status != 204 && answer.header("x-amz-request-id").empty()) {
    return Error(ErrorCode::kUnavailable, "the answer is not that of a removal", Effect::kUnknown)
        .with_context(request.operation + " " + wire.name_of(name));
  }
  return DeleteAnswer::kGone;
}

}  // namespace ksv::s3
