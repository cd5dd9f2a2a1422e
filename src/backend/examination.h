// The course of one examination (ksv/checkup.h): reports findings, remembers what its verdict is.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "ksv/checkup.h"

namespace ksv {

// Signals are held while it lives, so that what was made is removed before the program ends; the
// steps ask may_go_on(). They work under steps(), whose deadline leaves time for the removal, for
// which there is the caller's own.
class Examination {
 public:
  Examination(Env& env, Call& call, const Report& report);
  ~Examination();
  Examination(const Examination&) = delete;
  Examination& operator=(const Examination&) = delete;

  Call& steps() { return steps_; }

  void good(std::string check, std::string text, double milliseconds = 0);
  void warn(std::string check, std::string text, std::string advice);
  void skip(std::string check, std::string text);
  // The error's message is the text, its hint the advice.
  void bad(std::string check, const Error& error);
  // Two writers are not kept apart.
  void unsafe(std::string check, std::string text, std::string advice);

  // False once a signal came or the time is over; says so the first time.
  bool may_go_on();
  bool is_unsafe() const { return unsafe_.has_value(); }
  Status verdict() const;

 private:
  void tell(Finding finding) const { report_(finding); }

  Env& env_;
  Call& call_;
  const Report& report_;
  SignalHold hold_;
  Call steps_;
  std::optional<Error> first_{};
  std::optional<Error> unsafe_{};
};

// Milliseconds from its making on.
class Stopwatch {
 public:
  explicit Stopwatch(Env& env) : env_(env), begin_(env.monotonic()) {}
  double milliseconds() const { return static_cast<double>((env_.monotonic() - begin_).count()); }

 private:
  Env& env_;
  std::chrono::milliseconds begin_;
};

}  // namespace ksv
