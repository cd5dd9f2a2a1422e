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

// Sorts fewer than this as Java does, comparison by comparison, so that a comparison that is not
// consistent (<= is not) gives the same order. Of more, it is refused.
inline constexpr std::size_t kInsertionMax = 31;

// The length of the run that the items begin with, which ascends, or descends strictly and is
// turned around.
template <typename T, typename Compare>
Result<std::size_t> first_run(std::vector<T>& items, const Compare& compare) {
  std::size_t end = 2;
  const int start = KSV_TRY(compare(items[1], items[0]));
  const bool descends = start < 0;
  for (; end < items.size(); ++end) {
    const int order = KSV_TRY(compare(items[end], items[end - 1]));
    if ((order < 0) != descends) break;
  }
  if (descends) std::reverse(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(end));
  return end;
}

template <typename T, typename Compare>
Status insertion_sort(Machine& machine, std::vector<T>& items, const Compare& compare) {
  if (items.size() < 2) return ok();
  std::size_t at = KSV_TRY(first_run(items, compare));
  for (; at < items.size(); ++at) {
    if (!machine.spend(items.size())) return machine.out_of_steps();
    std::size_t left = 0;
    std::size_t right = at;
    while (left < right) {
      const std::size_t middle = left + (right - left) / 2;
      const int order = KSV_TRY(compare(items[at], items[middle]));
      if (order < 0) {
        right = middle;
      } else {
        left = middle + 1;
      }
    }
    const auto place = items.begin() + static_cast<std::ptrdiff_t>(left);
    const auto item = items.begin() + static_cast<std::ptrdiff_t>(at);
    std::rotate(place, item, item + 1);
  }
  return ok();
}

// Whether neighbours compare as their places say, both ways round.
template <typename T, typename Compare>
Result<bool> is_consistent(const std::vector<T>& items, const Compare& compare) {
  for (std::size_t i = 1; i < items.size(); ++i) {
    const int forth = KSV_TRY(compare(items[i - 1], items[i]));
    const int back = KSV_TRY(compare(items[i], items[i - 1]));
    if (forth > 0 || back < 0 || (forth == 0) != (back == 0)) return false;
  }
  return true;
}

}  // namespace ksv::expr
