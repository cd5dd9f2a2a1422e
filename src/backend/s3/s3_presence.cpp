// The marker of a store, and the memory of having seen it.
#include "backend/s3/s3_presence.h"

#include "backend/s3/s3_names.h"

namespace ksv::s3 {
namespace {

// How long a store that was seen is taken for existing by a plain write.
constexpr std::int64_t kSeenForMs = 60LL * 60 * 1000;

}  // namespace

Presence::Presence(Wire& wire, const std::string& store_id)
    : wire_(wire),
      store_id_(store_id),
      cache_(wire.env(), "s3-stores", wire.endpoint().identity() + "/" + store_id) {}

Result<bool> Presence::ask() {
  const auto marker = KSV_TRY(head_object(wire_, marker_name(store_id_)));
  if (marker) {
    created();
  } else {
    removed();
  }
  return marker.has_value();
}

Status Presence::require_for_read() {
  if (known_) return ok();
  if (!KSV_TRY(ask())) return no_store();
  return ok();
}

Status Presence::require_for_write() {
  if (!known_ && cache_.read(kSeenForMs)) known_ = true;
  return require_for_read();
}

void Presence::created() {
  known_ = true;
  if (!cache_.read(kSeenForMs / 2)) cache_.write({});
}

void Presence::removed() {
  known_ = false;
  cache_.forget();
}

Error Presence::no_store() const {
  return Error(ErrorCode::kState, "no store at " + wire_.name_of(store_id_))
      .with_hint("Create it with create-store.");
}

}  // namespace ksv::s3
