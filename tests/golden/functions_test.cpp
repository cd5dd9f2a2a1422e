// Update functions do what Clojure 1.11 did with the same expressions and values.
#include <doctest/doctest.h>
#include <sstream>

#include "codec/edn.h"
#include "expr/function.h"
#include "golden/function_rows.h"

namespace ksv::testing {
namespace {

using Outcome = FunctionRow::Outcome;

// The value as Clojure prints it.
std::string text_of(const Value& value) {
  static const Function kPrint = *Function::compile("pr-str");
  const Result<Value> text = kPrint.apply({value});
  return text ? text->as_string() : text.error().message();
}

// A result keeps its sets and maps in the order in which it was made, and forgets that they were
// sorted; doubles are printed by one JDK with digits that another leaves out.
bool is_expected(const Value& value, const std::string& expected) {
  if (text_of(value) == expected) return true;
  const Result<Value> wanted = read_edn(expected);
  return wanted && *wanted == value;
}

std::string refused(const FunctionRow& row, const Result<Function>& function) {
  if (function) return "was not refused";
  if (function.error().code() != ErrorCode::kUsage) return "was refused with another code";
  std::istringstream names(row.expected);
  std::string name;
  while (names >> name) {
    if (function.error().message().starts_with(name + " is not part of the language: ")) return "";
  }
  return "was refused with: " + function.error().message();
}

// What is wrong with the row, or nothing.
std::string check_row(const FunctionRow& row) {
  const Result<Function> function = Function::compile(row.expression);
  if (row.outcome == Outcome::kRefused) return refused(row, function);
  if (!function) {
    const bool usage = function.error().code() == ErrorCode::kUsage;
    if (row.outcome == Outcome::kError) return "";
    if (row.outcome == Outcome::kCompileError && usage) return "";
    return "does not compile: " + function.error().message();
  }
  if (row.outcome == Outcome::kCompileError) return "compiles";
  const Result<Value> result = function->apply(row.arguments);
  if (row.outcome != Outcome::kResult) {
    if (result) return "gives " + text_of(*result);
    return result.error().code() == ErrorCode::kFunction ? "" : "fails with another code";
  }
  if (!result) return "fails: " + result.error().message();
  if (is_expected(*result, row.expected)) return "";
  return "gives " + text_of(*result) + ", not " + row.expected;
}

}  // namespace

TEST_CASE("update functions do what Clojure does with them") {
  const std::vector<FunctionRow> rows = read_function_rows();
  REQUIRE(rows.size() > 2400);
  for (const FunctionRow& row : rows) {
    const std::string wrong = check_row(row);
    CHECK_MESSAGE(wrong.empty(), row.place << ": " << row.expression << " " << wrong);
  }
}

}  // namespace ksv::testing
