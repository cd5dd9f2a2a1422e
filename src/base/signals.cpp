// Noting signals.
#include "base/signals.h"

#include <atomic>
#include <csignal>

namespace ksv {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t noted = 0;

extern "C" void note(int signal) { noted = signal; }

void set_action(int signal, void (*handler)(int), int flags) {
  struct sigaction now {};
  if (::sigaction(signal, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void note_signals() {
  // Without SA_RESTART, so that a wait ends; and only once, so that the second signal is obeyed.
  for (const int signal : kSignals) set_action(signal, note, static_cast<int>(SA_RESETHAND));
}

void stop_noting_signals() {
  if (noted != 0) return;
  for (const int signal : kSignals) set_action(signal, SIG_DFL, 0);
}

int noted_signal() { return noted; }

}  // namespace ksv
