// Programs in the foreground.
#include "cli/foreground.h"

#include <algorithm>
#include <csignal>
#include <unistd.h>

namespace ksv::cli {
namespace {

using std::chrono::milliseconds;

// How long a signal may wait to be passed on.
constexpr milliseconds kWaitMax{1'000};

// What is typed at a terminal goes to all programs there.
bool came_to_both(int signal) {
  return (signal == SIGINT || signal == SIGQUIT) && ::isatty(STDIN_FILENO) == 1;
}

}  // namespace

Result<ChildResult> run_foreground(Session& session, const ChildRequest& request,
                                   RunningChild::Input input, const Beat& beat) {
  Env& env = session.env();
  const SignalHold hold(env);
  KSV_CHECK(session.out().flush());
  RunningChild child = KSV_TRY(RunningChild::start(request, input));
  bool passed_on = false;
  milliseconds next_beat = env.monotonic();
  for (;;) {
    if (const int signal = env.signalled(); signal != 0 && !passed_on) {
      passed_on = true;
      if (!came_to_both(signal)) child.send(signal);
    }
    if (beat && env.monotonic() >= next_beat) next_beat = env.monotonic() + beat(child);
    milliseconds wait = kWaitMax;
    if (beat) wait = std::clamp(next_beat - env.monotonic(), milliseconds(0), kWaitMax);
    if (auto result = child.wait(Deadline(env, wait))) return *std::move(result);
  }
}

std::string end_of(const ChildResult& result) {
  return result.signal != 0 ? "was ended by signal " + std::to_string(result.signal)
                            : "exited with status " + std::to_string(result.status);
}

}  // namespace ksv::cli
