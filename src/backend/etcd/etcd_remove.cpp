// Removing single keys, and finding out what became of it.
#include "backend/etcd/etcd_backend.h"
#include "backend/etcd/etcd_sidecar.h"
#include "base/hex.h"
#include "base/refused_write.h"

namespace ksv::etcd {
namespace {

// Looks that lose to other writers; each was a write of theirs.
constexpr int kLooksMax = 100;
// Sends of a removal whose answers are lost.
constexpr int kSendsMax = 4;

Error unknown_removal(const std::string& why) {
  return Error(ErrorCode::kUnavailable, "it is unknown whether the removal took effect: " + why,
               Effect::kUnknown)
      .with_hint("Look with ksv get --meta");
}

}  // namespace

Result<RemoveOutcome> EtcdBackend::remove(const std::string& key,
                                          const Precondition& precondition) {
  const std::string path = KSV_TRY(paths_.path_of(key));
  if (std::holds_alternative<Absent>(precondition)) {
    return Error(ErrorCode::kUsage, "a key that must be absent cannot be removed");
  }
  const auto* match = std::get_if<Match>(&precondition);
  if (match == nullptr) return remove_any(path);
  const auto index = find_index(match->version);
  if (!index) {
    const auto present = KSV_TRY(find_leaf(path, false));
    return present ? RemoveOutcome::kConflict : RemoveOutcome::kWasAbsent;
  }
  switch (KSV_TRY(remove_version(path, *index))) {
    case Removal::kOurs: return RemoveOutcome::kRemoved;
    case Removal::kOther: return RemoveOutcome::kConflict;
    case Removal::kAbsent: return RemoveOutcome::kWasAbsent;
    case Removal::kGone: break;
  }
  return unknown_removal("the answer was lost, and the key is gone")
      .with_hint("It is not known whether this command or another one removed it");
}

// Of the version that is there, so that a copy which comes late removes nothing that was written
// after.
Result<RemoveOutcome> EtcdBackend::remove_any(const std::string& path) {
  for (int look = 1; look <= kLooksMax; ++look) {
    const auto present = KSV_TRY(find_leaf(path, false));
    if (!present) return RemoveOutcome::kWasAbsent;
    const Removal removal = KSV_TRY(remove_version(path, present->modified));
    if (removal == Removal::kOurs || removal == Removal::kGone) return RemoveOutcome::kRemoved;
  }
  return Error(ErrorCode::kContention, "others kept writing the key")
      .with_hint("It was not removed.");
}

Result<EtcdBackend::Removal> EtcdBackend::remove_version(const std::string& path,
                                                         std::int64_t version) {
  const SignalHold hold(env_);
  const std::string id = uuid_text(random_uuid(env_));
  RemoveOptions options;
  options.condition.modified = version;
  if (uses_sidecar()) {
    options.companion = Companion{paths_.sidecar_of(path), sidecar_mark({id, version})};
  }
  bool doubtful = false;
  std::string why = "it was refused";
  for (int send = 1; send <= kSendsMax; ++send) {
    std::optional<Error> refusal;
    const auto reply = client_.remove(path, options);
    if (reply.has_value()) {
      note(reply->reply.meta);
      if (reply->applied) return Removal::kOurs;
      const bool is_there = reply->reply.node.has_value();
      if (!doubtful && !uses_sidecar()) return is_there ? Removal::kOther : Removal::kAbsent;
    } else {
      const Error& error = reply.error();
      const bool is_sure = error.effect() == Effect::kNone && !doubtful;
      if (is_sure && !error.is_refused_write()) return error;
      // Made up on the way, perhaps, after the removal was done.
      if (is_sure) refusal = error;
      doubtful = doubtful || !is_sure;
      why = error.message();
    }
    auto settled = settle_removal(path, version, id);
    if (!settled.has_value()) {
      if (refusal && is_same_refusal(*refusal, settled.error())) return *refusal;
      return unknown_removal(why + "; " + settled.error().message());
    }
    if (*settled) return **settled;
    if (refusal) return *refusal;
  }
  return unknown_removal(why);
}

// Nothing: the version is still there, and its removal may be sent again.
Result<std::optional<EtcdBackend::Removal>> EtcdBackend::settle_removal(const std::string& path,
                                                                        std::int64_t version,
                                                                        const std::string& id) {
  const auto present = KSV_TRY(find_leaf(path, false));
  if (present && present->modified == version) return std::optional<Removal>();
  const Removal other = present ? Removal::kOther : Removal::kAbsent;
  const std::string looked_at = uses_sidecar() ? paths_.sidecar_of(path) : path;
  const auto event = KSV_TRY(client_.first_event(looked_at, version + 1));
  if (uses_sidecar()) {
    const bool is_ours = event && read_sidecar_mark(event->node.value).id == id;
    return std::optional(is_ours ? Removal::kOurs : other);
  }
  if (!event) return Error(ErrorCode::kState, "the history of the key does not show it");
  return std::optional(event->action == "put" ? other : Removal::kGone);
}

}  // namespace ksv::etcd
