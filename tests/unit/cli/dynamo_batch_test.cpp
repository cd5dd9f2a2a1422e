// Lists that stand for several values, as faraday takes them.
#include <doctest/doctest.h>

#include "cli/dynamo_batch_form.h"

#include "codec/edn.h"
#include "support/result_checks.h"

namespace ksv::cli {
namespace {

std::string expanded(std::string_view text) {
  auto map = read_edn(text);
  REQUIRE_OK(map);
  const auto items = expand_multi_values(*map);
  return items.has_value() ? print_edn(Value::vector(*items)) : items.error().message();
}

}  // namespace

TEST_CASE("a list of values stands for one item each") {
  CHECK(expanded("{:id [0 1 2]}") == "[{:id 0} {:id 1} {:id 2}]");
  CHECK(expanded("{:id (1 2) :n 5}") == "[{:id 1, :n 5} {:id 2, :n 5}]");
  CHECK(expanded("{:id [[1] [2 3]]}") == "[{:id [1]} {:id [2 3]}]");
}

TEST_CASE("a list of one value is that value, beside another of several") {
  CHECK(expanded("{:id [7] :n [1 2]}") == "[{:id 7, :n 1} {:id 7, :n 2}]");
  CHECK(expanded("{:id [7] :n [[]]}") == "[{:id 7, :n []}]");
}

TEST_CASE("sets, maps, texts and scalars are values") {
  CHECK(expanded("{:s #{1 2} :m {:a [1 2]} :t \"ab\"}") ==
        "[{:s #{1 2}, :m {:a [1 2]}, :t \"ab\"}]");
  CHECK(expanded("5") == "[5]");
  CHECK(expanded("{}") == "[{}]");
}

TEST_CASE("only one attribute has several values, and none has no value") {
  CHECK(expanded("{:a [1 2] :b [3 4]}") ==
        "{:a [1 2], :b [3 4]}: only one attribute can have several values");
  CHECK(expanded("{:a []}") == "{:a []}: a list without values names no item");
}

}  // namespace ksv::cli
