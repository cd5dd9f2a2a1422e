// Measuring loops of one process: medians over rounds, printed as lines "what  figure unit".
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace ksv::bench {

// Seconds that one call takes: the median of `rounds` calls.
template <typename Run>
double median_seconds(int rounds, const Run& run) {
  std::vector<double> times;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    times.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

inline void report(const char* what, double figure, const char* unit) {
  std::printf("%-56s %12.1f %s\n", what, figure, unit);
}

void bench_codecs();
void bench_functions();
void bench_store();

}  // namespace ksv::bench
