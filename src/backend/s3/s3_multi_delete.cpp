// DeleteObjects.
#include "backend/s3/s3_multi_delete.h"

#include "backend/s3/s3_objects.h"
#include "base/crypto.h"
#include "base/hex.h"
#include "base/parallel.h"
#include "base/xml.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kSinglesInFlight = 16;

Result<std::vector<DeleteFailure>> delete_singly(Wire& wire,
                                                 const std::vector<std::string>& names) {
  const auto remove_one = [&](std::size_t i) -> Status {
    KSV_CHECK(delete_object(wire, names[i], {}));
    return ok();
  };
  KSV_CHECK(for_each_parallel(names.size(), kSinglesInFlight, remove_one));
  return std::vector<DeleteFailure>();
}

}  // namespace

Result<std::vector<DeleteFailure>> delete_objects(Wire& wire,
                                                  const std::vector<std::string>& names) {
  // Quiet: the answer names the failures only.
  std::string body =
      "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>";
  for (const std::string& name : names) {
    body.append("<Object><Key>" + xml_escape(name) + "</Key></Object>");
  }
  body.append("</Delete>");
  Request request{.operation = "DeleteObjects", .method = "POST"};
  request.query = {{"delete", ""}};
  // AWS and Swift insist on a checksum of the body; all take this one.
  request.headers = {{"content-md5", to_base64(md5(bytes_of(body)))},
                     {"content-type", "application/xml"}};
  request.body = bytes_of(body);
  // Of a store that is being deleted, a second deletion takes no more than the first.
  request.repeat = net::Repeat::kConditional;
  request.body_decides = true;
  const Answer answer = KSV_TRY(wire.send(request));
  if (answer.is(Meaning::kNotSupported)) return delete_singly(wire, names);
  if (answer.is(Meaning::kNoBucket)) return std::vector<DeleteFailure>();
  if (answer.refusal) return wire.refused(request, answer);
  const auto root = parse_xml(answer.body);
  if (!root) return Error(root.error()).with_context("DeleteObjects " + wire.name_of(""));
  std::vector<DeleteFailure> failures;
  for (const XmlNode* error : root->children("Error")) {
    const std::string code(error->text_of("Code"));
    if (code == "NoSuchKey") continue;
    failures.push_back(
        {std::string(error->text_of("Key")), code + ": " + std::string(error->text_of("Message"))});
  }
  return failures;
}

}  // namespace ksv::s3
