// Arithmetic, comparison and conversion against what Clojure answers, recorded for many pairs.
#include <doctest/doctest.h>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ksv/value.h"

#include "data/numbers.h"
#include "support/number_text.h"

namespace ksv {
namespace {

using testing::number_text;
using testing::parse_number;

std::vector<std::string> split_cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == '\t') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream file(std::string(KSV_GOLDEN_DIR) + "/numbers/" + name);
  REQUIRE(file.is_open());
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) rows.push_back(split_cells(line));
  return rows;
}

Result<Value> boolean(const Result<std::partial_ordering>& order,
                      bool (*holds)(std::partial_ordering)) {
  if (!order.has_value()) return order.error();
  return Value::boolean(holds(*order));
}

Result<Value> compare(const Value& a, const Value& b) {
  const int order = KSV_TRY(compare_numbers(a, b));
  return Value::integer(order);
}

Result<Value> odd(const Value& a) {
  const bool odd = KSV_TRY(is_odd(a));
  return Value::boolean(odd);
}

using Binary = std::function<Result<Value>(const Value&, const Value&)>;
const std::map<std::string, Binary>& binary_operations() {
  static const std::map<std::string, Binary> operations{
      {"+", [](const Value& a, const Value& b) { return add(a, b); }},
      {"+'", [](const Value& a, const Value& b) { return add(a, b, Overflow::kPromote); }},
      {"-", [](const Value& a, const Value& b) { return subtract(a, b); }},
      {"-'", [](const Value& a, const Value& b) { return subtract(a, b, Overflow::kPromote); }},
      {"*", [](const Value& a, const Value& b) { return multiply(a, b); }},
      {"*'", [](const Value& a, const Value& b) { return multiply(a, b, Overflow::kPromote); }},
      {"divide", [](const Value& a, const Value& b) { return divide(a, b); }},
      {"quot", quotient},
      {"rem", remainder},
      {"mod", modulo},
      {"min", minimum},
      {"max", maximum},
      {"compare", compare},
      {"=", [](const Value& a, const Value& b) { return Result<Value>(Value::boolean(a == b)); }},
      {"==",
       [](const Value& a, const Value& b) {
         return boolean(order_numbers(a, b), [](std::partial_ordering o) { return o == 0; });
       }},
      {"<",
       [](const Value& a, const Value& b) {
         return boolean(order_numbers(a, b), [](std::partial_ordering o) { return o < 0; });
       }},
      {"<=",
       [](const Value& a, const Value& b) {
         return boolean(order_numbers(a, b), [](std::partial_ordering o) { return o <= 0; });
       }},
  };
  return operations;
}

using Unary = std::function<Result<Value>(const Value&)>;
const std::map<std::string, Unary>& unary_operations() {
  static const std::map<std::string, Unary> operations{
      {"-", [](const Value& a) { return negate(a); }},
      {"-'", [](const Value& a) { return negate(a, Overflow::kPromote); }},
      {"inc", [](const Value& a) { return increment(a); }},
      {"inc'", [](const Value& a) { return increment(a, Overflow::kPromote); }},
      {"dec", [](const Value& a) { return decrement(a); }},
      {"dec'", [](const Value& a) { return decrement(a, Overflow::kPromote); }},
      {"abs", absolute},
      {"zero?", [](const Value& a) { return Result<Value>(Value::boolean(is_zero(a))); }},
      {"pos?", [](const Value& a) { return Result<Value>(Value::boolean(is_positive(a))); }},
      {"neg?", [](const Value& a) { return Result<Value>(Value::boolean(is_negative(a))); }},
      {"odd?", odd},
      {"long", to_long},
      {"int", to_int},
      {"double", to_double},
      {"float", to_float},
      {"bigint", to_bigint},
      {"bigdec", to_decimal},
      {"rationalize", rationalize},
      {"char", to_character},
      {"numerator", numerator},
      {"denominator", denominator},
      {"bit-not", bit_not},
  };
  return operations;
}

template <typename Operation>
const Operation& operation_named(const std::map<std::string, Operation>& operations,
                                 const std::string& name) {
  const auto found = operations.find(name);
  REQUIRE(found != operations.end());
  return found->second;
}

TEST_CASE("two numbers compute and compare as in Clojure") {
  const auto rows = read_table("pairs.tsv");
  REQUIRE(rows.size() > 500);
  const std::vector<std::string>& names = rows[0];
  REQUIRE(names.size() == binary_operations().size() + 2);
  for (std::size_t row = 1; row < rows.size(); ++row) {
    const std::vector<std::string>& cells = rows[row];
    REQUIRE(cells.size() == names.size());
    const Value a = parse_number(cells[0]);
    const Value b = parse_number(cells[1]);
    for (std::size_t i = 2; i < cells.size(); ++i) {
      CAPTURE(names[i]);
      CAPTURE(cells[0]);
      CAPTURE(cells[1]);
      CHECK(number_text(operation_named(binary_operations(), names[i])(a, b)) == cells[i]);
    }
    if (a == b) CHECK(hash_of(a) == hash_of(b));
  }
}

TEST_CASE("one number is changed, judged and converted as in Clojure") {
  const auto rows = read_table("unary.tsv");
  REQUIRE(rows.size() > 60);
  const std::vector<std::string>& names = rows[0];
  REQUIRE(names.size() == unary_operations().size() + 1);
  for (std::size_t row = 1; row < rows.size(); ++row) {
    const std::vector<std::string>& cells = rows[row];
    REQUIRE(cells.size() == names.size());
    const Value a = parse_number(cells[0]);
    CHECK(number_text(a) == cells[0]);
    for (std::size_t i = 1; i < cells.size(); ++i) {
      CAPTURE(names[i]);
      CAPTURE(cells[0]);
      CHECK(number_text(operation_named(unary_operations(), names[i])(a)) == cells[i]);
    }
  }
}

}  // namespace
}  // namespace ksv
