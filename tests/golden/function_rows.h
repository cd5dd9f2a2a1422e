// Rows of golden update functions: an expression, a value, arguments and what Clojure made of them.
#pragma once

#include <string>
#include <vector>

#include "ksv/value.h"

namespace ksv::testing {

struct FunctionRow {
  enum class Outcome {
    kResult,        // "=> value"
    kError,         // "%error": when it is compiled or called
    kCompileError,  // "%error compile"
    kCallError,     // "%error call"
    kRefused,       // "%refused name...": one of the names is not in the language
  };
  std::string place{};  // file and line
  std::string expression{};
  Values arguments{};  // the value first
  Outcome outcome = Outcome::kResult;
  std::string expected{};  // the text of the result, or the names refused
};

// All rows of tests/golden/functions/*.txt, in the order of the files' names. Groups of lines with
// blank lines between them; lines that begin with ";;" say something about the rows after them:
//   expression
//   old value, or %absent
//   arguments, if there are any
//   => result, %error ... or %refused ...
std::vector<FunctionRow> read_function_rows();

}  // namespace ksv::testing
