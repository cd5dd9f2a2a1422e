// What a konserve store in DynamoDB promises beyond the contract of backends.
#include "contract/fixtures.h"

namespace ksv::testing {
namespace {

// What `work` costs in requests.
template <typename Work>
std::uint64_t requests_of(DynamoFixture& fixture, Work work) {
  const std::uint64_t before = fixture.call().stats.requests;
  work();
  return fixture.call().stats.requests - before;
}

// A blob of konserve's form: header, meta of `meta`, value.
std::string blob(std::string_view meta, std::string_view value) {
  std::string bytes(20, '\0');
  bytes[0] = 1;
  bytes[1] = 1;
  bytes[7] = static_cast<char>(meta.size());
  return bytes.append(meta).append(value);
}

}  // namespace

TEST_CASE("a read is one request, a write one, an update two") {
  DynamoFixture fixture;
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

TEST_CASE("a version that another process read is looked up once, and stays a condition") {
  DynamoFixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), blob("m", "one"));
  auto other = open_place(fixture.address(), fixture.env(), fixture.call());
  REQUIRE_OK(other);
  Backend& elsewhere = (*other)->backend();
  CHECK(requests_of(fixture, [&] {
          CHECK(try_write(elsewhere, fixture.key(), blob("m", "two"), Match{first}) == "written");
        }) == 2);
  CHECK(try_write(fixture.backend(), fixture.key(), "x", Match{first}) == "conflict");
  CHECK(text_at(fixture.backend(), fixture.key()) == blob("m", "two"));
}

TEST_CASE("two blobs that differ in the value alone have versions of their own") {
  DynamoFixture fixture;
  Backend& backend = fixture.backend();
  const Version first = put(backend, fixture.key(), blob("meta", "one"));
  put(backend, fixture.key(), blob("meta", "two"));
  CHECK(try_write(backend, fixture.key(), blob("meta", "three"), Match{first}) == "conflict");
  CHECK(text_at(backend, fixture.key()) == blob("meta", "two"));
}

TEST_CASE("a listing goes on past the megabyte of a page") {
  DynamoFixture fixture;
  Backend& backend = fixture.backend();
  const std::string large(300'000, 'x');
  for (std::uint8_t i = 0; i < 9; ++i) put(backend, fixture.key(i), large);
  std::size_t keys = 0;
  std::size_t pages = 0;
  std::optional<std::string> after;
  do {
    auto page = backend.list("", after);
    REQUIRE_OK(page);
    keys += page->entries.size();
    after = page->next;
    ++pages;
  } while (after);
  CHECK(keys == 9);
  CHECK(pages > 1);
}

TEST_CASE("a value that does not fit into an item is refused before it is sent") {
  DynamoFixture fixture;
  Backend& backend = fixture.backend();
  const std::string fits(409'600 - 18 - fixture.key().size(), 'x');
  put(backend, fixture.key(), fits);
  CHECK(text_at(backend, fixture.key()).size() == fits.size());
  CHECK(requests_of(fixture, [&] {
          const auto outcome = backend.write(fixture.key(), bytes_of(fits + "x"), Any{}, kWriteId);
          REQUIRE_ERROR(outcome, ErrorCode::kUsage);
          CHECK(outcome.error().message().find("409601") != std::string::npos);
        }) == 0);
}

TEST_CASE("several keys are written and removed all or nothing") {
  DynamoFixture fixture;
  Backend& backend = fixture.backend();
  std::vector<KeyWrite> writes;
  for (std::uint8_t i = 0; i < 100; ++i) {
    writes.push_back({fixture.key(i), copy_of(bytes_of("v")), kWriteId});
  }
  REQUIRE_OK(backend.write_many(writes));
  auto removed = backend.remove_many({fixture.key(3), fixture.key(200), fixture.key(99)});
  REQUIRE_OK(removed);
  CHECK(*removed == std::vector<bool>{true, false, true});
  CHECK(text_at(backend, fixture.key(3)) == "(absent)");
  CHECK(text_at(backend, fixture.key(4)) == "v");
  writes.push_back({fixture.key(101), copy_of(bytes_of("v")), kWriteId});
  REQUIRE_ERROR(backend.write_many(writes), ErrorCode::kUsage);
}

TEST_CASE("a store that is not there is missed by reads and by writes") {
  DynamoFixture fixture;
  Backend& backend = fixture.place().backend();
  CHECK_FALSE(*fixture.place().exists());
  REQUIRE_ERROR(backend.read(fixture.key()), ErrorCode::kState);
  REQUIRE_ERROR(backend.write(fixture.key(), bytes_of("x"), Any{}, kWriteId), ErrorCode::kState);
  REQUIRE_ERROR(backend.list("", {}), ErrorCode::kState);
  REQUIRE_ERROR(backend.remove(fixture.key(), Any{}), ErrorCode::kState);
}

}  // namespace ksv::testing
