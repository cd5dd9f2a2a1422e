// Random values through Fressian and back.
#include <doctest/doctest.h>

#include "codec/edn.h"
#include "codec/fressian.h"
#include "support/result_checks.h"
#include "support/value_generator.h"

namespace ksv {
namespace {

TEST_CASE("what was written reads back as an equal value of the same kinds") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const Value value = testing::ValueGenerator(seed).next(5);
    const Result<Bytes> written = write_fressian(value);
    REQUIRE_OK(written);
    const Result<Value> back = read_fressian(*written);
    REQUIRE_OK(back);
    REQUIRE(*back == value);
    // The text tells kinds apart that are equal, such as 1 and 1N, and shows the order of entries.
    REQUIRE(print_edn(*back) == print_edn(value));
    const Result<Bytes> again = write_fressian(*back);
    REQUIRE_OK(again);
    REQUIRE(*again == *written);
  }
}

TEST_CASE("reading keeps nothing of its input") {
  const Value value = testing::ValueGenerator(11).next(6);
  Result<Bytes> written = write_fressian(value);
  REQUIRE_OK(written);
  const Result<Value> back = read_fressian(*written);
  written->assign(written->size(), 0);
  REQUIRE_OK(back);
  CHECK(*back == value);
}

}  // namespace
}  // namespace ksv
