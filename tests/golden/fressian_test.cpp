// Fressian against what konserve wrote, and against what it reads although it does not write it.
#include "codec/fressian.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/hex.h"
#include "codec/edn.h"
#include "golden/golden_rows.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::golden_value;
using testing::GoldenFields;
using testing::read_golden_rows;

TEST_CASE("values are written as konserve writes them") {
  for (const GoldenFields& row : read_golden_rows("fressian/written.txt", 2)) {
    CAPTURE(row[0]);
    const Result<Bytes> written = write_fressian(golden_value(row[0]));
    REQUIRE_OK(written);
    if (row[1].find(':') == std::string::npos) {
      CHECK(to_hex(*written) == row[1]);
    } else {
      CHECK(fmt::format("{}:{}", written->size(), to_hex(sha256(*written))) == row[1]);
    }
  }
}

TEST_CASE("what konserve wrote reads back as the value that was written") {
  for (const GoldenFields& row : read_golden_rows("fressian/written.txt", 2)) {
    CAPTURE(row[0]);
    if (row[1].find(':') != std::string::npos) continue;
    const std::optional<Bytes> bytes = from_hex(row[1]);
    REQUIRE(bytes);
    const Result<Value> value = read_fressian(*bytes);
    REQUIRE_OK(value);
    // Fressian has no minus zero.
    CHECK(print_edn(*value) == (row[0] == "-0.0" ? "0.0" : row[0]));
  }
}

TEST_CASE("long strings and byte strings read back") {
  int count = 0;
  for (const GoldenFields& row : read_golden_rows("fressian/written.txt", 2)) {
    CAPTURE(row[0]);
    if (row[1].find(':') == std::string::npos) continue;
    const Value value = golden_value(row[0]);
    const Result<Bytes> written = write_fressian(value);
    REQUIRE_OK(written);
    const Result<Value> back = read_fressian(*written);
    REQUIRE_OK(back);
    CHECK(*back == value);
    ++count;
  }
  CHECK(count == 17);
}

TEST_CASE("what konserve reads but does not write is read, what it refuses is refused") {
  for (const GoldenFields& row : read_golden_rows("fressian/accepted.txt", 3)) {
    CAPTURE(row[0]);
    const std::optional<Bytes> bytes = from_hex(row[1]);
    REQUIRE(bytes);
    const Result<Value> value = read_fressian(*bytes);
    if (row[2] == "error") {
      CHECK_FALSE(value.has_value());
      continue;
    }
    REQUIRE_OK(value);
    if (row[0] == "dup key map") {
      // konserve has both entries and finds the first.
      CHECK(print_edn(*value) == "{1 2}");
    } else if (row[0] == "key with empty-string ns") {
      // Its text, :/b, is not one that EDN reads.
      CHECK(*value == Value::keyword(Name("", "b")));
    } else {
      CHECK(*value == golden_value(row[2]));
      CHECK(value->kind() == golden_value(row[2]).kind());
    }
  }
}

}  // namespace
}  // namespace ksv
