// Parts of sequences by count, and sequences made of nothing: range, repeat.
#include <algorithm>
#include <utility>

#include "data/numbers.h"
#include "expr/builtins.h"
#include "expr/cursor.h"
#include "expr/object.h"
#include "expr/require.h"
#include "expr/stage.h"
#include "expr/transducer.h"

namespace ksv::expr {
namespace {

Result<Value> drop(Machine& machine, Arguments arguments) {
  if (arguments.size() == 1) {
    KSV_CHECK(require_number(arguments[0]));
    return make_transducer(StageKind::kDrop, std::move(arguments[0]), "drop");
  }
  const std::size_t count = KSV_TRY(require_count(arguments[0]));
  if (const Endless* source = endless_of(arguments[1])) return source->from(count);
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  elements.erase(elements.begin(),
                 elements.begin() + static_cast<std::ptrdiff_t>(std::min(count, elements.size())));
  return lazy(std::move(elements));
}

Result<Value> take_last(Machine& machine, Arguments arguments) {
  const std::size_t count = KSV_TRY(require_count(arguments[0]));
  Shape shape = seq_shape(arguments[1]);
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  if (count < elements.size() && shape == Shape::kHead) shape = Shape::kNext;
  const std::size_t kept = std::min(count, elements.size());
  elements.erase(elements.begin(), elements.end() - static_cast<std::ptrdiff_t>(kept));
  return elements.empty() ? Value() : sequence(std::move(elements), shape);
}

Result<Value> drop_last(Machine& machine, Arguments arguments) {
  std::size_t count = 1;
  if (arguments.size() == 2) count = KSV_TRY(require_count(arguments[0]));
  Values elements = KSV_TRY(elements_of(machine, std::move(arguments.back())));
  elements.resize(elements.size() - std::min(count, elements.size()));
  return lazy(std::move(elements));
}

Result<Value> split_at(Machine& machine, Arguments arguments) {
  const std::size_t count = KSV_TRY(require_count(arguments[0]));
  const Value source = std::move(arguments[1]);
  if (const Endless* endless = endless_of(source)) {
    std::unique_ptr<Stage> stage = KSV_TRY(make_stage(StageKind::kTake, arguments[0]));
    Values start = KSV_TRY(run_stage(machine, *stage, source));
    return Value::vector({lazy(std::move(start)), endless->from(count)});
  }
  Values before = KSV_TRY(elements_of(machine, source));
  const auto middle = before.begin() + static_cast<std::ptrdiff_t>(std::min(count, before.size()));
  Values from(std::make_move_iterator(middle), std::make_move_iterator(before.end()));
  before.erase(middle, before.end());
  return Value::vector({lazy(std::move(before)), lazy(std::move(from))});
}

Result<Value> split_with(Machine& machine, Arguments arguments) {
  Values before = KSV_TRY(elements_of(machine, std::move(arguments[1])));
  std::size_t at = 0;
  for (; at < before.size(); ++at) {
    const Value holds = KSV_TRY(machine.call(arguments[0], before[at]));
    if (!holds.is_truthy()) break;
  }
  const auto middle = before.begin() + static_cast<std::ptrdiff_t>(at);
  Values from(std::make_move_iterator(middle), std::make_move_iterator(before.end()));
  before.erase(middle, before.end());
  return Value::vector({lazy(std::move(before)), lazy(std::move(from))});
}

// How far the starts of parts are apart; without a step the parts would never end.
Result<std::size_t> require_step(const Value& value) {
  const std::size_t step = KSV_TRY(require_count(value));
  if (step == 0) return expected("a size and step above 0", value);
  return step;
}

Values part_of(const Values& elements, std::size_t at, std::size_t size) {
  const auto begin = elements.begin() + static_cast<std::ptrdiff_t>(at);
  return {begin, begin + static_cast<std::ptrdiff_t>(std::min(size, elements.size() - at))};
}

// (partition n coll), (partition n step coll), (partition n step pad coll): whole parts, and with
// padding a last one that is not.
Result<Value> partition(Machine& machine, Arguments arguments) {
  const Values elements = KSV_TRY(elements_of(machine, std::move(arguments.back())));
  if (elements.empty()) return lazy({});
  const std::size_t size = KSV_TRY(require_count(arguments[0]));
  // A part is whole when its size equals n, which a fraction or negative number never does.
  const bool countable =
      arguments[0] ==
      Value::integer(static_cast<std::int64_t>(std::min(size, elements.size() + 1)));
  const bool reachable = countable && size <= elements.size();
  const bool pads = arguments.size() == 4;
  if (!reachable && !pads) return lazy({});
  std::size_t step = elements.size();
  if (reachable) step = KSV_TRY(require_step(arguments.size() > 2 ? arguments[1] : arguments[0]));
  Values parts;
  for (std::size_t at = 0; at < elements.size(); at += std::min(step, elements.size() - at)) {
    KSV_CHECK(machine.grow(std::min(size, elements.size()) + 4));
    Values part = part_of(elements, at, size);
    const bool whole = reachable && part.size() == size;
    if (!whole && !pads) break;
    if (!whole) {
      const Values padding = KSV_TRY(elements_of(machine, arguments[2]));
      for (std::size_t i = 0; part.size() < size && i < padding.size(); ++i) {
        part.push_back(padding[i]);
      }
    }
    parts.push_back(lazy(std::move(part)));
    if (!whole) break;
  }
  return lazy(std::move(parts));
}

Result<Value> partition_all(Machine& machine, Arguments arguments) {
  if (arguments.size() == 1) {
    KSV_CHECK(make_stage(StageKind::kPartitionAll, arguments[0]));
    return make_transducer(StageKind::kPartitionAll, std::move(arguments[0]), "partition-all");
  }
  const Values elements = KSV_TRY(elements_of(machine, std::move(arguments.back())));
  if (elements.empty()) return lazy({});
  const std::size_t size = KSV_TRY(require_count(arguments[0]));
  const std::size_t step =
      KSV_TRY(require_step(arguments.size() > 2 ? arguments[1] : arguments[0]));
  Values parts;
  for (std::size_t at = 0; at < elements.size(); at += std::min(step, elements.size() - at)) {
    KSV_CHECK(machine.grow(std::min(size, elements.size()) + 4));
    parts.push_back(lazy(part_of(elements, at, size)));
  }
  return lazy(std::move(parts));
}

Result<Value> range_of_longs(Machine& machine, std::int64_t from, std::int64_t to,
                             std::int64_t step) {
  Values items;
  for (std::int64_t at = from; step > 0 ? at < to : at > to;) {
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(sizeof(Value))) return machine.out_of_memory();
    items.push_back(Value::integer(at));
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return sequence(std::move(items));
}

// (range), (range end), (range start end), (range start end step), with any kinds of number.
Result<Value> range(Machine& machine, Arguments arguments) {
  if (arguments.empty()) return make_object<Endless>(Value::integer(0), true);
  for (const Value& argument : arguments) KSV_CHECK(require_number(argument));
  const Value zero = Value::integer(0);
  const Value start = arguments.size() > 1 ? arguments[0] : zero;
  const Value end = arguments.size() > 1 ? arguments[1] : arguments[0];
  const Value step = arguments.size() > 2 ? arguments[2] : Value::integer(1);
  if (is_zero(step)) {
    const std::partial_ordering order = KSV_TRY(order_numbers(start, end));
    if (order == 0) return Value::list({});
    return make_object<Endless>(start, false);
  }
  if (start.is(Kind::kLong) && end.is(Kind::kLong) && step.is(Kind::kLong)) {
    return range_of_longs(machine, start.as_long(), end.as_long(), step.as_long());
  }
  const bool up = is_positive(step);
  Values items;
  Value at = start;
  for (;;) {
    const std::partial_ordering order = KSV_TRY(order_numbers(at, end));
    if (up ? !(order < 0) : !(order > 0)) break;
    if (!machine.spend()) return machine.out_of_steps();
    if (!machine.take(4 * sizeof(Value))) return machine.out_of_memory();
    items.push_back(at);
    at = KSV_TRY(add(at, step, Overflow::kPromote));
  }
  return sequence(std::move(items));
}

Result<Value> repeat(Machine& machine, Arguments arguments) {
  if (arguments.size() == 1) return make_object<Endless>(std::move(arguments[0]), false);
  KSV_CHECK(require_number(arguments[0]));
  const Value whole = KSV_TRY(to_long(arguments[0]));
  const auto count = static_cast<std::size_t>(std::max(whole.as_long(), std::int64_t{0}));
  if (count > (std::size_t{1} << 40)) return machine.out_of_memory();
  KSV_CHECK(machine.grow(count));
  return sequence(Values(count, arguments[1]));
}

constexpr BuiltinInfo kBuiltins[] = {
    {"drop", 1, 2, drop, "without the first elements", "(drop 1 [1 2 3]) => (2 3)"},
    {"take-last", 2, 2, take_last, "the last elements, or nil", "(take-last 2 [1 2 3]) => (2 3)"},
    {"drop-last", 1, 2, drop_last, "without the last element, or the last few",
     "(drop-last [1 2 3]) => (1 2)"},
    {"split-at", 2, 2, split_at, "the first elements, and the others",
     "(split-at 1 [1 2 3]) => [(1) (2 3)]"},
    {"split-with", 2, 2, split_with,
     "the elements up to the first that does not hold, and the others",
     "(split-with pos? [1 -1 2]) => [(1) (-1 2)]"},
    {"partition", 2, 4, partition,
     "parts of that size, a step apart, the last perhaps padded; a rest is left out",
     "(partition 2 [1 2 3]) => ((1 2))"},
    {"partition-all", 1, 3, partition_all, "the same with the rest",
     "(partition-all 2 [1 2 3]) => ((1 2) (3))"},
    {"range", 0, 3, range, "numbers from a start (0) up to an end, a step (1) apart",
     "(range 3) => (0 1 2)"},
    {"repeat", 1, 2, repeat, "the same value so many times", "(repeat 2 :a) => (:a :a)"},
};

}  // namespace

std::span<const BuiltinInfo> slice_builtins() { return kBuiltins; }

}  // namespace ksv::expr
