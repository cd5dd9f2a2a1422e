// The corrected clock.
#include "net/aws/clock.h"

#include "ksv/env.h"

#include "net/aws/time_text.h"

namespace ksv::aws {
namespace {

// Services refuse signatures that are off by 5 minutes (S3: 15). An answer that was long on its
// way must not look like a wrong clock.
constexpr std::int64_t kToleranceMs = 2 * 60 * 1000;

}  // namespace

std::int64_t Clock::now_ms(Env& env) const {
  return env.wall_ms() + offset_ms_.load(std::memory_order_relaxed);
}

bool Clock::learn(const HttpAnswer& answer, Env& env) {
  const std::string* date = find_header(answer.headers, "date");
  if (date == nullptr) return false;
  const auto theirs = parse_http_date(*date);
  if (!theirs) return false;
  const std::int64_t difference = *theirs - now_ms(env);
  if (difference > -kToleranceMs && difference < kToleranceMs) return false;
  offset_ms_.store(*theirs - env.wall_ms(), std::memory_order_relaxed);
  return true;
}

}  // namespace ksv::aws
