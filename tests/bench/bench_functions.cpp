// Update functions: evaluations a second, the function compiled once.
#include "bench.h"
#include "codec/edn.h"
#include "expr/function.h"

namespace ksv::bench {
namespace {

void evaluations(const char* expression, const char* value_text) {
  const auto function = Function::compile(expression);
  const auto value = read_edn(value_text);
  if (!function.has_value() || !value.has_value()) {
    std::printf("%s: cannot be measured\n", expression);
    return;
  }
  constexpr int kTimes = 20'000;
  const Values arguments{*value};
  const double seconds = median_seconds(15, [&] {
    for (int i = 0; i < kTimes; ++i) static_cast<void>(function->apply(arguments));
  });
  report(expression, kTimes / seconds, "evaluations/s");
}

}  // namespace

void bench_functions() {
  evaluations("inc", "41");
  evaluations("(fnil inc 0)", "nil");
  evaluations("#(-> % (assoc :seen true) (update :visits inc) (dissoc :tmp))",
              "{:visits 1 :tmp 2 :name \"Alice\"}");
  evaluations("(fn [m] (reduce + (map :n (:items m))))",
              "{:items [{:n 1} {:n 2} {:n 3} {:n 4} {:n 5} {:n 6} {:n 7} {:n 8} {:n 9} {:n 10}]}");
}

}  // namespace ksv::bench
