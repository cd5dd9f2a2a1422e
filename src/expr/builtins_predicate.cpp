// Predicates: what a value is.
#include <cmath>

#include "data/numbers.h"
#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/object.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

using Test = bool (*)(const Value&);

template <Test Holds>
Result<Value> predicate(Machine&, Arguments arguments) {
  return Value::boolean(Holds(arguments[0]));
}

template <Kind Wanted>
bool is_kind(const Value& value) {
  return value.is(Wanted);
}

bool is_nil(const Value& value) { return value.is_nil(); }
bool is_some(const Value& value) { return !value.is_nil(); }
bool is_true(const Value& value) { return value.is(Kind::kBoolean) && value.as_boolean(); }
bool is_false(const Value& value) { return value.is(Kind::kBoolean) && !value.as_boolean(); }
bool is_number(const Value& value) { return value.is_number(); }
bool is_integer(const Value& value) { return value.is(Kind::kLong) || value.is(Kind::kBigInt); }
bool is_rational(const Value& value) {
  return is_integer(value) || value.is(Kind::kRatio) || value.is(Kind::kDecimal);
}
bool is_floating(const Value& value) { return value.is(Kind::kDouble) || value.is(Kind::kFloat); }
bool is_natural(const Value& value) { return value.is(Kind::kLong) && value.as_long() >= 0; }
bool is_positive_int(const Value& value) { return value.is(Kind::kLong) && value.as_long() > 0; }
bool is_negative_int(const Value& value) { return value.is(Kind::kLong) && value.as_long() < 0; }
bool is_ident(const Value& value) { return value.is(Kind::kKeyword) || value.is(Kind::kSymbol); }
bool is_simple(const Value& value) { return is_ident(value) && !value.as_name().ns; }
bool is_qualified(const Value& value) { return is_ident(value) && value.as_name().ns; }
bool is_simple_keyword(const Value& value) { return value.is(Kind::kKeyword) && is_simple(value); }
bool is_simple_symbol(const Value& value) { return value.is(Kind::kSymbol) && is_simple(value); }
bool is_qualified_keyword(const Value& value) {
  return value.is(Kind::kKeyword) && is_qualified(value);
}
bool is_qualified_symbol(const Value& value) {
  return value.is(Kind::kSymbol) && is_qualified(value);
}
bool is_map(const Value& value) { return value.is(Kind::kMap) || value.is(Kind::kRecord); }
bool is_plain_list(const Value& value) {
  return value.is(Kind::kList) && value.shape() == Shape::kNone;
}
Result<Value> is_list(Machine&, Arguments arguments) {
  const Value& value = arguments[0];
  if (value.is(Kind::kList) && (value.shape() == Shape::kNext || value.shape() == Shape::kRest)) {
    return failure(
        "whether the rest of a sequence is a list in Clojure depends on how it was made: use seq?");
  }
  return Value::boolean(is_plain_list(value));
}
bool is_sequential(const Value& value) {
  return value.is_sequential() || endless_of(value) != nullptr;
}
bool is_associative(const Value& value) { return is_map(value) || value.is(Kind::kVector); }
Result<Value> is_counted(Machine&, Arguments arguments) {
  const Value& value = arguments[0];
  if (is_seq(value) && !is_plain_list(value) && value.shape() != Shape::kLazy) {
    return failure(
        "whether Clojure counts a sequence without a walk depends on how it was made: use vector?");
  }
  return Value::boolean(is_associative(value) || value.is(Kind::kSet) || is_plain_list(value));
}
bool is_seqable(const Value& value) {
  return value.is_nil() || is_collection(value) || value.is(Kind::kString) ||
         value.is(Kind::kArray) || value.is(Kind::kBytes);
}
bool is_sorted(const Value& value) { return value.shape() == Shape::kSorted; }
bool is_function(const Value& value) { return callable_of(value) != nullptr; }

template <Test Holds>
Result<Value> number_predicate(Machine&, Arguments arguments) {
  KSV_CHECK(require_number(arguments[0]));
  return Value::boolean(Holds(arguments[0]));
}

bool is_infinite(const Value& value) { return std::isinf(double_of(value)); }

template <bool Odd>
Result<Value> parity(Machine&, Arguments arguments) {
  if (!is_integer(arguments[0])) return expected("an integer", arguments[0]);
  const bool odd = KSV_TRY(is_odd(arguments[0]));
  return Value::boolean(odd == Odd);
}

constexpr BuiltinInfo kBuiltins[] = {
    {"nil?", 1, 1, predicate<is_nil>, "whether it is nil", "(nil? nil) => true"},
    {"some?", 1, 1, predicate<is_some>, "whether it is not nil", "(some? false) => true"},
    {"true?", 1, 1, predicate<is_true>, "whether it is true", "(true? 1) => false"},
    {"false?", 1, 1, predicate<is_false>, "whether it is false", "(false? nil) => false"},
    {"boolean?", 1, 1, predicate<is_kind<Kind::kBoolean>>, "whether it is true or false",
     "(boolean? false) => true"},
    {"number?", 1, 1, predicate<is_number>, "whether it is a number", "(number? 1/2) => true"},
    {"int?", 1, 1, predicate<is_kind<Kind::kLong>>, "whether it is an integer of 64 bits",
     "(int? 5N) => false"},
    {"integer?", 1, 1, predicate<is_integer>, "whether it is an integer of any size",
     "(integer? 5N) => true"},
    {"nat-int?", 1, 1, predicate<is_natural>, "whether it is an integer from 0 up",
     "(nat-int? 0) => true"},
    {"pos-int?", 1, 1, predicate<is_positive_int>, "whether it is an integer from 1 up",
     "(pos-int? 0) => false"},
    {"neg-int?", 1, 1, predicate<is_negative_int>, "whether it is an integer below 0",
     "(neg-int? -1) => true"},
    {"float?", 1, 1, predicate<is_floating>, "whether it is a floating point number",
     "(float? 1.5) => true"},
    {"double?", 1, 1, predicate<is_kind<Kind::kDouble>>, "whether it is a double",
     "(double? 1.5) => true"},
    {"ratio?", 1, 1, predicate<is_kind<Kind::kRatio>>, "whether it is a ratio",
     "(ratio? 1/2) => true"},
    {"rational?", 1, 1, predicate<is_rational>, "whether it is an integer, ratio or decimal",
     "(rational? 1.5) => false"},
    {"decimal?", 1, 1, predicate<is_kind<Kind::kDecimal>>, "whether it is a decimal",
     "(decimal? 1.5M) => true"},
    {"zero?", 1, 1, number_predicate<is_zero>, "whether the number is zero", "(zero? 0.0) => true"},
    {"pos?", 1, 1, number_predicate<is_positive>, "whether the number is above zero",
     "(pos? 1) => true"},
    {"neg?", 1, 1, number_predicate<is_negative>, "whether the number is below zero",
     "(neg? -1) => true"},
    {"even?", 1, 1, parity<false>, "whether the integer is even", "(even? 2) => true"},
    {"odd?", 1, 1, parity<true>, "whether the integer is odd", "(odd? 2) => false"},
    {"NaN?", 1, 1, number_predicate<is_nan>, "whether it is not a number", "(NaN? ##NaN) => true"},
    {"infinite?", 1, 1, number_predicate<is_infinite>, "whether it is an infinity",
     "(infinite? ##-Inf) => true"},
    {"string?", 1, 1, predicate<is_kind<Kind::kString>>, "whether it is a string",
     "(string? \"a\") => true"},
    {"char?", 1, 1, predicate<is_kind<Kind::kChar>>, "whether it is a character",
     "(char? \\a) => true"},
    {"keyword?", 1, 1, predicate<is_kind<Kind::kKeyword>>, "whether it is a keyword",
     "(keyword? :a) => true"},
    {"symbol?", 1, 1, predicate<is_kind<Kind::kSymbol>>, "whether it is a symbol",
     "(symbol? 'a) => true"},
    {"ident?", 1, 1, predicate<is_ident>, "whether it is a keyword or symbol",
     "(ident? :a) => true"},
    {"simple-ident?", 1, 1, predicate<is_simple>, "whether it is one without a namespace",
     "(simple-ident? :a/b) => false"},
    {"qualified-ident?", 1, 1, predicate<is_qualified>, "whether it is one with a namespace",
     "(qualified-ident? :a/b) => true"},
    {"simple-keyword?", 1, 1, predicate<is_simple_keyword>,
     "whether it is a keyword without a namespace", "(simple-keyword? :a) => true"},
    {"qualified-keyword?", 1, 1, predicate<is_qualified_keyword>,
     "whether it is a keyword with a namespace", "(qualified-keyword? :a) => false"},
    {"simple-symbol?", 1, 1, predicate<is_simple_symbol>,
     "whether it is a symbol without a namespace", "(simple-symbol? 'a) => true"},
    {"qualified-symbol?", 1, 1, predicate<is_qualified_symbol>,
     "whether it is a symbol with a namespace", "(qualified-symbol? 'a/b) => true"},
    {"uuid?", 1, 1, predicate<is_kind<Kind::kUuid>>, "whether it is a uuid",
     "(uuid? \"a\") => false"},
    {"inst?", 1, 1, predicate<is_kind<Kind::kInst>>, "whether it is an instant",
     "(inst? #inst \"2020-01-01\") => true"},
    {"coll?", 1, 1, predicate<is_collection>, "whether it is a collection", "(coll? []) => true"},
    {"vector?", 1, 1, predicate<is_kind<Kind::kVector>>, "whether it is a vector",
     "(vector? [1]) => true"},
    {"list?", 1, 1, is_list, "whether it is a list, and no other sequence",
     "(list? (map inc [1])) => false"},
    {"map?", 1, 1, predicate<is_map>, "whether it is a map", "(map? {}) => true"},
    {"set?", 1, 1, predicate<is_kind<Kind::kSet>>, "whether it is a set", "(set? #{}) => true"},
    {"seq?", 1, 1, predicate<is_seq>, "whether it is a list or other sequence",
     "(seq? (map inc [1])) => true"},
    {"sequential?", 1, 1, predicate<is_sequential>, "whether it is a vector, list or sequence",
     "(sequential? {}) => false"},
    {"associative?", 1, 1, predicate<is_associative>, "whether it is a map or vector",
     "(associative? [1]) => true"},
    {"counted?", 1, 1, is_counted, "whether its size is known without a walk",
     "(counted? [1]) => true"},
    {"seqable?", 1, 1, predicate<is_seqable>, "whether seq can make a sequence of it",
     "(seqable? \"a\") => true"},
    {"sorted?", 1, 1, predicate<is_sorted>, "whether it is a sorted map or set",
     "(sorted? (sorted-map)) => true"},
    {"map-entry?", 1, 1, predicate<is_entry>, "whether it is an entry of a map",
     "(map-entry? (first {:a 1})) => true"},
    {"fn?", 1, 1, predicate<is_function>, "whether it is a function", "(fn? inc) => true"},
    {"ifn?", 1, 1, predicate<is_invokable>,
     "whether it can be called: a function, keyword, symbol, map, set or vector",
     "(ifn? :a) => true"},
};

}  // namespace

std::span<const BuiltinInfo> predicate_builtins() { return kBuiltins; }

}  // namespace ksv::expr
