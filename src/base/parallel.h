// Doing several things at once, with a bound on how many.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "ksv/result.h"

namespace ksv {

// Calls work(0) ... work(count - 1) on up to `threads_max` threads, this one among them. After the
// first error no more are begun; that error is returned.
inline Status for_each_parallel(std::size_t count, std::size_t threads_max,
                                const std::function<Status(std::size_t)>& work) {
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
    for (std::size_t i = 1; i < std::min(count, threads_max); ++i) threads.emplace_back(run);
    run();
  }
  if (first) return *std::move(first);
  return ok();
}

}  // namespace ksv
