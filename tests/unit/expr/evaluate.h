// Evaluation of expressions in tests.
#pragma once

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>

#include "ksv/result.h"
#include "ksv/value.h"

#include "codec/edn.h"
#include "expr/function.h"

namespace ksv::testing {

// FN applied to values that are given as EDN text.
inline Result<Value> call(std::string_view fn, std::string_view arguments,
                          const FunctionLimits& limits = {}) {
  const Function function = KSV_TRY(Function::compile(fn, limits));
  Values values;
  EdnStream stream(arguments);
  for (;;) {
    std::optional<Value> value = KSV_TRY(stream.next());
    if (!value) break;
    values.push_back(*std::move(value));
  }
  return function.apply(values);
}

// The result as EDN text, or "error: message".
inline std::string call_text(std::string_view fn, std::string_view arguments,
                             const FunctionLimits& limits = {}) {
  const Result<Value> result = call(fn, arguments, limits);
  return result ? print_edn(*result) : "error: " + result.error().message();
}

// The value of an expression.
inline std::string value_text(const std::string& expression) {
  return call_text("(fn [_] " + expression + "\n)", "nil");
}

}  // namespace ksv::testing
