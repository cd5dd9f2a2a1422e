// Sequences made of sequences: map, filter and their like, also as transducers.
#include <string>

#include "expr/builtins.h"
#include "expr/cursor.h"
#include "expr/require.h"
#include "expr/stage.h"
#include "expr/transducer.h"

namespace ksv::expr {
namespace {

// (name parameter coll), or without a collection the transducer.
template <StageKind Kind>
Result<Value> staged(Machine& machine, Arguments arguments, std::string_view name) {
  std::unique_ptr<Stage> stage = KSV_TRY(make_stage(Kind, arguments[0]));
  if (arguments.size() == 1) return make_transducer(Kind, std::move(arguments[0]), name);
  Values results = KSV_TRY(run_stage(machine, *stage, std::move(arguments[1])));
  return lazy(std::move(results));
}

template <StageKind Kind>
Result<Value> staged_alone(Machine& machine, Arguments arguments, std::string_view name) {
  if (arguments.empty()) return make_transducer(Kind, Value(), name);
  std::unique_ptr<Stage> stage = KSV_TRY(make_stage(Kind, Value()));
  Values results = KSV_TRY(run_stage(machine, *stage, std::move(arguments[0])));
  return lazy(std::move(results));
}

// f applied to the first elements, the second elements ... of several collections.
Result<Values> map_across(Machine& machine, Arguments arguments) {
  std::vector<Cursor> cursors;
  bool all_endless = true;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    Cursor cursor = KSV_TRY(Cursor::over(machine, std::move(arguments[i])));
    all_endless = all_endless && cursor.is_endless();
    cursors.push_back(std::move(cursor));
  }
  if (all_endless) return endless();
  Values results;
  Values row(cursors.size());
  for (;;) {
    for (std::size_t i = 0; i < cursors.size(); ++i) {
      if (!cursors[i].next(row[i])) return results;
    }
    if (!machine.take(sizeof(Value))) return machine.out_of_memory();
    Value result = KSV_TRY(machine.call(arguments[0], row));
    results.push_back(std::move(result));
  }
}

Result<Values> mapped(Machine& machine, Arguments arguments) {
  if (arguments.size() > 2) return map_across(machine, arguments);
  std::unique_ptr<Stage> stage = KSV_TRY(make_stage(StageKind::kMap, arguments[0]));
  return run_stage(machine, *stage, std::move(arguments[1]));
}

Result<Value> map(Machine& machine, Arguments arguments) {
  if (arguments.size() == 1) return staged<StageKind::kMap>(machine, arguments, "map");
  Values results = KSV_TRY(mapped(machine, arguments));
  return lazy(std::move(results));
}

Result<Value> mapv(Machine& machine, Arguments arguments) {
  Values results = KSV_TRY(mapped(machine, arguments));
  return Value::vector(std::move(results));
}

Result<Value> mapcat(Machine& machine, Arguments arguments) {
  if (arguments.size() <= 2) return staged<StageKind::kMapcat>(machine, arguments, "mapcat");
  Values lists = KSV_TRY(map_across(machine, arguments));
  Values results;
  for (Value& list : lists) {
    Values parts = KSV_TRY(elements_of(machine, std::move(list)));
    results.insert(results.end(), std::make_move_iterator(parts.begin()),
                   std::make_move_iterator(parts.end()));
  }
  return lazy(std::move(results));
}

Result<Value> filterv(Machine& machine, Arguments arguments) {
  std::unique_ptr<Stage> stage = KSV_TRY(make_stage(StageKind::kFilter, arguments[0]));
  Values results = KSV_TRY(run_stage(machine, *stage, std::move(arguments[1])));
  return Value::vector(std::move(results));
}

Result<Value> map_indexed(Machine& machine, Arguments arguments) {
  return staged<StageKind::kMapIndexed>(machine, arguments, "map-indexed");
}
Result<Value> filter(Machine& machine, Arguments arguments) {
  return staged<StageKind::kFilter>(machine, arguments, "filter");
}
Result<Value> remove(Machine& machine, Arguments arguments) {
  return staged<StageKind::kRemove>(machine, arguments, "remove");
}
Result<Value> keep(Machine& machine, Arguments arguments) {
  return staged<StageKind::kKeep>(machine, arguments, "keep");
}
Result<Value> keep_indexed(Machine& machine, Arguments arguments) {
  return staged<StageKind::kKeepIndexed>(machine, arguments, "keep-indexed");
}
Result<Value> take(Machine& machine, Arguments arguments) {
  return staged<StageKind::kTake>(machine, arguments, "take");
}
Result<Value> take_while(Machine& machine, Arguments arguments) {
  return staged<StageKind::kTakeWhile>(machine, arguments, "take-while");
}
Result<Value> drop_while(Machine& machine, Arguments arguments) {
  return staged<StageKind::kDropWhile>(machine, arguments, "drop-while");
}
Result<Value> distinct(Machine& machine, Arguments arguments) {
  // Clojure takes the first element by nth, which maps and sets do not have.
  if (!arguments.empty() && (arguments[0].is(Kind::kMap) || arguments[0].is(Kind::kSet))) {
    return expected("a vector, list or string", arguments[0]);
  }
  return staged_alone<StageKind::kDistinct>(machine, arguments, "distinct");
}
Result<Value> dedupe(Machine& machine, Arguments arguments) {
  Value result = KSV_TRY(staged_alone<StageKind::kDedupe>(machine, arguments, "dedupe"));
  // Of nothing it is the empty list, not an empty lazy sequence.
  if (result.is(Kind::kList) && result.items().empty()) return Value::list({});
  return result;
}
Result<Value> interpose(Machine& machine, Arguments arguments) {
  return staged<StageKind::kInterpose>(machine, arguments, "interpose");
}
Result<Value> partition_by(Machine& machine, Arguments arguments) {
  return staged<StageKind::kPartitionBy>(machine, arguments, "partition-by");
}

constexpr BuiltinInfo kBuiltins[] = {
    {"map", 1, kAnyArity, map, "a function applied to each element, or across collections",
     "(map + [1 2] [10 20]) => (11 22)"},
    {"mapv", 2, kAnyArity, mapv, "the same, as a vector", "(mapv inc [1 2]) => [2 3]"},
    {"map-indexed", 1, 2, map_indexed, "a function applied to each index and element",
     "(map-indexed vector [:a :b]) => ([0 :a] [1 :b])"},
    {"mapcat", 1, kAnyArity, mapcat, "the results of map, joined",
     "(mapcat reverse [[1 2] [3 4]]) => (2 1 4 3)"},
    {"filter", 1, 2, filter, "the elements for which the function holds",
     "(filter odd? [1 2 3]) => (1 3)"},
    {"filterv", 2, 2, filterv, "the same, as a vector", "(filterv odd? [1 2 3]) => [1 3]"},
    {"remove", 1, 2, remove, "the elements for which the function does not hold",
     "(remove nil? [1 nil 2]) => (1 2)"},
    {"keep", 1, 2, keep, "the results of the function that are not nil",
     "(keep :a [{:a 1} {}]) => (1)"},
    {"keep-indexed", 1, 2, keep_indexed, "the same, of each index and element",
     "(keep-indexed (fn [i x] (if (odd? i) x)) [:a :b]) => (:b)"},
    {"take", 1, 2, take, "the first elements", "(take 2 [1 2 3]) => (1 2)"},
    {"take-while", 1, 2, take_while, "the elements up to the first that does not hold",
     "(take-while pos? [1 -1 2]) => (1)"},
    {"drop-while", 1, 2, drop_while, "the elements from the first that does not hold",
     "(drop-while pos? [1 -1 2]) => (-1 2)"},
    {"distinct", 0, 1, distinct, "each element once", "(distinct [1 2 1]) => (1 2)"},
    {"dedupe", 0, 1, dedupe, "without elements equal to the one before",
     "(dedupe [1 1 2 1]) => (1 2 1)"},
    {"interpose", 1, 2, interpose, "with a separator between the elements",
     "(interpose 0 [1 2]) => (1 0 2)"},
    {"partition-by", 1, 2, partition_by, "parts of neighbours with equal results",
     "(partition-by odd? [1 3 2]) => ((1 3) (2))"},
};

}  // namespace

std::span<const BuiltinInfo> transform_builtins() { return kBuiltins; }

}  // namespace ksv::expr
