// A stable merge sort whose comparison may fail and is counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "ksv/result.h"

#include "expr/machine.h"

namespace ksv::expr {

// Merges the sorted runs [from, middle) and [middle, end) into the same places of `other`.
template <typename T, typename Compare>
Status merge_runs(std::vector<T>& items, std::vector<T>& other, std::size_t from,
                  std::size_t middle, std::size_t end, const Compare& compare) {
  std::size_t left = from;
  std::size_t right = middle;
  for (std::size_t to = from; to < end; ++to) {
    bool take_right = left >= middle;
    if (!take_right && right < end) {
      const int order = KSV_TRY(compare(items[right], items[left]));
      take_right = order < 0;
    }
    other[to] = std::move(take_right ? items[right++] : items[left++]);
  }
  return ok();
}

// `compare(a, b)` gives a Result<int>. An inconsistent comparison gives some order, never more than
// that. Bottom-up, so that recursion is none.
template <typename T, typename Compare>
Status merge_sort(Machine& machine, std::vector<T>& items, const Compare& compare) {
  std::vector<T> other(items.size());
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t from = 0; from < items.size(); from += 2 * width) {
      const std::size_t middle = std::min(from + width, items.size());
      const std::size_t end = std::min(from + 2 * width, items.size());
      if (!machine.spend(end - from)) return machine.out_of_steps();
      KSV_CHECK(merge_runs(items, other, from, middle, end, compare));
    }
    items.swap(other);
  }
  return ok();
}

}  // namespace ksv::expr
