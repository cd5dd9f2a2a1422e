// The state of one evaluation: its limits, how much of them is used, and how functions are called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/function.h"

namespace ksv::expr {

class Pattern;
struct Spread;

// Arguments of a call. The callee owns them and may move from them.
using Arguments = std::span<Value>;

class Machine {
 public:
  // Of the stack that calls may use in all: 5 of the 8 MiB that threads are given, so that the
  // parts of the innermost expression have room. Builds with sanitizers, whose frames are the
  // largest, reach limits::kDepthMax calls within it.
  static constexpr std::ptrdiff_t kStackBytes = std::ptrdiff_t{5} << 20;

  // `text` is the expression, for places in messages; it must outlive the machine. The machine is
  // used on the stack on which it is made.
  Machine(std::string_view text, const FunctionLimits& limits,
          std::ptrdiff_t stack_bytes = kStackBytes);

  // f(args...), for whatever Clojure can call: functions, keywords, symbols, maps, sets, vectors.
  Result<Value> call(const Value& f, Arguments arguments, const Spread* spread = nullptr);
  Result<Value> call(const Value& f, Value argument) { return call(f, Arguments(&argument, 1)); }
  Result<Value> call(const Value& f, Value first, Value second) {
    Value arguments[] = {std::move(first), std::move(second)};
    return call(f, arguments);
  }

  // Counts work: one step for each part of the expression that is evaluated and for each element
  // that a function walks over. False when the limit is passed; then out_of_steps() is the error.
  [[nodiscard]] bool spend(std::uint64_t steps = 1) {
    if (steps > steps_left_) return false;
    steps_left_ -= steps;
    return true;
  }
  Error out_of_steps();

  // The same for memory: bytes taken in all, whether given back or not, so that time is bounded
  // too.
  [[nodiscard]] bool take(std::size_t bytes) {
    if (bytes > bytes_left_) return false;
    bytes_left_ -= bytes;
    return true;
  }
  Error out_of_memory();

  // Both: `count` new elements of a collection.
  Status grow(std::size_t count) {
    if (count > bytes_left_ / sizeof(Value)) return out_of_memory();
    if (!spend(count / 8)) return out_of_steps();
    bytes_left_ -= count * sizeof(Value);
    return ok();
  }
  // Before an edit of `value` in place: pays for the copy that is made when it is shared.
  Status before_edit(const Value& value);

  // Pays for a walk over all of a value, as hashing, comparing and printing make one. Shared parts
  // count each time, as they are walked each time.
  Status pay_walk(const Value& value) {
    if (value.depth() == 0) return ok();
    return walk(value) ? ok() : Status(out_of_steps());
  }

  // Refuses a value that nests deeper than others can print or store.
  Status check_depth(const Value& value);

  // Enters a function call; leave() undoes it. False: too deep, out_of_depth() is the error.
  [[nodiscard]] bool enter();
  void leave() { --depth_; }
  Error out_of_depth();

  // The pattern of a regex, compiled once in an evaluation.
  Result<std::shared_ptr<const Pattern>> pattern(const std::string& source);

  // Whether an `into` with a transducer is running; the setter gives what was before.
  bool is_transducing() const { return transducing_; }
  bool set_transducing(bool now) { return std::exchange(transducing_, now); }

  // Puts the function's name before an error and its place behind it, once: the innermost call has
  // it right.
  Error place(Error error, std::string_view function, std::uint32_t at);

 private:
  Result<Value> call_collection(const Value& f, Arguments arguments);
  Error stop(std::string_view what);
  bool walk(const Value& value);

  std::string_view text_;
  FunctionLimits limits_;
  std::uint64_t steps_left_;
  std::size_t bytes_left_;
  std::uint32_t depth_ = 0;
  const char* stack_base_;
  std::ptrdiff_t stack_bytes_;
  bool placed_ = false;
  bool transducing_ = false;
  std::map<std::string, std::shared_ptr<const Pattern>> patterns_{};
};

// An error of the function that is running; its name and place are put around it by the caller.
Error failure(std::string message);
// "expected a number, got "abc" (string)".
Error expected(std::string_view what, const Value& got);
// "takes 1 or 2 arguments, got 3".
Error wrong_arity(std::string_view arities, std::size_t got);
// "integer", "function", "lazy sequence" ...: the kind of a value in messages.
std::string kind_text(const Value& value);
// A value for messages: `"abc" (string)`, `nil`, `the function inc`.
std::string kind_excerpt(const Value& value);

}  // namespace ksv::expr
