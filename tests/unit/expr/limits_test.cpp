// Update functions are bounded in steps, memory and depth, whatever they do.
#include <doctest/doctest.h>
#include <string>

#include "support/result_checks.h"
#include "unit/expr/evaluate.h"

namespace ksv::testing {
namespace {

bool stopped_by(std::string_view option, std::string_view fn, std::string_view arguments,
                const FunctionLimits& limits = {}) {
  const Result<Value> result = call(fn, arguments, limits);
  if (result) return false;
  INFO(result.error().message());
  CHECK(result.error().code() == ErrorCode::kFunction);
  const bool named = result.error().message().find(option) != std::string::npos;
  CHECK(named);
  return named;
}

bool fails(std::string_view fn, std::string_view arguments = "nil") {
  const Result<Value> result = call(fn, arguments);
  if (!result) return result.error().message().find('\n') == std::string::npos;
  return false;
}

}  // namespace

TEST_CASE("a loop without end is stopped by the limit on steps") {
  CHECK(stopped_by("--max-steps", "(fn [x] (loop [] (recur)))", "1"));
  CHECK(stopped_by("--max-steps", "(fn [x] (recur x))", "1"));
  CHECK(stopped_by("--max-steps", "(fn [x] (some #(= % -1) (range)))", "1"));
  CHECK(stopped_by("--max-steps", "(fn [x] (reduce + (range 100000000)))", "1",
                   {.bytes_max = std::size_t{1} << 40}));
  CHECK(stopped_by("--max-steps", "(loop [] (recur))", "1"));
}

TEST_CASE("the limit on steps is the caller's") {
  const std::string_view fn = "(fn [n] (loop [i 0] (if (< i n) (recur (inc i)) i)))";
  CHECK(stopped_by("--max-steps", fn, "1000", {.steps_max = 100}));
  CHECK(call_text(fn, "1000", {.steps_max = 10000}) == "1000");
}

TEST_CASE("growing without end is stopped by the limit on memory") {
  const FunctionLimits small{.bytes_max = std::size_t{1} << 20};
  CHECK(stopped_by("--max-memory", "(fn [s] (loop [s s] (recur (str s s))))", R"("abc")", small));
  CHECK(stopped_by("--max-memory", "(fn [x] (loop [v []] (recur (conj v x))))", "1", small));
  CHECK(stopped_by("--max-memory", "(fn [n] (vec (repeat n :x)))", "100000000", small));
  CHECK(stopped_by("--max-memory", "(fn [n] (into {} (map (fn [i] [i i])) (range n)))", "1000000",
                   small));
  CHECK(stopped_by("--max-memory", "(fn [x] (repeat 9223372036854775807 x))", "1"));
  CHECK(stopped_by("--max-memory", "(fn [x] (apply str (repeat 1000000 \"0123456789\")))", "1",
                   small));
}

TEST_CASE("calls within calls are stopped by the limit on depth") {
  CHECK(stopped_by("--max-depth", "(fn f [n] (inc (f n)))", "1"));
  CHECK(stopped_by("--max-depth", "(fn f [n] (apply f [n]))", "1"));
  CHECK(stopped_by("--max-depth", "(fn f [n] (first (map f [n])))", "1"));
  CHECK(stopped_by("--max-depth", "(fn f [n] (update {:a n} :a f))", "1"));
}

TEST_CASE("as many calls as the limit says fit into each other") {
  const std::string_view fn = "(fn f [n] (if (zero? n) 0 (inc (f (dec n)))))";
  CHECK(call_text(fn, "500") == "500");
  CHECK(stopped_by("--max-depth", fn, "600"));
  CHECK(call_text(fn, "20000", {.depth_max = 30000}) == "20000");
  CHECK(stopped_by("--max-depth", fn, "100000", {.depth_max = 30000}));
}

TEST_CASE("recur takes no depth") {
  CHECK(call_text("(fn [n] (if (pos? n) (recur (dec n)) :done))", "100000") == ":done");
}

TEST_CASE("values that nest too deeply are refused") {
  CHECK(fails("(fn [n] (reduce (fn [a _] [a]) [] (range 100000)))"));
  CHECK(fails("(fn [n] (reduce (fn [a _] {:k a}) {} (range 100000)))"));
  CHECK(fails("(fn [n] (reduce (fn [a _] (list a)) () (range 100000)))"));
  CHECK(fails("(fn [n] (assoc-in {} (range 100000) 1))"));
  CHECK(fails("(fn [n] (update-in {} (range 100000) inc))"));
  CHECK(fails("(fn [n] ((reduce (fn [f _] (comp inc f)) inc (range 100000)) 1))"));
  CHECK(fails("(fn [n] ((reduce (fn [f _] (fn [x] (f x))) inc (range 100000)) 1))"));
  CHECK(fails("(fn [n] (reduce (fn [r _] (reduced r)) 1 (range 100000)) (reduced 1))"));
  CHECK(fails("(fn [s] (read-string (apply str (repeat 100000 \"[\"))))"));
}

TEST_CASE("texts that nest too deeply are refused") {
  CHECK(fails(std::string(100000, '(')));
  CHECK(fails("(fn [x] " + std::string(2000, '[') + std::string(2000, ']') + ")"));
  std::string steps = "#(-> %";
  std::string conds = "(fn [x] (cond";
  for (int i = 0; i < 5000; ++i) {
    steps += " inc";
    conds += " nil 1";
  }
  CHECK(fails(steps + ")"));
  CHECK(fails(conds + "))"));
  CHECK(fails("(fn [x] " + std::string(200000, ' ') + ")"));
}

TEST_CASE("values that share parts with themselves are not walked beyond the limits") {
  const std::string twins = "(reduce (fn [a _] [a a]) [] (range 60))";
  const FunctionLimits few{.steps_max = 100000, .bytes_max = std::size_t{1} << 24};
  for (const char* use : {"identity", "str", "pr-str", "flatten", "hash-set", "#(= % (conj % 1))",
                          "#(= % (reduce (fn [a _] [a a]) [] (range 60)))", "#(get {} %)",
                          "#(compare % (reduce (fn [a _] [a a]) [] (range 60)))",
                          "#(frequencies [%])", "#(sorted-set % [%])", "#(case % 1 2)"}) {
    const Result<Value> result =
        call("(fn [_] (" + std::string(use) + " " + twins + "))", "nil", few);
    CHECK_MESSAGE(!result.has_value(), use);
  }
}

TEST_CASE("patterns that backtrack without end are stopped") {
  CHECK(stopped_by("--max-steps", R"((fn [s] (re-find #"(a+)+$" s)))",
                   R"("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")",
                   {.steps_max = 100000}));
  CHECK(fails(R"((fn [s] (re-find #"((a{500}){500}){500}" "a")))"));
}

TEST_CASE("endless sequences are refused where they would be held whole") {
  for (const char* fn :
       {"(fn [x] (vec (range)))", "(fn [x] (count (range)))", "(fn [x] (map inc (range)))",
        "(fn [x] (into [] (repeat 1)))", "(fn [x] (reverse (range)))", "(fn [x] (apply + (range)))",
        "(fn [x] (sort (range)))", "(fn [x] (zipmap (range) (range)))", "(fn [x] (last (range)))",
        "(fn [x] (frequencies (range)))", "(fn [x] (partition 2 (range)))"}) {
    CHECK_MESSAGE(fails(fn), fn);
  }
}

TEST_CASE("widths and counts in formats are bounded") {
  CHECK(fails(R"((fn [x] (format "%999999999d" 1)))"));
  CHECK(fails(R"((fn [x] (format "%.999999999f" 1.0)))"));
}

TEST_CASE("numbers are bounded") {
  CHECK(fails("(fn [x] (reduce (fn [a _] (*' a a)) 10 (range 60)))"));
  CHECK(fails("(fn [x] (bigdec 1e400))"));
}

}  // namespace ksv::testing
