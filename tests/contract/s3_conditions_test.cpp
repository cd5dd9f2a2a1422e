// What the probe makes of a real service whose bucket keeps versions.
#include "backend/s3/s3_bucket_requests.h"
#include "backend/s3/s3_place.h"
#include "contract/fixtures.h"

namespace ksv::testing {

namespace {

// Ceph 16 ignores If-None-Match in such buckets and refuses every If-Match; services that do
// neither pass the probe. Either way nothing may be overwritten.
Status keep_versions(const StoreAddress& address, Env& env, Call& call) {
  s3::Access access = KSV_TRY(s3::find_access(address, env));
  s3::Wire wire(std::move(access.settings), std::move(access.endpoint), env, call);
  KSV_CHECK(s3::create_bucket(wire));
  s3::Request request{.operation = "PutBucketVersioning", .method = "PUT"};
  request.query = {{"versioning", ""}};
  const std::string body =
      "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<Status>Enabled</Status></VersioningConfiguration>";
  request.body = bytes_of(body);
  const s3::Answer answer = KSV_TRY(wire.send(request));
  if (answer.refusal) return wire.refused(request, answer);
  return ok();
}

}  // namespace

TEST_CASE("in a bucket that keeps versions, conditions hold or the store is refused") {
  S3Fixture fixture;
  StoreAddress address = fixture.s3_address();
  address.location = "ksv-versioned-" + address.id.substr(0, 8);
  REQUIRE_OK(keep_versions(address, fixture.env(), fixture.call()));
  auto place = open_place(address, fixture.env(), fixture.call());
  REQUIRE_OK(place);
  auto created = (*place)->create();
  if (!created) {
    CHECK(created.error().code() == ErrorCode::kUnsafe);
    address.options["allow-unsafe"] = "true";
    place = open_place(address, fixture.env(), fixture.call());
    REQUIRE_OK((*place)->create());
  }
  Backend& backend = (*place)->backend();
  CHECK(try_write(backend, fixture.key(), "one", Absent{}) == "written");
  CHECK(try_write(backend, fixture.key(), "two", Absent{}) == "conflict");
  CHECK(try_write(backend, fixture.key(), "two", Match{{"0123"}}) == "conflict");
  CHECK(text_at(backend, fixture.key()) == "one");
  REQUIRE_OK((*place)->remove({}));
}

}  // namespace ksv::testing
