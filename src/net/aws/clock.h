// The time that a service believes it is: signatures count only near it.
#pragma once

#include <atomic>
#include <cstdint>

#include "ksv/http.h"

namespace ksv {
class Env;
}

namespace ksv::aws {

// The local clock and what it is off by, learned from an answer. One object a store; may be used
// from several threads.
class Clock {
 public:
  std::int64_t now_ms(Env& env) const;

  // Takes the time of the answer's Date header for the right one. False when there is no such
  // header, or when it agrees with now_ms: the refusal has another cause then, and asking again
  // would bring the same answer.
  bool learn(const HttpAnswer& answer, Env& env);

 private:
  std::atomic<std::int64_t> offset_ms_{0};
};

}  // namespace ksv::aws
