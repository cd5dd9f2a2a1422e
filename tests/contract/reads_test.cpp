// The contract of reading.
#include "contract/fixtures.h"

namespace ksv::testing {

TEST_CASE_TEMPLATE("an absent key reads as nothing, in every form", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  auto whole = backend.read(fixture.key());
  REQUIRE_OK(whole);
  CHECK_FALSE(whole->has_value());
  auto range = backend.read_range(fixture.key(), 0, 10);
  REQUIRE_OK(range);
  CHECK_FALSE(range->has_value());
  int calls = 0;
  auto stream = backend.read_stream(fixture.key(), 0, [&](BytesView) {
    ++calls;
    return ok();
  });
  REQUIRE_OK(stream);
  CHECK_FALSE(stream->has_value());
  CHECK(calls == 0);
}

TEST_CASE_TEMPLATE("a written value reads back byte for byte", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Bytes every(256);
  for (std::size_t i = 0; i < every.size(); ++i) every[i] = static_cast<std::uint8_t>(i);
  if (kIsText<Fixture>) {
    auto outcome = fixture.backend().write(fixture.key(), every, Any{}, kWriteId);
    REQUIRE_ERROR(outcome, ErrorCode::kUsage);
    every.resize(0x80);
  }
  put(fixture.backend(), fixture.key(), text_of(every));
  CHECK(text_at(fixture.backend(), fixture.key()) == text_of(every));
}

TEST_CASE_TEMPLATE("the version read is the version that the write gave", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version version = put(fixture.backend(), fixture.key(), "one");
  CHECK(version_at(fixture.backend(), fixture.key()) == version);
  CHECK_FALSE(version.token.empty());
}

TEST_CASE_TEMPLATE("a version stays while nothing is written", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  const Version first = version_at(fixture.backend(), fixture.key());
  put(fixture.backend(), fixture.key(1), "of another key");
  CHECK(version_at(fixture.backend(), fixture.key()) == first);
}

TEST_CASE_TEMPLATE("a range is the part that was asked for, and knows the whole size", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "0123456789");
  struct Row {
    std::uint64_t offset;
    std::uint64_t length;
    std::string_view expected;
  };
  const Row rows[] = {
      {0, 4, "0123"}, {3, 4, "3456"}, {8, 4, "89"},          {10, 4, ""},
      {1000, 4, ""},  {0, 0, ""},     {0, 10, "0123456789"}, {5, ~std::uint64_t{0}, "56789"}};
  for (const Row& row : rows) {
    CAPTURE(row.offset);
    CAPTURE(row.length);
    auto range = fixture.backend().read_range(fixture.key(), row.offset, row.length);
    REQUIRE_OK(range);
    REQUIRE(range->has_value());
    CHECK(text_of((*range)->bytes) == row.expected);
    CHECK((*range)->size == 10);
  }
}

TEST_CASE_TEMPLATE("a range over the whole value has its version", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version version = put(fixture.backend(), fixture.key(), "0123456789");
  auto range = fixture.backend().read_range(fixture.key(), 0, 4096);
  REQUIRE_OK(range);
  REQUIRE(range->has_value());
  CHECK((*range)->version == version);
}

TEST_CASE_TEMPLATE("reads and writes are counted", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  fixture.call().stats = {};  // of making the store
  put(backend, fixture.key(), "12345");
  CHECK(fixture.call().stats.bytes_written >= 5);
  text_at(fixture.backend(), fixture.key());
  CHECK(fixture.call().stats.bytes_read >= 5);
  if (!kIsFramed<Fixture>) {
    CHECK(fixture.call().stats.bytes_written == 5);
    CHECK(fixture.call().stats.bytes_read == 5);
  }
  CHECK(fixture.call().stats.requests == (kLooksFirst<Fixture> ? 3 : 2));
}

}  // namespace ksv::testing
