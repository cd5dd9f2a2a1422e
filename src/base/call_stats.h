// Counts what is done into the figures of a Call, from any thread.
#pragma once

#include <atomic>

#include "ksv/call.h"

namespace ksv {

inline void count(std::uint64_t& figure, std::uint64_t by) {
  std::atomic_ref<std::uint64_t>(figure).fetch_add(by, std::memory_order_relaxed);
}

inline void count_request(Call& call) { count(call.stats.requests, 1); }
inline void count_read(Call& call, std::uint64_t bytes) {
  count_request(call);
  count(call.stats.bytes_read, bytes);
}
inline void count_write(Call& call, std::uint64_t bytes) {
  count_request(call);
  count(call.stats.writes, 1);
  count(call.stats.bytes_written, bytes);
}

}  // namespace ksv
