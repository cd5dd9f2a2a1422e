// Update functions: compiled once, applied to a value as often as the update loop needs.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ksv/limits.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

struct FunctionLimits {
  std::uint64_t steps_max = limits::kFunctionStepsMax;
  std::size_t bytes_max = limits::kFunctionBytesMax;
  std::uint32_t depth_max = limits::kDepthMax;
};

class Program;  // the checked form of an expression

// A pure function in the data subset of Clojure: no input or output, no time, no randomness, so it
// may be applied again after a lost race. Immutable; may be applied from several threads.
class Function {
 public:
  // Compiles the text of an expression that gives a function: `inc`, `(fnil inc 0)`, `#(...)`,
  // :key,
  // {:a 1}. kUsage with "at line:column" when the text is wrong, names something that does not
  // exist or is left out of the language (with the nearest thing that exists), or gives no
  // function.
  static Result<Function> compile(std::string_view text, const FunctionLimits& limits = {});

  // f(args...). kFunction when the function fails or passes a limit; the message begins with the
  // name of what failed and ends with its place in the text: `inc: expected a number, got "abc"
  // (string) at 1:7`. The result holds no functions and no lazy sequences: it can be stored.
  Result<Value> apply(const Values& arguments) const;

  const std::string& text() const;

 private:
  explicit Function(std::shared_ptr<const Program> program);
  std::shared_ptr<const Program> program_;
};

}  // namespace ksv
