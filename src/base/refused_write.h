// Telling a write that a service refused from one that never got there.
#pragma once

#include <algorithm>
#include <string>

#include "ksv/error.h"

namespace ksv {

// The name of the detail that holds what was asked of the service.
inline constexpr std::string_view kRefusedWrite = "request";

inline Error with_refused_write(Error error, std::string request) {
  return std::move(error).with_detail(std::string(kRefusedWrite), std::move(request));
}

// The service answered a write with a refusal. Its effect is none as far as that answer goes; but
// something on the way may have delivered the write twice, or made the answer up.
inline bool is_refused_write(const Error& error) {
  const auto& details = error.details();
  return std::any_of(details.begin(), details.end(),
                     [](const auto& detail) { return detail.first == kRefusedWrite; });
}

// Whether a refusal is to be believed although the state cannot be read back: the service refuses
// that for the same reason, such as credentials.
inline bool is_same_refusal(const Error& refusal, const Error& reading) {
  return refusal.code() == reading.code() && refusal.code() != ErrorCode::kUnavailable;
}

}  // namespace ksv
