// Doing several requests at once, with a bound on how many.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "ksv/result.h"

namespace ksv::s3 {

// Calls work(0) ... work(count - 1) on up to `threads_max` threads. After the first error no more
// are begun; that error is returned.
inline Status for_each_parallel(std::size_t count, std::size_t threads_max,
                                const std::function<Status(std::size_t)>& work) {
  if (count == 1) return work(0);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> first;
  const auto run = [&] {
    for (;;) {
      const std::size_t index = next.fetch_add(1);
      if (index >= count) return;
      Status status = work(index);
      if (status.has_value()) continue;
      const std::lock_guard<std::mutex> guard(mutex);
      if (!first) first = std::move(status).error();
      next = count;
      return;
    }
  };
  {
    std::vector<std::jthread> threads;
    const std::size_t others = std::min(count, threads_max);
    for (std::size_t i = 1; i < others; ++i) threads.emplace_back(run);
    if (count > 0) run();
  }
  if (first) return *std::move(first);
  return ok();
}

}  // namespace ksv::s3
