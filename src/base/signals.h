// Signals that ask the program to end, noted instead of obeyed for a while.
#pragma once

namespace ksv {

// From now on the first SIGINT, SIGTERM or SIGHUP is noted; a second one ends the program. A signal
// that is ignored stays so.
void note_signals();
// They end the program again, unless one was noted: then it is about to end anyway.
void stop_noting_signals();
// The signal that was noted, or 0.
int noted_signal();

}  // namespace ksv
