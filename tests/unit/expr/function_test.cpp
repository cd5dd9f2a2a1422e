// Update functions as the update loop uses them.
#include "expr/function.h"

#include <doctest/doctest.h>
#include <thread>
#include <vector>

#include "support/result_checks.h"
#include "unit/expr/evaluate.h"

namespace ksv::testing {

TEST_CASE("a function is compiled once and applied to many values") {
  const Result<Function> increment = Function::compile("(fnil inc 0)");
  REQUIRE_OK(increment);
  CHECK(increment->text() == "(fnil inc 0)");
  CHECK(*increment->apply({Value()}) == Value::integer(1));
  CHECK(*increment->apply({Value::integer(41)}) == Value::integer(42));
}

TEST_CASE("further arguments come after the value") {
  CHECK(call_text("str", R"("the cat" " says meow")") == R"("the cat says meow")");
  CHECK(call_text("update-in", "{:user {:tags #{}}} [:user :tags] nil") ==
        "error: update-in: nil is no function at 1:1");
}

TEST_CASE("a function may be applied from several threads at once") {
  const Result<Function> function =
      Function::compile("(fn [m] (update m :n (fn [v] (into v (map inc) (range 50)))))");
  REQUIRE_OK(function);
  const Value input = Value::map({{Value::keyword("n"), Value::vector({})}});
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) {
        const Result<Value> result = function->apply({input});
        if (result && field(*result, "n")->items().size() == 50) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 200);
  CHECK(field(input, "n")->items().empty());
}

TEST_CASE("the result holds neither functions nor what only an evaluation knows") {
  CHECK(call_text("(fn [x] inc)", "1") ==
        "error: result: holds the function inc, which cannot be stored at 1:1");
  CHECK(call_text("(fn [x] {:f [identity]})", "1").starts_with("error: result: holds"));
  CHECK(call_text("(fn [x] (range))", "1").starts_with("error: result: holds"));
  CHECK(call_text("(fn [x] (reduced x))", "1").starts_with("error: result: holds"));

  const Result<Value> entries = call("seq", "{:a 1}");
  REQUIRE_OK(entries);
  CHECK(entries->shape() == Shape::kNone);
  CHECK(entries->items()[0].shape() == Shape::kNone);
  // What came out of one update does not look like an entry to the next.
  const Function key = *Function::compile("key");
  CHECK_FALSE(key.apply({entries->items()[0]}).has_value());
}

TEST_CASE("a value that is handed through keeps its kinds") {
  const Value list = Value::seq({Value::integer(1)});
  const Value uri = Value::uri("http://example.org");
  const Value map = Value::map({{Value::keyword("a"), list}, {Value::keyword("b"), uri}});
  const Result<Value> result = Function::compile("#(assoc % :c (map inc (:a %)))")->apply({map});
  REQUIRE_OK(result);
  CHECK(field(*result, "a")->is(Kind::kSeq));
  CHECK(field(*result, "b")->is(Kind::kUri));
  CHECK(field(*result, "c")->is(Kind::kList));
}

TEST_CASE("names may be written with any of their namespaces") {
  CHECK(value_text("(clojure.core/inc 1)") == "2");
  CHECK(value_text(
            R"([(str/upper-case "a") (string/upper-case "b") (clojure.string/upper-case "c")])") ==
        R"(["A" "B" "C"])");
  CHECK(value_text("[(set/union #{1} #{1}) (clojure.set/union #{2} #{2})]") == "[#{1} #{2}]");
}

TEST_CASE("unpaired surrogates pass through text") {
  CHECK(value_text(R"((count (subs "a😀b" 0 2)))") == "2");
  CHECK(value_text(R"((str (subs "a😀b" 0 2) (subs "a😀b" 2)))") == R"("a😀b")");
  CHECK(value_text(R"((int (first "😀")))") == "55357");
  CHECK(value_text(R"((apply str (seq "a😀b")))") == R"("a😀b")");
}

TEST_CASE("text after the first form is not looked at") {
  CHECK(call_text("inc )", "1") == "2");
  CHECK(call_text("(fn [x] x) (fn [x] :second)", "1") == "1");
}

TEST_CASE("sorted collections stay in order through changes") {
  CHECK(call_text("#(assoc (into (sorted-map) %) :b 1)", "{:c 3 :a 2}") == "{:a 2, :b 1, :c 3}");
  CHECK(call_text("#(seq (conj (into (sorted-set) %) 2))", "[3 1]") == "(1 2 3)");
  CHECK(call_text("#(get (into (sorted-map) %) :b :none)", "{:c 3 :a 2}") == ":none");
}

}  // namespace ksv::testing
