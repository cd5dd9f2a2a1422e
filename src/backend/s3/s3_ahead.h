// Results that are computed ahead on threads of their own, and taken in order.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "ksv/result.h"

namespace ksv::s3 {

// Ends by waiting for what is still under way.
template <typename T>
class Ahead {
 public:
  std::size_t size() const { return slots_.size(); }
  bool empty() const { return slots_.empty(); }

  // `work` gives a Result<T>.
  template <typename Work>
  void start(Work work) {
    auto slot = std::make_unique<Slot>();
    Slot* const at = slot.get();
    slot->thread = std::jthread([at, todo = std::move(work)]() mutable { at->result = todo(); });
    slots_.push_back(std::move(slot));
  }

  // Waits for the oldest; there must be one.
  Result<T> next() {
    const std::unique_ptr<Slot> slot = std::move(slots_.front());
    slots_.pop_front();
    slot->thread.join();
    return *std::move(slot->result);
  }

 private:
  struct Slot {
    std::optional<Result<T>> result;
    std::jthread thread;  // ends before the result goes
  };
  std::deque<std::unique_ptr<Slot>> slots_;
};

}  // namespace ksv::s3
