// Removing single keys, and finding out what became of it: a removal leaves nothing that names it.
#include "backend/s3/s3_backend.h"
#include "backend/s3/s3_names.h"
#include "base/refused_write.h"

namespace ksv::s3 {
namespace {

// Looks that lose to other writers before the key is removed whatever its version.
constexpr int kLooksMax = 8;
// Sends of a removal whose answers are lost.
constexpr int kSendsMax = 4;

Error unknown_removal(const std::string& state, const std::string& why, const std::string& hint) {
  return Error(ErrorCode::kUnavailable,
               "it is unknown whether the removal took effect: " + why + "; " + state,
               Effect::kUnknown)
      .with_hint(hint);
}

Error gone(const std::string& why) {
  return unknown_removal("the key is gone", why,
                         "It is not known whether this command or another one removed it");
}

Error still_there(const std::string& why) {
  return unknown_removal("a value is there", why,
                         "Look with ksv get --meta: the removal may still arrive, or came before "
                         "this value");
}

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

// Sends one removal of the object's present version and reads back what is not sure. Nothing: it
// was refused, or not delivered so far, and the same version may be asked for once more.
Result<std::optional<S3Backend::Removal>> S3Backend::remove_once(const std::string& name,
                                                                 const Version& version,
                                                                 const Condition& condition) {
  const SignalHold hold(wire_.env());
  std::string why = "the answer was lost";
  // What one send left in doubt, the next does not clear up by not being done.
  bool doubtful = false;
  for (int send = 1;; ++send) {
    const auto answer = delete_object(wire_, name, condition);
    if (answer && *answer == DeleteAnswer::kGone) return std::optional(Removal::kDone);
    doubtful = doubtful || (!answer && answer.error().effect() == Effect::kUnknown);
    if (!answer && !doubtful && !answer.error().is_refused_write()) return answer.error();
    if (!answer) why = answer.error().message();
    const auto info = head_object(wire_, name);
    if (!info) {
      if (!answer && !doubtful && is_same_refusal(answer.error(), info.error())) {
        return answer.error();
      }
      return unknown_removal("the state could not be read back", why, "Look with ksv get --meta");
    }
    if (!*info) return std::optional(Removal::kGone);
    // A refusal with a reason; the object being there, it is true.
    if (!answer && !doubtful) return answer.error();
    if (!doubtful) return std::optional<Removal>();
    const bool can_send_again = condition.kind == Condition::Kind::kMatch;
    if (!((*info)->version == version) || !can_send_again || send == kSendsMax) {
      return still_there(why);
    }
  }
}

// Says whether the key was there, and that it is not now. Where the service knows conditional
// removals, a copy that comes late removes nothing that was written after.
Result<RemoveOutcome> S3Backend::remove_any(const std::string& name) {
  for (int look = 1;; ++look) {
    const auto info = KSV_TRY(head_object(wire_, name));
    KSV_CHECK(note_read(info.has_value()));
    if (!info) return RemoveOutcome::kWasAbsent;
    Condition condition;
    if (look < kLooksMax) {
      condition = conditions_.remove_condition(info->version).value_or(Condition{});
    }
    const auto removal = KSV_TRY(remove_once(name, info->version, condition));
    if (removal) return RemoveOutcome::kRemoved;
  }
}

// Says whether this removal, and none of others, removed that version.
Result<RemoveOutcome> S3Backend::remove_version(const std::string& name, const Version& version) {
  for (int look = 1;; ++look) {
    const auto info = KSV_TRY(head_object(wire_, name));
    KSV_CHECK(note_read(info.has_value()));
    if (!info) return RemoveOutcome::kWasAbsent;
    if (!(info->version == version) || look == kLooksMax) return RemoveOutcome::kConflict;
    // Having looked is all that can be done where the service does not look itself.
    const Conditions::Plan plan = KSV_TRY(conditions_.plan_remove(Match{version}));
    const auto removal = KSV_TRY(remove_once(name, version, plan.condition));
    if (removal && *removal == Removal::kDone) return RemoveOutcome::kRemoved;
    if (removal) return gone("it was there, and the removal was refused or its answer lost");
  }
}

}  // namespace ksv::s3
