// Removing single keys. S3's DELETE does not say whether there was anything.
#include "backend/s3/s3_backend.h"
#include "backend/s3/s3_names.h"

namespace ksv::s3 {
namespace {

// Looks that lose to other writers before the key is removed whatever its version.
constexpr int kLooksMax = 8;

}  // namespace

Result<RemoveOutcome> S3Backend::remove(const std::string& key, const Precondition& precondition) {
  KSV_CHECK(check_key(key));
  if (std::holds_alternative<Absent>(precondition)) {
    return Error(ErrorCode::kUsage, "a key that must be absent cannot be removed");
  }
  const Match* match = std::get_if<Match>(&precondition);
  if (match == nullptr) return remove_any(prefix_ + key);
  return remove_version(prefix_ + key, match->version);
}

// Where the service knows conditional removals, each of several removers learns whether it was the
// one.
Result<RemoveOutcome> S3Backend::remove_any(const std::string& name) {
  for (int look = 1;; ++look) {
    const auto info = KSV_TRY(head_object(wire_, name));
    KSV_CHECK(note_read(info.has_value()));
    if (!info) return RemoveOutcome::kWasAbsent;
    Condition condition;
    if (look < kLooksMax) {
      condition = conditions_.remove_condition(info->version).value_or(Condition{});
    }
    const DeleteAnswer answer = KSV_TRY(delete_object(wire_, name, condition));
    if (answer == DeleteAnswer::kGone) return RemoveOutcome::kRemoved;
    if (answer == DeleteAnswer::kWasAbsent) return RemoveOutcome::kWasAbsent;
  }
}

Result<RemoveOutcome> S3Backend::remove_version(const std::string& name, const Version& version) {
  const auto info = KSV_TRY(head_object(wire_, name));
  KSV_CHECK(note_read(info.has_value()));
  if (!info) return RemoveOutcome::kWasAbsent;
  if (!(info->version == version)) return RemoveOutcome::kConflict;
  // Having looked is all that can be done where the service does not look itself.
  const Conditions::Plan plan = KSV_TRY(conditions_.plan_remove(Match{version}));
  const DeleteAnswer answer = KSV_TRY(delete_object(wire_, name, plan.condition));
  if (answer == DeleteAnswer::kGone) return RemoveOutcome::kRemoved;
  if (answer == DeleteAnswer::kWasAbsent) return RemoveOutcome::kWasAbsent;
  const auto after = KSV_TRY(head_object(wire_, name));
  return after ? RemoveOutcome::kConflict : RemoveOutcome::kWasAbsent;
}

}  // namespace ksv::s3
