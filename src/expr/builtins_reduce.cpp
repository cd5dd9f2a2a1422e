// Reductions and quantifiers.
#include "expr/builtins.h"
#include "expr/collection.h"
#include "expr/cursor.h"
#include "expr/object.h"
#include "expr/require.h"

namespace ksv::expr {
namespace {

// What Clojure does with a collection that reduces itself: it takes the function for one before it
// calls it, if it ever does. Of a sequence it depends on how that was made.
Status require_function(const Value& f, const Value& collection) {
  if (f.is_nil() || is_invokable(f)) return ok();
  const bool sequence = collection.is(Kind::kList) && collection.shape() != Shape::kLazy &&
                        !collection.items().empty();
  if (collection.is(Kind::kVector) || collection.is(Kind::kSeq) || sequence) {
    return expected("a function", f);
  }
  return ok();
}

Result<Value> reduce(Machine& machine, Arguments arguments) {
  const Value f = std::move(arguments[0]);
  KSV_CHECK(require_function(f, arguments.back()));
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments.back())));
  Value result;
  if (arguments.size() == 3) {
    result = std::move(arguments[1]);
  } else if (!cursor.next(result)) {
    return machine.call(f, Arguments());
  }
  Value element;
  while (cursor.next(element)) {
    result = KSV_TRY(machine.call(f, std::move(result), std::move(element)));
    if (const Reduced* last = reduced_of(result)) return last->value();
  }
  return result;
}

Result<Value> reduce_kv(Machine& machine, Arguments arguments) {
  const bool of_map = arguments[2].is(Kind::kMap) && !arguments[0].is_nil();
  if (of_map && !is_invokable(arguments[0])) return expected("a function", arguments[0]);
  KSV_CHECK(require_function(arguments[0], arguments[2]));
  Value result = std::move(arguments[1]);
  const Value& source = arguments[2];
  const bool vector = source.is(Kind::kVector) && !is_entry(source);
  Cursor cursor = KSV_TRY(Cursor::over(machine, source));
  Value element;
  for (std::int64_t index = 0; cursor.next(element); ++index) {
    if (!vector && !is_entry(element)) return expected("an entry of a map", element);
    Value call[] = {std::move(result), vector ? Value::integer(index) : element.items()[0],
                    vector ? element : element.items()[1]};
    result = KSV_TRY(machine.call(arguments[0], call));
    if (const Reduced* last = reduced_of(result)) return last->value();
  }
  return result;
}

Result<Value> reductions(Machine& machine, Arguments arguments) {
  const Value f = std::move(arguments[0]);
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments.back())));
  if (cursor.is_endless()) return endless();
  Value result;
  const bool given = arguments.size() == 3;
  if (given) {
    result = std::move(arguments[1]);
  } else if (!cursor.next(result)) {
    result = KSV_TRY(machine.call(f, Arguments()));
  }
  // (reductions f (reduced x) coll) is a list of x.
  if (given && reduced_of(result) != nullptr) return Value::list({unreduced(result)});
  Values all;
  all.push_back(unreduced(result));
  Value element;
  while (reduced_of(result) == nullptr && cursor.next(element)) {
    if (!machine.take(sizeof(Value))) return machine.out_of_memory();
    result = KSV_TRY(machine.call(f, std::move(result), std::move(element)));
    all.push_back(unreduced(result));
  }
  return given ? sequence(std::move(all), Shape::kHead) : lazy(std::move(all));
}

Result<Value> make_reduced(Machine&, Arguments arguments) {
  return reduced(std::move(arguments[0]));
}

Result<Value> is_reduced(Machine&, Arguments arguments) {
  return Value::boolean(reduced_of(arguments[0]) != nullptr);
}

Result<Value> without_reduced(Machine&, Arguments arguments) { return unreduced(arguments[0]); }

Result<Value> some(Machine& machine, Arguments arguments) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments[1])));
  Value element;
  while (cursor.next(element)) {
    Value found = KSV_TRY(machine.call(arguments[0], std::move(element)));
    if (found.is_truthy()) return found;
  }
  return Value();
}

// Whether one of the elements has that truth.
Result<bool> any_is(Machine& machine, Arguments arguments, bool wanted) {
  Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments[1])));
  Value element;
  while (cursor.next(element)) {
    const Value found = KSV_TRY(machine.call(arguments[0], std::move(element)));
    if (found.is_truthy() == wanted) return true;
  }
  return false;
}

template <bool Wanted, bool Answer>
Result<Value> quantifier(Machine& machine, Arguments arguments) {
  const bool found = KSV_TRY(any_is(machine, arguments, Wanted));
  return Value::boolean(found == Answer);
}

constexpr BuiltinInfo kBuiltins[] = {
    {"reduce", 2, 3, reduce, "a function applied to a result so far and each element",
     "(reduce + 10 [1 2 3]) => 16"},
    {"reduce-kv", 3, 3, reduce_kv, "the same with key and value of a map, or index and element",
     "(reduce-kv (fn [n k v] (+ n v)) 0 {:a 1 :b 2}) => 3"},
    {"reductions", 2, 3, reductions, "all results of a reduction on the way",
     "(reductions + [1 2 3]) => (1 3 6)"},
    {"reduced", 1, 1, make_reduced, "ends a reduction with this value",
     "(reduce (fn [a x] (if (> x 1) (reduced a) (+ a x))) 0 [1 2 3]) => 1"},
    {"reduced?", 1, 1, is_reduced, "whether it is what reduced gave",
     "(reduced? (reduced 1)) => true"},
    {"unreduced", 1, 1, without_reduced, "the value that reduced was given",
     "(unreduced (reduced 1)) => 1"},
    {"some", 2, 2, some, "the first result that is neither nil nor false, or nil",
     "(some #{:b} [:a :b]) => :b"},
    {"every?", 2, 2, quantifier<false, false>, "whether the function holds for all elements",
     "(every? odd? [1 3]) => true"},
    {"not-every?", 2, 2, quantifier<false, true>, "whether it does not hold for one",
     "(not-every? odd? [1 2]) => true"},
    {"not-any?", 2, 2, quantifier<true, false>, "whether it holds for none",
     "(not-any? nil? [1 2]) => true"},
};

}  // namespace

std::span<const BuiltinInfo> reduce_builtins() { return kBuiltins; }

}  // namespace ksv::expr
