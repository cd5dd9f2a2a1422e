// Freezing and thawing against what four versions of Nippy wrote.
#include "codec/nippy.h"

#include <doctest/doctest.h>

#include "base/hex.h"
#include "codec/edn.h"
#include "golden/golden_rows.h"
#include "support/result_checks.h"

namespace ksv {
namespace {

using nippy::FreezeOptions;
using nippy::PasswordMode;
using nippy::ThawOptions;
using testing::golden_value;
using testing::GoldenFields;
using testing::read_golden_rows;

constexpr const char* kPlainHeader = "4e505900";

Bytes unhex(const std::string& text) {
  const std::optional<Bytes> bytes = from_hex(text == "-" ? "" : text);
  REQUIRE(bytes);
  return *bytes;
}

TEST_CASE("what Nippy wrote thaws, of every version and kind") {
  for (const GoldenFields& row : read_golden_rows("nippy/written.txt", 5)) {
    CAPTURE(row[0]);
    const Result<Value> value = nippy::thaw(unhex(kPlainHeader + row[4]));
    REQUIRE_OK(value);
    CHECK(print_edn(*value) == (row[3] == "=" ? row[2] : row[3]));
  }
}

TEST_CASE("values freeze to Nippy's own bytes, in both forms") {
  int count = 0;
  for (const GoldenFields& row : read_golden_rows("nippy/written.txt", 5)) {
    if (row[1] == "-") continue;
    CAPTURE(row[0]);
    for (const bool tight : {false, true}) {
      if (row[1] == (tight ? "classic" : "tight")) continue;
      FreezeOptions options;
      options.compressor = nippy::Compressor::kNone;
      options.tight = tight;
      const Result<Bytes> frozen = nippy::freeze(golden_value(row[2]), options);
      REQUIRE_OK(frozen);
      CHECK(to_hex(*frozen) == kPlainHeader + row[4]);
      ++count;
    }
  }
  CHECK(count > 350);
}

TEST_CASE("what thaws freezes to the same bytes again") {
  for (const GoldenFields& row : read_golden_rows("nippy/written.txt", 5)) {
    // The cache is not seen in the value.
    if (row[1] != "classic" || row[0].starts_with("cached")) continue;
    CAPTURE(row[0]);
    const Bytes bytes = unhex(kPlainHeader + row[4]);
    const Result<Value> value = nippy::thaw(bytes);
    REQUIRE_OK(value);
    FreezeOptions options;
    options.compressor = nippy::Compressor::kNone;
    const Result<Bytes> frozen = nippy::freeze(*value, options);
    REQUIRE_OK(frozen);
    CHECK(to_hex(*frozen) == to_hex(bytes));
  }
}

TEST_CASE("what Nippy's compressors made thaws") {
  for (const GoldenFields& row : read_golden_rows("nippy/compressed.txt", 3)) {
    CAPTURE(row[0]);
    const Result<Value> value = nippy::thaw(unhex(row[2]));
    REQUIRE_OK(value);
    CHECK(print_edn(*value) == print_edn(golden_value(row[1])));
  }
}

TEST_CASE("ids that Nippy has given up thaw") {
  for (const GoldenFields& row : read_golden_rows("nippy/read_only.txt", 3)) {
    CAPTURE(row[0]);
    const Result<Value> value = nippy::thaw(unhex(row[2]));
    REQUIRE_OK(value);
    CHECK(print_edn(*value) == row[1]);
  }
}

TEST_CASE("what Nippy refuses to thaw is refused") {
  for (const GoldenFields& row : read_golden_rows("nippy/refused.txt", 2)) {
    CAPTURE(row[0]);
    const Result<Value> value = nippy::thaw(unhex(row[1]));
    REQUIRE_FALSE(value.has_value());
    const ErrorCode code = value.error().code();
    const bool of_data = code == ErrorCode::kCorrupt || code == ErrorCode::kUnsupported;
    CHECK((of_data || (code == ErrorCode::kDenied && row[0] == "encrypted-no-password")));
  }
}

TEST_CASE("what Nippy encrypted thaws with its password, and with no other") {
  for (const GoldenFields& row : read_golden_rows("nippy/encrypted.txt", 5)) {
    CAPTURE(row[0]);
    const Bytes bytes = unhex(row[4]);
    ThawOptions options;
    options.password = nippy::Password{.text = row[2]};
    options.password->mode = row[1] == "salted" ? PasswordMode::kSalted : PasswordMode::kCached;
    Result<Value> value = nippy::thaw(bytes, options);
    REQUIRE_OK(value);
    CHECK(print_edn(*value) == row[3]);
    // Both modes are tried where none is named, and the wrong key tells itself; keys take time.
    if (!row[0].starts_with("b-")) continue;
    if (row[1] == "cached") {
      options.password->mode.reset();
      value = nippy::thaw(bytes, options);
      REQUIRE_OK(value);
      CHECK(print_edn(*value) == row[3]);
      continue;
    }
    options.password->text = "another";
    CHECK_FALSE(nippy::thaw(bytes, options).has_value());
  }
}

TEST_CASE("what refers to a shared dictionary thaws with that one alone") {
  for (const GoldenFields& row : read_golden_rows("nippy/shared_dict.txt", 3)) {
    const Bytes bytes = unhex(row[2]);
    ThawOptions options;
    REQUIRE_ERROR(nippy::thaw(bytes, options), ErrorCode::kUnsupported);
    options.shared_dict = golden_value(row[0]);
    const Result<Value> value = nippy::thaw(bytes, options);
    REQUIRE_OK(value);
    CHECK(print_edn(*value) == print_edn(golden_value(row[1])));
    options.shared_dict->set_item(0, Value::keyword(Name("other")));
    REQUIRE_ERROR(nippy::thaw(bytes, options), ErrorCode::kUnsupported);
    options.shared_dict = Value::integer(1);
    REQUIRE_ERROR(nippy::thaw(bytes, options), ErrorCode::kUsage);
  }
}

}  // namespace
}  // namespace ksv
