// What one command carries down: its deadline, its figures, its log.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ksv/env.h"

namespace ksv {

// What one command carries down to the backends it uses: its deadline, its figures, its log. It
// outlives them. A long-lived session renews the deadline before each command.
struct Call {
  Deadline deadline;
  struct Stats {
    std::uint64_t requests = 0;   // to a server, or file system operations on blobs
    std::uint64_t retries = 0;    // requests repeated because no usable answer came
    std::uint64_t conflicts = 0;  // rounds lost to another writer
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
  } stats{};
  // One line for -v, without a trailing newline and without secrets. Empty: not wanted.
  std::function<void(const std::string& line)> log{};
};

}  // namespace ksv
