// The examples of the manual do what they say, and every function has one.
#include <doctest/doctest.h>
#include <set>
#include <string>

#include "expr/builtins.h"
#include "unit/expr/evaluate.h"

namespace ksv::testing {
namespace {

void check_example(std::string_view name, std::string_view example) {
  const std::size_t arrow = example.rfind(" => ");
  REQUIRE_MESSAGE(arrow != std::string_view::npos, name);
  const std::string expression(example.substr(0, arrow));
  const std::string expected(example.substr(arrow + 4));
  const Result<Value> result = call("(fn [_] " + expression + ")", "nil");
  REQUIRE_MESSAGE(result.has_value(), name << ": " << result.error().message());
  const Result<Value> wanted = read_edn(expected);
  REQUIRE_MESSAGE(wanted.has_value(), name);
  CHECK_MESSAGE(*result == *wanted, name << ": " << print_edn(*result));
}

}  // namespace

TEST_CASE("the example of each function and special form holds") {
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    for (const expr::BuiltinInfo& info : family.functions) check_example(info.name, info.example);
  }
  for (const expr::SpecialFormInfo& form : expr::special_forms()) {
    check_example(form.name, form.example);
  }
}

TEST_CASE("the table is whole: names once, with a summary, and examples that use them") {
  std::set<std::string_view> names;
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    CHECK_FALSE(family.functions.empty());
    for (const expr::BuiltinInfo& info : family.functions) {
      CHECK_MESSAGE(names.insert(info.name).second, info.name);
      CHECK_MESSAGE(!info.summary.empty(), info.name);
      CHECK_MESSAGE(info.example.find(info.name) != std::string_view::npos, info.name);
      CHECK_MESSAGE(info.arity_min <= info.arity_max, info.name);
    }
  }
  CHECK(names.size() > 200);
}

TEST_CASE("no name is both in the language and left out of it") {
  for (const expr::BuiltinFamily& family : expr::builtin_families()) {
    for (const expr::BuiltinInfo& info : family.functions) {
      CHECK_MESSAGE(expr::left_out(Name(std::string(info.name))).empty(), info.name);
    }
  }
  for (const expr::SpecialFormInfo& form : expr::special_forms()) {
    CHECK_MESSAGE(expr::left_out(Name(std::string(form.name))).empty(), form.name);
  }
}

}  // namespace ksv::testing
