// What the system knows of the disk below a folder, and whether its locks hold between processes.
#pragma once

#include <cstdint>
#include <string>

#include "ksv/result.h"

namespace ksv {

struct Disk {
  std::uint32_t kind = 0;  // the file system's magic number (statfs(2))
  bool read_only = false;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_free = 0;  // to who is not root
  std::uint64_t files = 0;       // inodes; 0 where there is no such bound
  std::uint64_t files_free = 0;
};

// kUnavailable, kDenied.
Result<Disk> find_disk(const std::string& path);

// What became of a record lock of one process when another asked for it.
struct LockTrial {
  bool excludes = false;  // refused while the process that holds it lives
  bool released = false;  // given once that has been killed
};

// Starts a process that locks the file at `path` as a JVM does, and kills it. kUnavailable when
// that cannot be tried, or the file system has no locks.
Result<LockTrial> try_locks(const std::string& path);

}  // namespace ksv
