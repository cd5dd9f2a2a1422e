// The benchmarks of one process.
#include "bench.h"

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // figures show as they are measured
  ksv::bench::bench_codecs();
  ksv::bench::bench_functions();
  ksv::bench::bench_store();
}
