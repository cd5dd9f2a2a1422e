// CreateMultipartUpload, UploadPart, CompleteMultipartUpload, AbortMultipartUpload.
#include "backend/s3/s3_multipart.h"

#include <fmt/format.h>

#include "backend/s3/s3_names.h"
#include "base/xml.h"

namespace ksv::s3 {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

}  // namespace

// 16 GB in the first 1000 parts, 144 in 3000, 656 in 5000, 5.7 TB in all.
std::uint64_t part_size(std::uint64_t number) {
  if (number <= 1000) return 16 * kMebibyte;
  if (number <= 3000) return 64 * kMebibyte;
  if (number <= 5000) return 256 * kMebibyte;
  return 1024 * kMebibyte;
}

Result<Multipart> Multipart::begin(Wire& wire, std::string name, std::string write_id) {
  Request request{.operation = "CreateMultipartUpload", .method = "POST", .key = name};
  request.query = {{"uploads", ""}};
  request.headers = {{"content-type", "application/octet-stream"},
                     {std::string(kWriteIdHeader), write_id}};
  const Answer answer = KSV_TRY(wire.send(request));
  if (answer.refusal) return wire.refused(request, answer);
  const XmlNode root = KSV_TRY(parse_xml(answer.body));
  std::string upload(root.text_of("UploadId"));
  if (upload.empty()) {
    return Error(ErrorCode::kUnsupported, "the answer names no upload")
        .with_context(request.operation + " " + wire.name_of(name));
  }
  return Multipart(wire, std::move(name), std::move(write_id), std::move(upload));
}

Result<std::string> Multipart::put_part(std::uint64_t number, BytesView bytes) const {
  Request request{.operation = "UploadPart", .method = "PUT", .key = name_};
  request.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_}};
  request.body = bytes;
  const Answer answer = KSV_TRY(wire_->send(request));
  if (answer.refusal) return wire_->refused(request, answer);
  std::string etag = canonical_etag(answer.header("etag"));
  if (can_be_etag(etag)) return etag;
  return Error(ErrorCode::kUnsupported, "the answer has no ETag")
      .with_context(request.operation + " " + wire_->name_of(name_));
}

Result<WriteOutcome> Multipart::complete(const std::vector<std::string>& etags,
                                         const Condition& condition) const {
  std::string body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  std::uint64_t number = 0;
  for (const std::string& etag : etags) {
    body.append(fmt::format("<Part><PartNumber>{}</PartNumber><ETag>&quot;{}&quot;</ETag></Part>",
                            ++number, xml_escape(etag)));
  }
  body.append("</CompleteMultipartUpload>");
  Request request{.operation = "CompleteMultipartUpload", .method = "POST", .key = name_};
  request.query = {{"uploadId", upload_}};
  request.headers = condition.headers();
  request.headers.push_back({"content-type", "application/xml"});
  request.body = bytes_of(body);
  // An upload completes once at most.
  request.repeat = net::Repeat::kConditional;
  request.body_decides = true;
  const Answer answer = KSV_TRY(wire_->send(request));
  if (answer.is(Meaning::kNoUpload)) return settle(wire_->refused(request, answer));
  const bool lost = answer.is(Meaning::kConflict) || answer.is(Meaning::kNoKey);
  if (lost && condition.kind != Condition::Kind::kNone) {
    return WriteOutcome(Conflict{.doubtful = answer.doubtful});
  }
  if (answer.refusal) return wire_->refused(request, answer);
  const auto root = parse_xml(answer.body);
  std::string etag = root ? canonical_etag(root->text_of("ETag")) : std::string();
  if (can_be_etag(etag)) return WriteOutcome(Written{Version{std::move(etag)}});
  return settle(Error(ErrorCode::kUnsupported, "the answer has no ETag", Effect::kUnknown)
                    .with_context(request.operation + " " + wire_->name_of(name_)));
}

Result<WriteOutcome> Multipart::settle(Error error) const {
  auto info = head_object(*wire_, name_);
  if (info && *info && (*info)->write_id == write_id_) {
    return WriteOutcome(Written{std::move((*info)->version)});
  }
  return std::move(error).with_effect(Effect::kUnknown);
}

void Multipart::abort() const {
  Request request{.operation = "AbortMultipartUpload", .method = "DELETE", .key = name_};
  request.query = {{"uploadId", upload_}};
  const auto answer = wire_->send(request);
  const bool failed = !answer || (answer->refusal && !answer->is(Meaning::kNoUpload));
  if (failed && wire_->call().log) {
    wire_->call().log("an unfinished upload of " + wire_->name_of(name_) + " is left behind");
  }
}

}  // namespace ksv::s3
