// Everything that is not a pure function: clock, sleep, randomness, variables, files, HTTP. Tests,
// faults and simulations replace an Env and nothing else.
#pragma once

#include <atomic>
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

  // Whether a signal asked the program to end, and nothing is being brought to its end first
  // (SignalHold). Waits and exchanges end early then.
  bool cancelled() { return holders_ == 0 && signalled() != 0; }
  // The signal that came while signals were held, or 0.
  virtual int signalled() = 0;

 protected:
  // From the first holder to the last, signals that would end the program are noted instead.
  virtual void hold_signals(bool hold) = 0;

 private:
  friend class SignalHold;
  std::atomic<int> holders_{0};
};

// While one lives, an interrupt does not end the program: what was begun is brought to its end, and
// its outcome told; then the program ends by that signal. A second signal ends it at once.
class SignalHold {
 public:
  explicit SignalHold(Env& env) : env_(env) {
    if (env_.holders_.fetch_add(1) == 0) env_.hold_signals(true);
  }
  ~SignalHold() {
    if (env_.holders_.fetch_sub(1) == 1) env_.hold_signals(false);
  }
  SignalHold(const SignalHold&) = delete;
  SignalHold& operator=(const SignalHold&) = delete;

 private:
  Env& env_;
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
