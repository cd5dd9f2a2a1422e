// What an S3 store promises beyond the contract of backends: few requests, parts, shared buckets.
#include <algorithm>

#include "contract/fixtures.h"

namespace ksv::testing {

namespace {

std::string pattern(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  return text;
}

ByteSource source_of(const std::string& text) {
  return [&text, at = std::size_t{0}](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
    const std::size_t count = std::min(into.size(), text.size() - at);
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
    at += count;
    return count;
  };
}

// What `work` costs in requests.
template <typename Work>
std::uint64_t requests_of(S3Fixture& fixture, Work work) {
  const std::uint64_t before = fixture.call().stats.requests;
  work();
  return fixture.call().stats.requests - before;
}

}  // namespace

TEST_CASE("a read is one request, a write one, an update two") {
  S3Fixture fixture;
  Backend& backend = fixture.backend();
  put(backend, fixture.key(), "one");
  CHECK(requests_of(fixture, [&] { text_at(backend, fixture.key()); }) == 1);
  CHECK(requests_of(fixture, [&] { put(backend, fixture.key(), "two"); }) == 1);
  CHECK(requests_of(fixture, [&] {
          const Version version = version_at(backend, fixture.key());
          CHECK(try_write(backend, fixture.key(), "three", Match{version}) == "written");
        }) == 2);
  CHECK(requests_of(fixture, [&] {
          CHECK(try_write(backend, fixture.key(1), "x", Absent{}) == "written");
        }) == 1);
}

TEST_CASE("a store that is not there is missed by reads and by writes") {
  S3Fixture fixture;
  REQUIRE_OK(fixture.place().create());
  REQUIRE_OK(fixture.place().remove({}));
  Backend& backend = fixture.place().backend();
  REQUIRE_ERROR(backend.read(fixture.key()), ErrorCode::kState);
  REQUIRE_ERROR(backend.write(fixture.key(), bytes_of("x"), Any{}, kWriteId), ErrorCode::kState);
  REQUIRE_ERROR(backend.write(fixture.key(), bytes_of("x"), Absent{}, kWriteId), ErrorCode::kState);
  REQUIRE_ERROR(backend.remove(fixture.key(), Any{}), ErrorCode::kState);
  REQUIRE_ERROR(backend.list("", {}), ErrorCode::kState);
  CHECK_FALSE(*fixture.place().exists());
}

TEST_CASE("a value of several parts is written and read back") {
  S3Fixture fixture;
  Backend& backend = fixture.backend();
  const std::string text = pattern((std::size_t{37} << 20) + 5);
  auto outcome = backend.write_stream(fixture.key(), source_of(text), Any{}, {"parts-1"});
  REQUIRE_OK(outcome);
  const Written* written = std::get_if<Written>(&*outcome);
  REQUIRE(written != nullptr);
  std::string got;
  auto version = backend.read_stream(fixture.key(), 3, [&](BytesView bytes) {
    got.append(text_of(bytes));
    return ok();
  });
  REQUIRE_OK(version);
  REQUIRE(version->has_value());
  CHECK(**version == written->version);
  CHECK(got == text.substr(3));
  CHECK(try_write(backend, fixture.key(), "small", Match{written->version}) == "written");
}

TEST_CASE("a source that fails in its third part leaves the key as it was") {
  S3Fixture fixture;
  Backend& backend = fixture.backend();
  put(backend, fixture.key(), "one");
  std::size_t given = 0;
  const ByteSource source = [&](std::span<std::uint8_t> into) -> Result<std::size_t> {
    if (given > (std::size_t{33} << 20)) return Error(ErrorCode::kCancelled, "enough");
    given += into.size();
    return into.size();
  };
  auto outcome = backend.write_stream(fixture.key(), source, Any{}, {"parts-2"});
  REQUIRE_ERROR(outcome, ErrorCode::kCancelled);
  CHECK(outcome.error().effect() == Effect::kNone);
  CHECK(text_at(backend, fixture.key()) == "one");
}

TEST_CASE("the stores of a bucket are listed with their figures, and do not meet") {
  S3Fixture one;
  S3Fixture other;
  put(one.backend(), one.key(), "12345");
  put(one.backend(), one.key(1), "123");
  put(other.backend(), other.key(), "other");
  StoreAddress bucket = one.s3_address();
  bucket.id.clear();
  auto stores = list_stores(bucket, true, one.env(), one.call());
  REQUIRE_OK(stores);
  std::size_t found = 0;
  for (const StoreEntry& store : *stores) {
    if (store.keys == 2 && store.bytes == 8 && store.last_write_ms > 0) ++found;
  }
  CHECK(found == 1);
  REQUIRE_OK(one.place().remove({}));
  CHECK(text_at(other.backend(), other.key()) == "other");
}

TEST_CASE("a bucket that does not exist is said to, and create-bucket=false keeps it so") {
  S3Fixture fixture;
  StoreAddress address = fixture.s3_address();
  address.location = "ksv-no-such-bucket";
  address.options["create-bucket"] = "false";
  REQUIRE_ERROR(list_stores(address, false, fixture.env(), fixture.call()), ErrorCode::kState);
  auto place = open_place(address, fixture.env(), fixture.call());
  REQUIRE_OK(place);
  CHECK_FALSE(*(*place)->exists());
  REQUIRE_ERROR((*place)->backend().read(fixture.key()), ErrorCode::kState);
  REQUIRE_ERROR((*place)->create(), ErrorCode::kState);
}

}  // namespace ksv::testing
