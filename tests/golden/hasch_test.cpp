// hasch against file names and hashes that konserve computed.
#include "codec/hasch.h"

#include <doctest/doctest.h>

#include "base/hex.h"
#include "golden/golden_rows.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using testing::golden_value;
using testing::GoldenFields;
using testing::read_golden_rows;

TEST_CASE("keys hash to the file names that konserve gives them") {
  for (const GoldenFields& row : read_golden_rows("hasch/hashes.txt", 4)) {
    CAPTURE(row[0]);
    const Value key = golden_value(row[0]);
    const Result<Sha512Digest> hash = hasch(key);
    REQUIRE_OK(hash);
    CHECK(to_hex(*hash) == row[2]);
    CHECK(uuid_text(hasch_uuid(*hash)) == row[1]);
    if (row[3] == "-") continue;
    const Result<Bytes> coerced = hasch_coerce(key);
    REQUIRE_OK(coerced);
    CHECK(to_hex(*coerced) == row[3]);
  }
}

}  // namespace
}  // namespace ksv
