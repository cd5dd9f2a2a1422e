// The contract of stores as things that are created and deleted.
#include "contract/fixtures.h"

namespace ksv::testing {

namespace {

template <typename T>
T done(Result<T> result) {
  REQUIRE_OK(result);
  return *std::move(result);
}

}  // namespace

TEST_CASE_TEMPLATE("a store exists from its creation to its removal", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  StorePlace& place = fixture.place();
  CHECK_FALSE(done(place.exists()));
  CHECK(done(place.create()) == CreateOutcome::kCreated);
  CHECK(done(place.exists()));
  CHECK(done(place.remove({})) == DeleteOutcome::kDeleted);
  CHECK_FALSE(done(place.exists()));
}

TEST_CASE_TEMPLATE("a store is created once and removed once", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  StorePlace& place = fixture.place();
  CHECK(done(place.create()) == CreateOutcome::kCreated);
  CHECK(done(place.create()) == CreateOutcome::kExisted);
  CHECK(done(place.remove({})) == DeleteOutcome::kDeleted);
  CHECK(done(place.remove({})) == DeleteOutcome::kWasAbsent);
}

TEST_CASE_TEMPLATE("creating again leaves the keys alone", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  CHECK(done(fixture.place().create()) == CreateOutcome::kExisted);
  CHECK(text_at(fixture.backend(), fixture.key()) == "one");
}

TEST_CASE_TEMPLATE("removing a store counts its keys and leaves nothing", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  for (std::uint8_t i = 0; i < 20; ++i) put(fixture.backend(), fixture.key(i), "v");
  std::uint64_t told = 0;
  CHECK(done(fixture.place().remove([&](std::uint64_t count) { told = count; })) ==
        DeleteOutcome::kDeleted);
  CHECK(told == 20);
  CHECK(done(fixture.place().create()) == CreateOutcome::kCreated);
  auto page = fixture.place().backend().list("", {});
  REQUIRE_OK(page);
  CHECK(page->entries.empty());
  CHECK(text_at(fixture.backend(), fixture.key()) == "(absent)");
}

}  // namespace ksv::testing
