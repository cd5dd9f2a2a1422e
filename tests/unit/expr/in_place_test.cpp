// Values are edited in place where nobody else sees it, and only there.
#include <doctest/doctest.h>

#include "support/result_checks.h"
#include "unit/expr/evaluate.h"

namespace ksv::testing {

TEST_CASE("a local that is used again keeps its value") {
  CHECK(value_text("(let [v [1 2 3]] [(conj v 4) (assoc v 0 9) (pop v) v])") ==
        "[[1 2 3 4] [9 2 3] [1 2] [1 2 3]]");
  CHECK(value_text("(let [m {:a 1}] [(assoc m :b 2) (dissoc m :a) (update m :a inc) m])") ==
        "[{:a 1, :b 2} {} {:a 2} {:a 1}]");
  CHECK(value_text("(let [l '(1 2)] [(conj l 0) (rest l) (pop l) (cons 5 l) l])") ==
        "[(0 1 2) (2) (2) (5 1 2) (1 2)]");
}

TEST_CASE("a local that only one branch uses keeps its value in the other") {
  CHECK(call_text("(fn [x] (let [v [1]] (if x (conj v 2) v)))", "false") == "[1]");
  CHECK(call_text("(fn [x] (let [v [1] w (if x (conj v 2) nil)] [v w]))", "true") == "[[1] [1 2]]");
  CHECK(call_text("(fn [x] (let [v [1]] (case x 1 (conj v 2) 2 (conj v 3) v)))", "2") == "[1 3]");
}

TEST_CASE("what a loop reads from outside is there in each turn") {
  CHECK(value_text(
            "(let [a [0]] (loop [i 0 acc a] (if (< i 2) (recur (inc i) (conj acc i)) [acc a])))") ==
        "[[0 0 1] [0]]");
  CHECK(value_text("(let [a [0]] (for [i [1 2]] (conj a i)))") == "([0 1] [0 2])");
  CHECK(value_text(
            "(let [a [0]] (loop [i 0 r []] (if (< i 2) (recur (inc i) (conj r (conj a i))) r)))") ==
        "[[0 0] [0 1]]");
  CHECK(value_text("(for [x [[1]] y [1 2]] (conj x y))") == "([1 1] [1 2])");
}

TEST_CASE("what a closure holds is the same for each call") {
  CHECK(value_text("(let [a [1] f (fn [] a)] [(conj a 2) (conj (f) 3) (f)])") ==
        "[[1 2] [1 3] [1]]");
  CHECK(value_text("(let [p (partial conj [0])] [(p 1) (p 2)])") == "[[0 1] [0 2]]");
  CHECK(value_text("(let [c (constantly [0])] [(conj (c) 1) (c)])") == "[[0 1] [0]]");
  CHECK(value_text("(let [f (fnil conj [0])] [(f nil 1) (f nil 2)])") == "[[0 1] [0 2]]");
  CHECK(value_text("[((juxt #(conj % 1) identity) [0])]") == "[[[0 1] [0]]]");
}

TEST_CASE("constants of the expression do not change from one call to the next") {
  const Function function = *Function::compile("(fn [x] (conj [1 2] x))");
  CHECK(print_edn(*function.apply({Value::integer(3)})) == "[1 2 3]");
  CHECK(print_edn(*function.apply({Value::integer(4)})) == "[1 2 4]");
}

TEST_CASE("the arguments of the caller do not change") {
  const Value input = *read_edn("{:tags [1] :m {:k {}}}");
  const Value before = *read_edn("{:tags [1] :m {:k {}}}");
  const Function function = *Function::compile(
      "#(-> % (update :tags conj 2) (assoc-in [:m :k :x] 1) (dissoc :none) (assoc :y 1))");
  REQUIRE_OK(function.apply({input}));
  CHECK(input == before);
}

TEST_CASE("a failing update changes nothing") {
  const Value input = *read_edn("{:a [1 2]}");
  CHECK_FALSE(Function::compile("#(update % :a (fn [v] (inc (conj v 3))))")->apply({input}));
  CHECK(print_edn(input) == "{:a [1 2]}");
}

TEST_CASE("loops that build collections are linear") {
  // Each of these would copy gigabytes, and pass the limits, if it copied in each turn.
  const std::string n = "30000";
  CHECK(call_text("(fn [n] (count (reduce conj [] (range n))))", n) == n);
  CHECK(call_text("(fn [n] (count (reduce (fn [m i] (assoc m i i)) {} (range n))))", n) == n);
  CHECK(call_text("(fn [n] (count (reduce (fn [s i] (conj s i)) #{} (range n))))", n) == n);
  CHECK(call_text("(fn [n] (count (loop [i 0 v []] (if (< i n) (recur (inc i) (conj v i)) v))))",
                  n) == n);
  CHECK(
      call_text("(fn [n] (count (:v (reduce (fn [m i] (update m :v conj i)) {:v []} (range n)))))",
                n) == n);
  CHECK(call_text("(fn [n] (count (:v (:m (reduce #(update-in %1 [:m :v] (fnil conj []) %2) {} "
                  "(range n))))))",
                  n) == n);
  CHECK(
      call_text(
          "(fn [n] (count (get (reduce (fn [m i] (merge-with into m {:k [i]})) {} (range n)) :k)))",
          n) == n);
}

}  // namespace ksv::testing
