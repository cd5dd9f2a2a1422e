// The system's clocks, randomness and environment, and what needs nothing but an Env.
#include "base/real_env.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <sys/random.h>

#include "base/signals.h"

namespace ksv {

namespace {

std::int64_t clock_ms(clockid_t clock) {
  timespec now{};
  KSV_ASSERT(clock_gettime(clock, &now) == 0);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

std::int64_t RealEnv::wall_ms() { return clock_ms(CLOCK_REALTIME); }

std::chrono::milliseconds RealEnv::monotonic() {
  return std::chrono::milliseconds(clock_ms(CLOCK_MONOTONIC));
}

void RealEnv::sleep(std::chrono::microseconds duration) {
  if (duration.count() <= 0) return;
  timespec wait{};
  wait.tv_sec = static_cast<time_t>(duration.count() / 1'000'000);
  wait.tv_nsec = static_cast<long>(duration.count() % 1'000'000 * 1000);
  nanosleep(&wait, nullptr);  // a signal ends it early, so that its receiver can act
}

void RealEnv::random(std::span<std::uint8_t> fill) {
  while (!fill.empty()) {
    const ssize_t got = getrandom(fill.data(), fill.size(), 0);
    KSV_ASSERT(got > 0 || errno == EINTR);  // no key, salt or name is ever made without randomness
    if (got > 0) fill = fill.subspan(static_cast<std::size_t>(got));
  }
}

int RealEnv::signalled() { return noted_signal(); }

void RealEnv::hold_signals(bool hold) { hold ? note_signals() : stop_noting_signals(); }

Http& RealEnv::http() {
  std::call_once(http_made_, [this] {
    KSV_ASSERT(make_http_ != nullptr);
    http_ = make_http_(*this);
  });
  return *http_;
}

std::optional<std::string> RealEnv::variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Uuid random_uuid(Env& env) {
  Uuid uuid{};
  env.random(uuid);
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x40);  // version 4
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);  // the variant of RFC 4122
  return uuid;
}

namespace {
// Longer than any command runs, and far from an overflow of the sum with the clock.
constexpr std::chrono::milliseconds kFarAway = std::chrono::hours(24 * 365 * 100);
}  // namespace

Deadline::Deadline(Env& env, std::chrono::milliseconds from_now)
    : env_(&env), at_(env.monotonic() + std::min(from_now, kFarAway)) {}

std::chrono::milliseconds Deadline::left() const {
  return std::max(at_ - env_->monotonic(), std::chrono::milliseconds(0));
}

}  // namespace ksv
