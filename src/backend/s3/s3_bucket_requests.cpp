// HeadBucket, CreateBucket, DeleteBucket.
#include "backend/s3/s3_bucket_requests.h"

#include "backend/s3/s3_buckets.h"
#include "backend/s3/s3_place.h"
#include "base/xml.h"

namespace ksv::s3 {
namespace {

constexpr std::chrono::milliseconds kSettlePause{100};
constexpr int kSettleLooks = 20;

// us-east-1 is the one region that must not be named; look-alikes know regions of their own or
// none.
std::string location_body(const Wire& wire) {
  const std::string region = wire.region();
  if (!wire.endpoint().is_aws() || region == "us-east-1" || region == "aws-global") return {};
  return "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
         "<LocationConstraint>" +
         xml_escape(region) + "</LocationConstraint></CreateBucketConfiguration>";
}

}  // namespace

Result<bool> bucket_exists(Wire& wire) {
  const Request request{.operation = "HeadBucket", .method = "HEAD"};
  const Answer answer = KSV_TRY(wire.send(request));
  if (!answer.refusal || answer.refusal->status == 403) return true;
  if (answer.is(Meaning::kNoKey) || answer.is(Meaning::kNoBucket)) return false;
  return wire.refused(request, answer);
}

Status create_bucket(Wire& wire) {
  const std::string body = location_body(wire);
  Request request{.operation = "CreateBucket", .method = "PUT"};
  request.body = bytes_of(body);
  request.repeat = net::Repeat::kConditional;
  const Answer answer = KSV_TRY(wire.send(request));
  if (answer.is(Meaning::kBucketExists)) {
    return wire.refused(request, answer)
        .with_hint("The name is taken by another account; choose another bucket.");
  }
  if (answer.refusal && !answer.is(Meaning::kBucketOurs)) return wire.refused(request, answer);
  for (int look = 1; look < kSettleLooks; ++look) {
    if (KSV_TRY(bucket_exists(wire))) return ok();
    wire.env().sleep(kSettlePause);
  }
  return ok();
}

Result<DeleteOutcome> delete_bucket(const StoreAddress& address, Env& env, Call& call) {
  Access access = KSV_TRY(find_access(address, env));
  Wire wire(std::move(access.settings), std::move(access.endpoint), env, call);
  Request request{.operation = "DeleteBucket", .method = "DELETE"};
  // It must be empty, so a second one does no more than the first.
  request.repeat = net::Repeat::kConditional;
  const Answer answer = KSV_TRY(wire.send(request));
  const bool is_gone = answer.is(Meaning::kNoBucket) || answer.is(Meaning::kNoKey);
  if (is_gone) return answer.doubtful ? DeleteOutcome::kDeleted : DeleteOutcome::kWasAbsent;
  if (answer.is(Meaning::kNotEmpty)) {
    return wire.refused(request, answer)
        .with_hint(
            "Delete its stores first (list-stores, delete-store), and what else is in it, old "
            "versions of objects included.");
  }
  if (answer.refusal) return wire.refused(request, answer);
  return DeleteOutcome::kDeleted;
}

}  // namespace ksv::s3
