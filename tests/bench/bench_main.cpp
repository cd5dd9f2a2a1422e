// The benchmarks of one process.
#include <cstring>

#include "bench.h"

// With "functions", only those.
int main(int count, char** words) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // figures show as they are measured
  if (count > 1 && std::strcmp(words[1], "functions") == 0) {
    ksv::bench::bench_functions();
    return 0;
  }
  ksv::bench::bench_codecs();
  ksv::bench::bench_functions();
  ksv::bench::bench_store();
}
