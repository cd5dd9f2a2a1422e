// Pauses between attempts.
#include "net/backoff.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include "net/aws/time_text.h"

namespace ksv::net {
namespace {

using std::chrono::milliseconds;

// Longer than any command waits, and far from an overflow.
constexpr std::uint64_t kAskedMaxMs = 24ULL * 60 * 60 * 1000;

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return kAskedMaxMs;
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

milliseconds bounded(std::uint64_t ms) {
  return milliseconds(static_cast<std::int64_t>(std::min(ms, kAskedMaxMs)));
}

// Seconds, or a date.
std::optional<milliseconds> parse_retry_after(Env& env, const std::string& text) {
  if (const auto seconds = parse_number(text)) {
    return bounded(std::min(*seconds, kAskedMaxMs) * 1000);
  }
  const auto date = aws::parse_http_date(text);
  if (!date) return std::nullopt;
  const std::int64_t from_now = *date - env.wall_ms();
  return bounded(from_now > 0 ? static_cast<std::uint64_t>(from_now) : 0);
}

}  // namespace

milliseconds jittered_pause(Env& env, milliseconds base, std::uint32_t failures) {
  milliseconds most = base;
  for (std::uint32_t i = 1; i < failures && most < kPauseMax; ++i) most *= 2;
  most = std::min(most, kPauseMax);
  std::array<std::uint8_t, 8> dice{};
  env.random(dice);
  std::uint64_t number = 0;
  std::memcpy(&number, dice.data(), dice.size());
  return bounded(number % (static_cast<std::uint64_t>(most.count()) + 1));
}

milliseconds asked_pause(Env& env, const HttpHeaders& headers, milliseconds jittered) {
  constexpr milliseconds kAmazonExtraMax{5000};
  if (const std::string* text = find_header(headers, "x-amz-retry-after")) {
    const auto asked = parse_number(*text);
    if (asked) return std::clamp(bounded(*asked), jittered, jittered + kAmazonExtraMax);
  }
  if (const std::string* text = find_header(headers, "retry-after")) {
    const auto asked = parse_retry_after(env, *text);
    if (asked) return std::max(*asked, jittered);
  }
  return jittered;
}

void wait(Env& env, milliseconds pause) {
  // A signal wakes the thread that it is delivered to, which may be another one.
  constexpr milliseconds kLookAgain{100};
  const milliseconds until = env.monotonic() + pause;
  while (!env.cancelled()) {
    const milliseconds left = until - env.monotonic();
    if (left.count() <= 0) return;
    env.sleep(std::min(left, kLookAgain));
  }
}

}  // namespace ksv::net
