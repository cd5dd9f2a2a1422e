// How long to wait before a request is repeated.
#pragma once

#include <chrono>
#include <cstdint>

#include "ksv/env.h"
#include "ksv/http.h"

namespace ksv::net {

// AWS SDKs and Tools Reference Guide, "Retry behavior".
inline constexpr std::chrono::milliseconds kTransientPause{50};
inline constexpr std::chrono::milliseconds kThrottledPause{1000};
inline constexpr std::chrono::milliseconds kPauseMax{20'000};

// Full jitter: evenly between nothing and `base`, doubled with each failure after the first, at
// most kPauseMax.
std::chrono::milliseconds jittered_pause(Env& env, std::chrono::milliseconds base,
                                         std::uint32_t failures);

// The pause that the service asks for, where it does, but no less than `jittered`. Retry-After
// (RFC 9110, 10.2.3) is taken as it is, x-amz-retry-after up to five seconds more than `jittered`.
std::chrono::milliseconds asked_pause(Env& env, const HttpHeaders& headers,
                                      std::chrono::milliseconds jittered);

// Waits; ends early when the program was asked to end.
void wait(Env& env, std::chrono::milliseconds pause);

}  // namespace ksv::net
