// Progress on a terminal.
#include "cli/progress.h"

#include <cstdio>
#include <unistd.h>

#include "cli/session.h"

namespace ksv::cli {
namespace {

constexpr std::chrono::milliseconds kQuietTime{1000};
constexpr std::chrono::milliseconds kRefresh{200};

}  // namespace

Progress::Progress(std::string_view verb, Session& session)
    : verb_(verb),
      session_(session),
      wanted_(::isatty(STDERR_FILENO) == 1 && !session.out().options().quiet),
      started_(session.env().monotonic()),
      next_(started_ + kQuietTime) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::add(std::uint64_t bytes) {
  bytes_ += bytes;
  if (!wanted_) return;
  const auto now = session_.env().monotonic();
  if (now < next_) return;
  next_ = now + kRefresh;
  shown_ = true;
  const double megabytes = static_cast<double>(bytes_) / 1e6;
  const double seconds = static_cast<double>((now - started_).count()) / 1e3;
  std::fprintf(stderr, "\r\033[K%.*s  %.1f MB  %.1f MB/s", static_cast<int>(verb_.size()),
               verb_.data(), megabytes, megabytes / seconds);
}

}  // namespace ksv::cli
