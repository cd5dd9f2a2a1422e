// The special forms and macros of the language, for the manual.
#include "expr/builtins.h"

namespace ksv::expr {
namespace {

constexpr SpecialFormInfo kForms[] = {
    {"fn", "(fn name? [parameters] body...) or (fn name? ([parameters] body...)...)",
     "a function, perhaps of several arities, with & for the rest and patterns that take values "
     "apart: [a b & rest :as all], {a :a}, {:keys [a] :strs [b] :syms [c] :or {a 1} :as all}",
     "((fn [x {:keys [by] :or {by 1}}] (+ x by)) 5 {:by 10}) => 15"},
    {"#()", "#(f % %2 %&)", "a short function of its arguments", "(#(+ %1 %2) 1 2) => 3"},
    {"let", "(let [name value ...] body...)", "names for values",
     "(let [[a b] [1 2] {:keys [c]} {:c 3}] (+ a b c)) => 6"},
    {"do", "(do form...)", "the value of the last form", "(do 1 2) => 2"},
    {"quote", "(quote form) or 'form", "the form itself, not evaluated", "'(a b) => (a b)"},
    {"if", "(if test then else?)", "one of two", "(if nil 1 2) => 2"},
    {"if-not", "(if-not test then else?)", "the same turned around", "(if-not nil 1 2) => 1"},
    {"if-let", "(if-let [name test] then else?)", "with a name for a test that holds",
     "(if-let [x (:a {:a 1})] x :none) => 1"},
    {"if-some", "(if-some [name value] then else?)", "with a name for a value that is not nil",
     "(if-some [x (:a {:a false})] [x] :none) => [false]"},
    {"when", "(when test body...)", "the body when the test holds, else nil",
     "(when (pos? 1) :yes) => :yes"},
    {"when-not", "(when-not test body...)", "the same turned around",
     "(when-not nil :yes) => :yes"},
    {"when-let", "(when-let [name test] body...)", "with a name for a test that holds",
     "(when-let [x (:a {})] x) => nil"},
    {"when-some", "(when-some [name value] body...)", "with a name for a value that is not nil",
     "(when-some [x 0] (inc x)) => 1"},
    {"and", "(and form...)", "the first that does not hold, or the last", "(and 1 nil 2) => nil"},
    {"or", "(or form...)", "the first that holds, or the last", "(or nil 2 3) => 2"},
    {"cond", "(cond test value ...)", "the value after the first test that holds",
     "(cond (neg? 5) :neg (zero? 5) :zero :else :pos) => :pos"},
    {"condp", "(condp f value test result ... default?)", "the result of the first (f test value)",
     "(condp = 2 1 :one 2 :two :many) => :two"},
    {"case", "(case value constant result ... default?)", "the result of the equal constant",
     "(case 3 (1 2) :low (3 4) :mid :high) => :mid"},
    {"->", "(-> value step...)", "each step with the result so far as its first argument",
     "(-> 5 (- 3) str) => \"2\""},
    {"->>", "(->> value step...)", "each step with the result so far as its last argument",
     "(->> [1 2 3] (map inc) (filter even?)) => (2 4)"},
    {"some->", "(some-> value step...)", "the same as ->, up to the first nil",
     "(some-> {:a nil} :a inc) => nil"},
    {"some->>", "(some->> value step...)", "the same as ->>, up to the first nil",
     "(some->> [1 2] (map inc) (apply +)) => 5"},
    {"as->", "(as-> value name form...)", "each form with a name for the result so far",
     "(as-> 2 x (inc x) (* x x)) => 9"},
    {"cond->", "(cond-> value test step ...)", "each step as by -> whose test holds",
     "(cond-> 1 true inc false dec) => 2"},
    {"cond->>", "(cond->> value test step ...)", "each step as by ->> whose test holds",
     "(cond->> [1 2] true (map inc)) => (2 3)"},
    {"for", "(for [name collection ...] value)",
     "a value for each element, with :let, :when and :while between the collections",
     "(for [x [1 2 3] :when (odd? x) y [:a :b]] [x y]) => ([1 :a] [1 :b] [3 :a] [3 :b])"},
    {"loop", "(loop [name value ...] body...)", "a place for recur to come back to",
     "(loop [i 3 sum 0] (if (zero? i) sum (recur (dec i) (+ sum i)))) => 6"},
    {"recur", "(recur value...)", "the enclosing loop or function again, from its tail",
     "((fn [n sum] (if (zero? n) sum (recur (dec n) (+ sum n)))) 3 0) => 6"},
};

}  // namespace

std::span<const SpecialFormInfo> special_forms() { return kForms; }

}  // namespace ksv::expr
