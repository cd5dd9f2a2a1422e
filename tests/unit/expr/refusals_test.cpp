// What hangs in Clojure on more than the values of the arguments is refused, by name.
#include <doctest/doctest.h>

#include "unit/expr/evaluate.h"

namespace ksv::testing {
namespace {

// Whether the error begins and ends so: the function, and its place in the expression.
bool refused(const std::string& text, std::string_view begin, std::string_view end) {
  return text.starts_with("error: " + std::string(begin)) && text.ends_with(end);
}

std::string numbers_to(int count) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text += std::to_string(i) + " ";
  return text + "]";
}

}  // namespace

TEST_CASE("the text of what may be a lazy sequence is refused, and nothing else of it") {
  CHECK(refused(call_text("(fn [x] (str (rest (map inc x))))", "[1 2]"),
                "str: what follows the first element of a lazy sequence may have no text",
                "use pr-str, vec or next at 1:10"));
  CHECK(call_text("(fn [x] (rest (map inc x)))", "[1 2]") == "(3)");
  CHECK(call_text("(fn [x] (apply str (rest (map inc x))))", "[1 2 3]") == R"("34")");
  CHECK(call_text("(fn [x] (str (vec (rest (map inc x)))))", "[1 2]") == R"("[3]")");
  CHECK(call_text("(fn [x] (empty? (rest (map inc x))))", "[1]") == "true");
}

TEST_CASE("ratios that Clojure gets wrong are refused") {
  CHECK(refused(call_text("/", "3 -9223372036854775808"),
                "/: the ratio of -9223372036854775808 overflows in Clojure", "a bigint at 1:1"));
  CHECK(call_text("/", "3 -9223372036854775808N") == "-3/9223372036854775808");
}

TEST_CASE("whether one NaN is another is refused where it matters") {
  CHECK(call_text("=", "##NaN ##NaN") == "true");
  CHECK(call_text("=", "##NaN 1.0") == "false");
  CHECK(refused(call_text("(fn [x] (= x (* x 1)))", "##NaN"), "=: whether one ##NaN is the other",
                "use NaN? at 1:10"));
  CHECK(refused(call_text("(fn [x] (= {:a x} {:a ##NaN}))", "##NaN"), "=: ", "at 1:10"));
  CHECK(call_text("(fn [x] (= [x 1] [2 ##NaN 3]))", "2").starts_with("error") == false);
  CHECK(refused(call_text("set", "[##NaN ##NaN]"), "set: whether one ##NaN", "at 1:1"));
  CHECK(call_text("frequencies", "[1 ##NaN 1]") == "{1 2, ##NaN 1}");
}

TEST_CASE("a comparison that is not consistent orders 31 values as Java does, and no more") {
  CHECK(call_text("(fn [x] (sort-by #(rem % 2) <= x))", "[1 2 3 4]") == "(4 2 3 1)");
  CHECK(call_text("(fn [x] (count (sort <= x)))", numbers_to(40)) == "40");
  CHECK(refused(call_text("(fn [x] (sort-by #(rem % 2) <= x))", numbers_to(32)),
                "sort-by: the comparison is not consistent", "31 values at 1:10"));
  CHECK(refused(call_text("sort", "[##NaN " + numbers_to(31).substr(1)), "sort: ##NaN has no place",
                "31 values at 1:1"));
}

TEST_CASE("parts of characters are matched as Java does where that is known") {
  CHECK(call_text(R"x((fn [s] (count (re-seq #"" s))))x", R"("x😀")") == "4");
  CHECK(call_text(R"x((fn [s] (str/replace s #"(?m)^" "> ")))x", R"("😀")") == R"("> 😀")");
  CHECK(refused(call_text(R"x((fn [s] (str/split s #"(?<=.)")))x", R"("😀")"),
                "str/split: Java would look behind from within a character", "at 1:10"));
  CHECK(call_text(R"x((fn [s] (str/split s #"(?<=,)")))x", R"("a,😀,")") == R"(["a," "😀,"])");
}

}  // namespace ksv::testing
