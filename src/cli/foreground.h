// Running a program of the user's as the command's own work: in the foreground, signals passed on.
#pragma once

#include <functional>

#include "cli/session.h"

#include "base/child_process.h"

namespace ksv::cli {

// Called now and then while the program runs, and again after the time it gives. It may send the
// program a signal.
using Beat = std::function<std::chrono::milliseconds(const RunningChild&)>;

// Runs it to its end. A signal that would end ksv goes to the program instead, and ksv waits for
// it; Env::signalled then tells. kUsage: it cannot be started.
Result<ChildResult> run_foreground(Session& session, const ChildRequest& request,
                                   RunningChild::Input input, const Beat& beat = {});

// "exited with status 3", "was ended by signal 9".
std::string end_of(const ChildResult& result);

}  // namespace ksv::cli
