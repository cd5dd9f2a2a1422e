// What one command carries down: its deadline, its figures, its log.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ksv/env.h"

namespace ksv {

// How it is known that a write took effect: by its own answer, or, that being lost, by reading back
// the state that it made, or one that descends from it.
enum class ResolvedBy { kAnswer, kReadBack, kLineage };

// What one command carries down to the backends it uses: its deadline, its figures, its log. It
// outlives them. A long-lived session renews the deadline before each command.
struct Call {
  Deadline deadline;
  struct Stats {
    std::uint64_t requests = 0;   // to a server, or file system operations on blobs
    std::uint64_t retries = 0;    // requests repeated because no usable answer came
    std::uint64_t conflicts = 0;  // rounds lost to another writer
    std::uint64_t writes = 0;     // times that a write was sent
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
  } stats{};
  // Of the writes that took effect, the one that was hardest to be sure of.
  std::optional<ResolvedBy> resolved_by{};
  // Text for -v, mostly a single line, without a trailing newline and without secrets. Empty: not
  // wanted.
  std::function<void(const std::string& text)> log{};
  bool log_headers = false;  // those of each request and answer, too
};

}  // namespace ksv
