// Everything that is not a pure function: clock, sleep, randomness, variables, files, HTTP. Tests,
// faults and simulations replace an Env and nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ksv/bytes.h"
#include "ksv/files.h"

namespace ksv {

class Http;  // ksv/http.h

class Env {
 public:
  virtual ~Env() = default;

  virtual std::int64_t wall_ms() = 0;                 // Unix time in milliseconds; may jump
  virtual std::chrono::milliseconds monotonic() = 0;  // never goes back; its origin means nothing
  virtual void sleep(std::chrono::microseconds duration) = 0;  // a signal may end it early
  virtual void random(std::span<std::uint8_t> fill) = 0;       // fit for keys and salts
  virtual std::optional<std::string> variable(std::string_view name) = 0;  // environment variable
  virtual Files& files() = 0;
  virtual Http& http() = 0;  // what uses the network loads its library at the first call
  // Whether a signal asked the program to end. Waits and exchanges end early then.
  virtual bool cancelled() = 0;
};

// A random uuid, version 4.
Uuid random_uuid(Env& env);

// An instant on the monotonic clock by which a command must have ended. One deadline bounds a whole
// command, waits and retries included.
class Deadline {
 public:
  Deadline(Env& env, std::chrono::milliseconds from_now);
  bool passed() const { return left().count() <= 0; }
  std::chrono::milliseconds left() const;  // zero when passed

 private:
  Env* env_;
  std::chrono::milliseconds at_;
};

}  // namespace ksv
