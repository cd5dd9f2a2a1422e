// The contract of removing and listing.
#include <algorithm>
#include <set>

#include "contract/fixtures.h"

namespace ksv::testing {

namespace {

RemoveOutcome removed(Backend& backend, const std::string& key, const Precondition& precondition) {
  auto outcome = backend.remove(key, precondition);
  REQUIRE_OK(outcome);
  return *outcome;
}

// All pages; each key must come once.
std::set<std::string> listed(Backend& backend, const std::string& prefix) {
  std::set<std::string> keys;
  std::optional<std::string> after;
  std::string last;
  do {
    auto page = backend.list(prefix, after);
    REQUIRE_OK(page);
    for (const Listed& entry : page->entries) {
      CHECK(keys.insert(entry.key).second);
      if (backend.capabilities().sorted_listing) CHECK(last < entry.key);
      last = entry.key;
    }
    after = page->next;
  } while (after);
  return keys;
}

}  // namespace

TEST_CASE_TEMPLATE("Any removes a key", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  CHECK(removed(fixture.backend(), fixture.key(), Any{}) == RemoveOutcome::kRemoved);
  CHECK(text_at(fixture.backend(), fixture.key()) == "(absent)");
}

TEST_CASE_TEMPLATE("removing an absent key says so", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version other = put(fixture.backend(), fixture.key(1), "one");
  CHECK(removed(fixture.backend(), fixture.key(), Any{}) == RemoveOutcome::kWasAbsent);
  CHECK(removed(fixture.backend(), fixture.key(), Match{other}) == RemoveOutcome::kWasAbsent);
}

TEST_CASE_TEMPLATE("Match removes only that version", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  const Version second = put(fixture.backend(), fixture.key(), "two");
  CHECK(removed(fixture.backend(), fixture.key(), Match{first}) == RemoveOutcome::kConflict);
  CHECK(text_at(fixture.backend(), fixture.key()) == "two");
  auto outcome = fixture.backend().remove(fixture.key(), Match{second});
  if (!fixture.backend().capabilities().conditional_removes) {
    REQUIRE_ERROR(outcome, ErrorCode::kUnsafe);
    CHECK(text_at(fixture.backend(), fixture.key()) == "two");
    return;
  }
  REQUIRE_OK(outcome);
  CHECK(*outcome == RemoveOutcome::kRemoved);
  CHECK(text_at(fixture.backend(), fixture.key()) == "(absent)");
}

TEST_CASE_TEMPLATE("a removed key can be created again", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  CHECK(removed(fixture.backend(), fixture.key(), Any{}) == RemoveOutcome::kRemoved);
  CHECK(try_write(fixture.backend(), fixture.key(), "two", Absent{}) == "written");
  CHECK(text_at(fixture.backend(), fixture.key()) == "two");
}

TEST_CASE_TEMPLATE("removing under Absent is refused", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  REQUIRE_ERROR(fixture.backend().remove(fixture.key(), Absent{}), ErrorCode::kUsage);
  CHECK(text_at(fixture.backend(), fixture.key()) == "one");
}

TEST_CASE_TEMPLATE("a new store lists nothing", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  CHECK(listed(fixture.backend(), "").empty());
}

TEST_CASE_TEMPLATE("a listing has each key once, and not the removed ones", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  for (std::uint8_t i = 0; i < 5; ++i) put(fixture.backend(), fixture.key(i), "v");
  removed(fixture.backend(), fixture.key(2), Any{});
  const std::set<std::string> expected = {fixture.key(0), fixture.key(1), fixture.key(3),
                                          fixture.key(4)};
  CHECK(listed(fixture.backend(), "") == expected);
}

TEST_CASE_TEMPLATE("a listing keeps to its prefix", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  for (const std::string key : {"aa.ksv", "ab.ksv", "b.ksv", "a.ksv"}) {
    put(fixture.backend(), key, "v");
  }
  CHECK(listed(fixture.backend(), "a") == std::set<std::string>{"a.ksv", "aa.ksv", "ab.ksv"});
  CHECK(listed(fixture.backend(), "ab") == std::set<std::string>{"ab.ksv"});
  CHECK(listed(fixture.backend(), "c").empty());
}

TEST_CASE_TEMPLATE("a listing of many pages has every key", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const std::size_t count = Fixture::kManyKeys;
  for (std::size_t i = 0; i < count; ++i) {
    put(fixture.backend(), std::to_string(i) + ".ksv", "v");
  }
  CHECK(listed(fixture.backend(), "").size() == count);
}

}  // namespace ksv::testing
