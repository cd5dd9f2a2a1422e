// Findings and the verdict.
#include "backend/examination.h"

#include <algorithm>

namespace ksv {
namespace {

using State = Finding::State;

constexpr std::chrono::milliseconds kRemovalTime{5'000};

std::chrono::milliseconds time_for_steps(const Call& call) {
  const auto left = call.deadline.left();
  return left - std::min(left / 4, kRemovalTime);
}

std::string sentence(std::string hint) {
  if (!hint.empty() && std::string_view(".?!").find(hint.back()) == std::string_view::npos) {
    hint += '.';
  }
  return hint;
}

}  // namespace

Examination::Examination(Env& env, Call& call, const Report& report)
    : env_(env),
      call_(call),
      report_(report),
      hold_(env),
      steps_{.deadline = Deadline(env, time_for_steps(call)), .log = call.log} {}

Examination::~Examination() {
  call_.stats.requests += steps_.stats.requests;
  call_.stats.writes += steps_.stats.writes;
  call_.stats.retries += steps_.stats.retries;
  call_.stats.conflicts += steps_.stats.conflicts;
  call_.stats.bytes_read += steps_.stats.bytes_read;
  call_.stats.bytes_written += steps_.stats.bytes_written;
}

void Examination::good(std::string check, std::string text, double milliseconds) {
  tell({std::move(check), State::kGood, std::move(text), {}, milliseconds});
}

void Examination::warn(std::string check, std::string text, std::string advice) {
  tell({std::move(check), State::kWarning, std::move(text), sentence(std::move(advice))});
}

void Examination::skip(std::string check, std::string text) {
  tell({std::move(check), State::kSkipped, std::move(text)});
}

void Examination::bad(std::string check, const Error& error) {
  // What an examination writes is its own, and is removed.
  if (!first_) first_ = Error(error.code(), error.message()).with_hint(error.hint());
  tell({std::move(check), State::kBad, error.message(), sentence(error.hint())});
}

void Examination::unsafe(std::string check, std::string text, std::string advice) {
  if (!unsafe_) unsafe_ = Error(ErrorCode::kUnsafe, text).with_hint(advice);
  tell({std::move(check), State::kBad, std::move(text), sentence(std::move(advice))});
}

bool Examination::may_go_on() {
  const bool interrupted = env_.signalled() != 0;
  if (!interrupted && !steps_.deadline.passed()) return true;
  if (first_ &&
      (first_->code() == ErrorCode::kCancelled || first_->code() == ErrorCode::kDeadline)) {
    return false;
  }
  if (interrupted) {
    bad("time", Error(ErrorCode::kCancelled, "interrupted: the rest was not examined"));
  } else {
    bad("time", Error(ErrorCode::kDeadline, "the time allowed ran out: the rest was not examined")
                    .with_hint("Allow more with --timeout."));
  }
  return false;
}

Status Examination::verdict() const {
  if (unsafe_) return *unsafe_;
  if (first_) return *first_;
  return ok();
}

}  // namespace ksv
