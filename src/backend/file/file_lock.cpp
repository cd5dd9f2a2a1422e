// Waiting for a lock on a file.
#include "backend/file/file_lock.h"

#include <algorithm>
#include <array>

namespace ksv {

namespace {

// Polled, for two reasons: a blocking F_SETLKW knows no deadline, and a rename may have made the
// lock worthless meanwhile. Holders need some 20 us, or as long as the disk takes to sync.
constexpr std::chrono::microseconds kPauseFirst{100};
constexpr std::chrono::microseconds kPauseMax{5000};

// Between half of the pause and one and a half, so that waiters do not march in step.
std::chrono::microseconds jittered(std::chrono::microseconds pause, Env& env) {
  std::array<std::uint8_t, 1> dice{};
  env.random(dice);
  return pause / 2 + pause * dice[0] / 256;
}

}  // namespace

Status wait_for_lock(File& file, LockMode mode, const std::string& path, Env& env, Call& call) {
  std::chrono::microseconds pause = kPauseFirst;
  bool told = false;
  for (;;) {
    if (KSV_TRY(file.try_lock(mode))) return ok();
    const std::chrono::milliseconds left = call.deadline.left();
    if (left.count() <= 0) {
      return Error(ErrorCode::kDeadline, "the lock on " + path + " is held by another process")
          .with_hint("Wait for it to end, or allow more time with --timeout.");
    }
    if (!told && call.log) call.log("waiting for the lock on " + path);
    told = true;
    env.sleep(std::min<std::chrono::microseconds>(jittered(pause, env), left));
    pause = std::min(pause * 2, kPauseMax);
  }
}

}  // namespace ksv
