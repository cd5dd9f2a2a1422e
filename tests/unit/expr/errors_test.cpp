// Errors of update functions: what failed, why, and where in the expression.
#include <doctest/doctest.h>

#include "support/result_checks.h"
#include "unit/expr/evaluate.h"

namespace ksv::testing {
namespace {

std::string compile_error(std::string_view text) {
  const Result<Function> function = Function::compile(text);
  if (function) return "compiles";
  CHECK(function.error().code() == ErrorCode::kUsage);
  return function.error().message();
}

}  // namespace

TEST_CASE("a failing function is named with its place in the expression") {
  CHECK(call_text("inc", R"("abc")") ==
        R"(error: inc: expected a number, got "abc" (string) at 1:1)");
  CHECK(call_text("(fnil inc 0)", R"("abc")") ==
        R"(error: inc: expected a number, got "abc" (string) at 1:7)");
  CHECK(call_text("(comp inc read-string)", R"("nil")") ==
        "error: inc: expected a number, got nil at 1:7");
  CHECK(call_text("(fn [m]\n  (update m :n inc))", "{:n {}}") ==
        "error: inc: expected a number, got {} (map) at 2:16");
  CHECK(call_text("(fn [é] (+ é nil))", "1") == "error: +: expected a number, got nil at 1:10");
}

TEST_CASE("errors of the function are of another code than errors in its text") {
  REQUIRE_ERROR(call("inc", "nil"), ErrorCode::kFunction);
  REQUIRE_ERROR(call("(fn [x] (inc x)", "1"), ErrorCode::kUsage);
}

TEST_CASE("a wrong number of arguments is told by the function that got them") {
  CHECK(call_text("inc", "1 2") == "error: inc: takes 1 argument, got 2 at 1:1");
  CHECK(call_text("(fn [x] (get x))", "1") == "error: get: takes 2 or 3 arguments, got 1 at 1:10");
  CHECK(call_text("(fn pair [a b] a)", "1") == "error: pair: takes 2 arguments, got 1 at 1:1");
  CHECK(call_text("(fn ([a] 1) ([a b & c] 2))", "") ==
        "error: fn: takes 1 or 2 or more arguments, got 0 at 1:1");
  CHECK(call_text(":k", "1 2 3") == "error: :k: takes 1 or 2 arguments, got 3 at 1:1");
}

TEST_CASE("unknown names come with the nearest one") {
  CHECK(compile_error("(fn [x] (icn x))") == "icn is not known at 1:10: did you mean inc?");
  CHECK(compile_error("(fn [x] (upper-case x))") ==
        "upper-case is not known at 1:10: did you mean str/upper-case?");
  CHECK(compile_error("frobnicate-everything") == "frobnicate-everything is not known at 1:1");
  CHECK(compile_error("if") == "if is no function: it must stand first in a list at 1:1");
}

TEST_CASE("what Clojure has and the language has not is refused by name, with a way out") {
  CHECK(compile_error("(fn [x] (println x))").starts_with("println is not part of the language: "));
  CHECK(compile_error("(every-pred odd? pos?)") ==
        "every-pred is not part of the language: use #(and (f %) (g %)) at 1:2");
  CHECK(compile_error("(fn [s] (str/escape s {}))").starts_with("str/escape is not part of "));
  CHECK(compile_error("(fn [s] (.toUpperCase s))") ==
        ".toUpperCase is not part of the language: Java is not there to be called at 1:10");
  CHECK(compile_error("(fn [x] (add-watch x))")
            .starts_with("add-watch is not part of the language: there is no mutable state"));
  CHECK(compile_error("(fn [x] (supers x))").starts_with("supers is not part of the language: "));
  CHECK(compile_error("(fn [x] @x)").starts_with("clojure.core/deref is not part of the language"));
  CHECK(compile_error("(fn [x] #'inc)").starts_with("var is not part of the language"));
}

TEST_CASE("text that is no expression is refused with a place") {
  CHECK(compile_error("") == "no expression in the text");
  CHECK(compile_error("(fn [x] (inc x)").find("1:1") != std::string::npos);
  CHECK(compile_error("(fn [x] [1 2))") == "unmatched ) at 1:13");
  CHECK(compile_error("(fn [x] {:a})") == "a map needs an even number of forms at 1:9");
  CHECK(compile_error("(fn [x] #(inc #(dec %)))") ==
        "#() inside #(): use fn for one of them at 1:15");
  CHECK(compile_error("(fn [x] (recur))") == "recur takes 1 argument here, got 0 at 1:9");
  CHECK(compile_error("5") == "5 (integer) is no function, as FN must be at 1:1");
}

TEST_CASE("values in messages are cut") {
  const std::string message = call_text("(fn [n] (inc (vec (range n))))", "100000");
  CHECK(message.size() < 400);
  CHECK(message.find("...") != std::string::npos);
}

TEST_CASE("messages stay on one line") {
  CHECK(call_text(R"((fn [x] (inc (keyword "a\nb"))))", "1").find('\n') == std::string::npos);
  CHECK(call_text(R"((fn [x] (symbol nil "a\nb")))", "1").find("error") == std::string::npos);
}

}  // namespace ksv::testing
