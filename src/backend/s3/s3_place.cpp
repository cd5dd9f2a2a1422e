// Creating and deleting the stores of a bucket.
#include "backend/s3/s3_place.h"

#include "backend/s3/s3_bucket_requests.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_sweep.h"
#include "base/hex.h"
#include "base/refused_write.h"
#include "net/aws/settings.h"
#include "net/backoff.h"

namespace ksv::s3 {
namespace {

// A marker that is created and deleted by others all the time.
constexpr std::uint32_t kMarkerRounds = 4;

Error unknown_marker(const std::string& why, const std::string& write_id) {
  return Error(ErrorCode::kUnavailable, "it is unknown whether the store was created: " + why,
               Effect::kUnknown)
      .with_hint("store-exists tells whether it is there; to create it again harms nothing")
      .with_detail("write-id", write_id);
}

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
// it, since konserve's own would be the same bytes. After a lost answer a marker without a name may
// be ours, written anew by konserve, which looks for none.
Result<CreateOutcome> S3Place::write_marker() {
  const std::string name = marker_name(store_id_);
  const std::string write_id = uuid_text(random_uuid(wire_.env()));
  bool is_doubtful = false;
  std::string why = "an attempt got no usable answer";
  for (std::uint32_t round = 1; round <= kMarkerRounds; ++round) {
    auto plan = backend_.conditions().plan(Absent{});
    const auto present = plan && !plan->look_first ? Result<bool>(false) : presence_.ask();
    const bool is_there = present && *present;
    // What an attempt before left in doubt may be what is there now.
    if (is_there && !is_doubtful) return CreateOutcome::kExisted;
    if (!plan) return std::move(plan).error();
    KSV_CHECK(present);
    const auto outcome = is_there ? Result<WriteOutcome>(Conflict{})
                                  : put_object(wire_, {.name = name,
                                                       .body = bytes_of(kMarkerBody),
                                                       .condition = plan->condition,
                                                       .write_id = write_id});
    const Conflict* conflict = outcome ? std::get_if<Conflict>(&*outcome) : nullptr;
    if (outcome && conflict == nullptr) return CreateOutcome::kCreated;
    const bool is_refused = !outcome && outcome.error().effect() == Effect::kNone && !is_doubtful;
    if (is_refused && !outcome.error().is_refused_write()) return outcome.error();
    if (!outcome && !is_refused) why = outcome.error().message();
    is_doubtful |= conflict != nullptr ? conflict->doubtful : !is_refused;
    const auto info = head_object(wire_, name);
    if (info && *info && (*info)->write_id == write_id) return CreateOutcome::kCreated;
    if (is_refused && (info || is_same_refusal(outcome.error(), info.error()))) {
      return outcome.error();
    }
    if (!info) return unknown_marker(why + "; " + info.error().message(), write_id);
    if (*info && is_doubtful && (*info)->write_id.empty()) return unknown_marker(why, write_id);
    if (*info) return CreateOutcome::kExisted;
    net::wait(wire_.env(), net::jittered_pause(wire_.env(), net::kTransientPause, round));
  }
  if (is_doubtful) return unknown_marker(why, write_id);
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
  const auto removed = delete_object(wire_, marker_name(store_id_), {});
  if (removed && *removed == DeleteAnswer::kGone) return DeleteOutcome::kDeleted;
  // After a lost answer, or a refusal that something on the way made up, the marker itself tells.
  const auto info = head_object(wire_, marker_name(store_id_));
  if (info && !*info) return DeleteOutcome::kDeleted;
  const Error error = removed ? Error(ErrorCode::kUnavailable,
                                      "an answer says that the store's marker is not there")
                              : removed.error();
  if (info || error.effect() == Effect::kUnknown || is_same_refusal(error, info.error())) {
    return error;
  }
  return Error(ErrorCode::kUnavailable,
               "it is unknown whether the store was deleted: " + error.message() + "; " +
                   info.error().message(),
               Effect::kUnknown)
      .with_hint("store-exists tells; to delete it again harms nothing");
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
