// Deadlines, random uuids, and the system as an Env.
#include "base/real_env.h"

#include <set>

#include "base/hex.h"
#include "support/fake_env.h"
#include "support/result_checks.h"

namespace ksv::testing {

TEST_CASE("a deadline counts down with the clock and stays at zero") {
  FakeEnv env;
  env.sleep(std::chrono::milliseconds(500));
  const Deadline deadline(env, std::chrono::milliseconds(100));
  CHECK(deadline.left() == std::chrono::milliseconds(100));
  env.sleep(std::chrono::milliseconds(60));
  CHECK(deadline.left() == std::chrono::milliseconds(40));
  CHECK_FALSE(deadline.passed());
  env.sleep(std::chrono::milliseconds(40));
  CHECK(deadline.passed());
  env.sleep(std::chrono::milliseconds(1000));
  CHECK(deadline.left() == std::chrono::milliseconds(0));
}

TEST_CASE("the longest deadline does not overflow") {
  FakeEnv env;
  env.sleep(std::chrono::hours(1));
  CHECK_FALSE(Deadline(env, std::chrono::milliseconds::max()).passed());
  CHECK(Deadline(env, std::chrono::milliseconds(-5)).passed());
}

TEST_CASE("a random uuid is of version 4 and not the one before") {
  RealEnv env;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string text = uuid_text(random_uuid(env));
    CHECK(text[14] == '4');
    CHECK(std::string("89ab").find(text[19]) != std::string::npos);
    CHECK(seen.insert(text).second);
  }
}

TEST_CASE("the system's clock does not go back over a sleep, and variables are found") {
  RealEnv env;
  const auto before = env.monotonic();
  env.sleep(std::chrono::milliseconds(2));
  CHECK(env.monotonic() > before);
  CHECK(env.wall_ms() > 1'500'000'000'000);
  REQUIRE(::setenv("KSV_TEST_VARIABLE", "x", 1) == 0);
  CHECK(env.variable("KSV_TEST_VARIABLE") == "x");
  REQUIRE(::unsetenv("KSV_TEST_VARIABLE") == 0);
  CHECK_FALSE(env.variable("KSV_TEST_VARIABLE").has_value());
}

}  // namespace ksv::testing
