// Creating and deleting the stores of a bucket.
#include "backend/s3/s3_place.h"

#include "backend/s3/s3_bucket_requests.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_sweep.h"
#include "base/hex.h"
#include "base/refused_write.h"
#include "net/aws/settings.h"

namespace ksv::s3 {
namespace {

// A marker that is created and deleted by others all the time.
constexpr int kMarkerRounds = 3;

}  // namespace

Result<Access> find_access(const StoreAddress& address, Env& env) {
  Settings settings = KSV_TRY(read_settings(address));
  if (settings.http.ca_bundle.empty()) {
    settings.http.ca_bundle = KSV_TRY(aws::find_ca_bundle(settings.credentials.profile, env));
  }
  Endpoint endpoint = KSV_TRY(Endpoint::find(settings, env));
  settings.credentials.region = endpoint.region();
  return Access{std::move(settings), std::move(endpoint)};
}

S3Place::S3Place(Settings settings, Endpoint endpoint, Env& env, Call& call)
    : wire_(std::move(settings), std::move(endpoint), env, call),
      store_id_(wire_.settings().store_id),
      presence_(wire_, store_id_),
      backend_(wire_, presence_, store_id_) {}

Status S3Place::ensure_bucket() {
  const std::optional<bool> wanted = wire_.settings().create_bucket;
  if (wanted && !*wanted) return ok();
  if (KSV_TRY(bucket_exists(wire_))) return ok();
  return create_bucket(wire_);
}

// A refusal may be that of our own success, delivered twice: the marker names the write that made
// it.
Result<CreateOutcome> S3Place::write_marker() {
  const std::string name = marker_name(store_id_);
  const std::string write_id = uuid_text(random_uuid(wire_.env()));
  for (int round = 1; round <= kMarkerRounds; ++round) {
    auto plan = backend_.conditions().plan(Absent{});
    const auto present = plan && !plan->look_first ? Result<bool>(false) : presence_.ask();
    if (present && *present) return CreateOutcome::kExisted;
    if (!plan) return std::move(plan).error();
    KSV_CHECK(present);
    const auto outcome = put_object(wire_, {.name = name,
                                            .body = bytes_of(kMarkerBody),
                                            .condition = plan->condition,
                                            .write_id = write_id});
    if (outcome && std::holds_alternative<Written>(*outcome)) return CreateOutcome::kCreated;
    const bool is_doubtful = !outcome && outcome.error().effect() == Effect::kUnknown;
    if (!outcome && !is_doubtful && !outcome.error().is_refused_write()) return outcome.error();
    const auto info = head_object(wire_, name);
    if (info && *info && (*info)->write_id == write_id) return CreateOutcome::kCreated;
    if (!outcome && (info || is_same_refusal(outcome.error(), info.error()))) {
      return outcome.error();
    }
    if (!info) return Error(info.error()).with_effect(Effect::kUnknown);
    if (*info) return CreateOutcome::kExisted;
  }
  return Error(ErrorCode::kContention, "the store was made and removed by others meanwhile");
}

Result<CreateOutcome> S3Place::create() {
  KSV_CHECK(ensure_bucket());
  const CreateOutcome outcome = KSV_TRY(write_marker());
  presence_.created();
  return outcome;
}

Result<DeleteOutcome> S3Place::remove(const std::function<void(std::uint64_t)>& progress) {
  const bool was_there = KSV_TRY(presence_.ask());
  // From here on, no write of ours takes the store for existing.
  presence_.removed();
  const std::uint64_t keys = KSV_TRY(sweep(wire_, store_prefix(store_id_), progress));
  if (!was_there) return keys > 0 ? DeleteOutcome::kDeleted : DeleteOutcome::kWasAbsent;
  KSV_CHECK(delete_object(wire_, marker_name(store_id_), {}));
  return DeleteOutcome::kDeleted;
}

Result<std::unique_ptr<StorePlace>> open_s3_place(const StoreAddress& address, Env& env,
                                                  Call& call) {
  Access access = KSV_TRY(find_access(address, env));
  if (access.settings.store_id.empty()) {
    return Error(ErrorCode::kUsage, "the address names a bucket, but no store in it")
        .with_hint("Write s3://BUCKET/STORE-UUID; list-stores shows the stores of a bucket.");
  }
  return std::unique_ptr<StorePlace>(
      std::make_unique<S3Place>(std::move(access.settings), std::move(access.endpoint), env, call));
}

}  // namespace ksv::s3
