// Whether a service's refusal of a write is believed.
#pragma once

#include "ksv/error.h"

namespace ksv {

// Whether a refusal is to be believed although the state cannot be read back: the service refuses
// that for the same reason, such as credentials.
inline bool is_same_refusal(const Error& refusal, const Error& reading) {
  return refusal.code() == reading.code() && refusal.code() != ErrorCode::kUnavailable;
}

}  // namespace ksv
