// The benchmarks of one process.
#include "bench.h"

int main() {
  ksv::bench::bench_codecs();
  ksv::bench::bench_functions();
  ksv::bench::bench_store();
}
