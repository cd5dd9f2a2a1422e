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

Progress::Progress(std::string_view verb, Session& session, Unit unit)
    : verb_(verb),
      session_(session),
      unit_(unit),
      wanted_(::isatty(STDERR_FILENO) == 1 && !session.out().options().quiet),
      started_(session.env().monotonic()),
      next_(started_ + kQuietTime) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void Progress::set(std::uint64_t count) {
  count_ = count;
  if (!wanted_) return;
  const auto now = session_.env().monotonic();
  if (now < next_) return;
  next_ = now + kRefresh;
  shown_ = true;
  const int width = static_cast<int>(verb_.size());
  const double rate =
      static_cast<double>(count_) * 1e3 / static_cast<double>((now - started_).count());
  if (unit_ == Unit::kKeys) {
    std::fprintf(stderr, "\r\033[K%.*s  %llu keys  %.0f/s", width, verb_.data(),
                 static_cast<unsigned long long>(count_), rate);
  } else {
    std::fprintf(stderr, "\r\033[K%.*s  %.1f MB  %.1f MB/s", width, verb_.data(),
                 static_cast<double>(count_) / 1e6, rate / 1e6);
  }
}

}  // namespace ksv::cli
