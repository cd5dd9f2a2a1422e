// Pauses: their bounds, and what a service may ask for.
#include "net/backoff.h"

#include <doctest/doctest.h>

#include "support/fake_env.h"

namespace ksv::testing {

using std::chrono::milliseconds;

TEST_CASE("the bound of a pause doubles up to its cap") {
  FakeEnv env;
  const struct {
    std::uint32_t failures;
    int bound_ms;
  } rows[] = {{1, 1000}, {2, 2000}, {5, 16000}, {6, 20000}, {4'000'000'000U, 20000}};
  for (const auto& row : rows) {
    milliseconds longest{0};
    for (int i = 0; i < 300; ++i) {
      longest = std::max(longest, net::jittered_pause(env, net::kThrottledPause, row.failures));
    }
    CHECK(longest <= milliseconds(row.bound_ms));
    CHECK(longest > milliseconds(row.bound_ms * 9 / 10));
  }
}

TEST_CASE("a service asks for a pause in seconds, by a date, or in milliseconds as Amazon does") {
  FakeEnv env;
  env.wall_start_ms = 1'700'000'000'000;  // Tue, 14 Nov 2023 22:13:20 GMT
  const milliseconds jittered(400);
  const struct {
    const char* name;
    const char* value;
    std::int64_t pause_ms;
  } rows[] = {
      {"Retry-After", "3", 3000},
      {"Retry-After", "0", 400},
      {"retry-after", "Tue, 14 Nov 2023 22:13:30 GMT", 10'000},
      {"retry-after", "Tue, 14 Nov 2023 22:13:10 GMT", 400},
      {"retry-after", "soon", 400},
      {"retry-after", "-5", 400},
      {"retry-after", "99999999999999999999999", 86'400'000},
      {"retry-after", "18446744073709551615", 86'400'000},
      {"x-amz-retry-after", "1500", 1500},
      {"x-amz-retry-after", "100", 400},
      {"x-amz-retry-after", "60000", 5400},
      {"x-amz-retry-after", "soon", 400},
      {"x-other", "7", 400},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.value));
    const HttpHeaders headers = {{row.name, row.value}};
    CHECK(net::asked_pause(env, headers, jittered).count() == row.pause_ms);
  }
}

TEST_CASE(
    "a pause lasts as long as it should, though signals end sleeps, and ends when cancelled") {
  FakeEnv env;
  net::wait(env, milliseconds(1234));
  CHECK(env.slept() == milliseconds(1234));
  env.on_sleep = [&env](std::chrono::microseconds) { env.cancel = true; };
  net::wait(env, std::chrono::hours(1));
  CHECK(env.slept() < milliseconds(1500));
}

}  // namespace ksv::testing
