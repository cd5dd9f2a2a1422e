// The contract of writing: preconditions, conflicts, versions.
#include <algorithm>

#include "ksv/limits.h"

#include "contract/fixtures.h"

namespace ksv::testing {

TEST_CASE_TEMPLATE("Absent writes a new key", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  CHECK(try_write(fixture.backend(), fixture.key(), "one", Absent{}) == "written");
  CHECK(text_at(fixture.backend(), fixture.key()) == "one");
}

TEST_CASE_TEMPLATE("Absent leaves a present key alone", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  CHECK(try_write(fixture.backend(), fixture.key(), "two", Absent{}) == "conflict");
  CHECK(text_at(fixture.backend(), fixture.key()) == "one");
}

TEST_CASE_TEMPLATE("Any writes over whatever is there", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "a longer first value");
  put(fixture.backend(), fixture.key(), "two");
  CHECK(text_at(fixture.backend(), fixture.key()) == "two");
}

TEST_CASE_TEMPLATE("Match replaces the version that was read", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  CHECK(try_write(fixture.backend(), fixture.key(), "two", Match{first}) == "written");
  CHECK(text_at(fixture.backend(), fixture.key()) == "two");
}

TEST_CASE_TEMPLATE("Match does not replace a newer version", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  put(fixture.backend(), fixture.key(), "two");
  CHECK(try_write(fixture.backend(), fixture.key(), "three", Match{first}) == "conflict");
  CHECK(text_at(fixture.backend(), fixture.key()) == "two");
}

TEST_CASE_TEMPLATE("Match on an absent key is a conflict and creates nothing", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version other = put(fixture.backend(), fixture.key(1), "one");
  CHECK(try_write(fixture.backend(), fixture.key(), "two", Match{other}) == "conflict");
  CHECK(text_at(fixture.backend(), fixture.key()) == "(absent)");
}

TEST_CASE_TEMPLATE("Match with a version that never was is a conflict", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  put(fixture.backend(), fixture.key(), "one");
  for (const std::string token : {"", "x", "\"quoted\"", "0"}) {
    CHECK(try_write(fixture.backend(), fixture.key(), "two", Match{{token}}) == "conflict");
  }
  CHECK(text_at(fixture.backend(), fixture.key()) == "one");
}

TEST_CASE_TEMPLATE("a conflict that brings the winner along brings the true one", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  const Version second = put(fixture.backend(), fixture.key(), "two");
  auto outcome = fixture.backend().write(fixture.key(), bytes_of("three"), Match{first}, kWriteId);
  REQUIRE_OK(outcome);
  const Conflict* conflict = std::get_if<Conflict>(&*outcome);
  REQUIRE(conflict != nullptr);
  if (conflict->winner_known) {
    REQUIRE(conflict->winner.has_value());
    CHECK(text_of(conflict->winner->bytes) == "two");
    CHECK(conflict->winner->version == second);
  }
}

TEST_CASE_TEMPLATE("a conflict over a removed key says that it is absent", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  REQUIRE_OK(fixture.backend().remove(fixture.key(), Any{}));
  auto outcome = fixture.backend().write(fixture.key(), bytes_of("two"), Match{first}, kWriteId);
  REQUIRE_OK(outcome);
  const Conflict* conflict = std::get_if<Conflict>(&*outcome);
  REQUIRE(conflict != nullptr);
  if (conflict->winner_known) CHECK_FALSE(conflict->winner.has_value());
}

TEST_CASE_TEMPLATE("another value is another version", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version first = put(fixture.backend(), fixture.key(), "one");
  CHECK_FALSE(put(fixture.backend(), fixture.key(), "two") == first);
}

TEST_CASE_TEMPLATE("a version comes back only where the backend says that it may", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  const Version first = put(backend, fixture.key(), "one");
  const bool recurs_on_rewrite = put(backend, fixture.key(), "one") == first;
  REQUIRE_OK(backend.remove(fixture.key(), Any{}));
  const bool recurs_after_remove = put(backend, fixture.key(), "one") == first;
  if (!kLooksFirst<Fixture>) CHECK(recurs_on_rewrite == backend.capabilities().versions_recur);
  CHECK(recurs_after_remove == backend.capabilities().versions_recur);
}

TEST_CASE_TEMPLATE("of two writers with one version, one wins", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  const Version base = put(fixture.backend(), fixture.key(), "base");
  CHECK(try_write(fixture.backend(), fixture.key(), "a", Match{base}) == "written");
  CHECK(try_write(fixture.backend(), fixture.key(), "b", Match{base}) == "conflict");
  CHECK(text_at(fixture.backend(), fixture.key()) == "a");
}

TEST_CASE_TEMPLATE("an empty value is kept, or refused where values cannot be empty", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  auto outcome = fixture.backend().write(fixture.key(), {}, Any{}, kWriteId);
  if (Fixture::kEmptyValues) {
    REQUIRE_OK(outcome);
    CHECK(text_at(fixture.backend(), fixture.key()).empty());
  } else {
    REQUIRE_ERROR(outcome, ErrorCode::kUsage);
    CHECK(text_at(fixture.backend(), fixture.key()) == "(absent)");
  }
}

TEST_CASE_TEMPLATE("a value of several chunks is replaced under its version", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  std::string large(std::min(3 * limits::kStreamChunkBytes + 17, kValueMax<Fixture>), 'x');
  const Version first = put(fixture.backend(), fixture.key(), large);
  CHECK(text_at(fixture.backend(), fixture.key()) == large);
  CHECK(try_write(fixture.backend(), fixture.key(), "late", Match{{"another"}}) == "conflict");
  large[large.size() / 2] = 'y';
  CHECK(try_write(fixture.backend(), fixture.key(), large, Match{first}) == "written");
  CHECK(text_at(fixture.backend(), fixture.key()) == large);
}

TEST_CASE_TEMPLATE("an empty key is refused", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  CHECK(backend.read("").error().code() == ErrorCode::kUsage);
  CHECK(backend.write("", bytes_of("x"), Any{}, kWriteId).error().code() == ErrorCode::kUsage);
  CHECK(backend.remove("", Any{}).error().code() == ErrorCode::kUsage);
}

TEST_CASE_TEMPLATE("keys of every kind are told apart, or refused", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  if (kKeysArePaths<Fixture>) return;
  const std::string keys[] = {"a b.ksv", "a%20b.ksv", "\xC3\xA9.ksv",
                              "A B.ksv", "a/b.ksv",   "../a b.ksv",
                              "a",       ".ksv",      std::string("a\0b.ksv", 7)};
  std::size_t kept = 0;
  for (const std::string& key : keys) {
    auto outcome = fixture.backend().write(key, bytes_of(key), Any{}, kWriteId);
    if (Fixture::kAnyKey) REQUIRE_OK(outcome);
    if (outcome) ++kept;
    if (!outcome) CHECK(outcome.error().code() == ErrorCode::kUsage);
  }
  CHECK(kept == (Fixture::kAnyKey ? std::size(keys) : 4));
  std::size_t found = 0;
  for (const std::string& key : keys) {
    auto stored = fixture.backend().read(key);
    if (!stored || !*stored) continue;
    ++found;
    CHECK(text_of((*stored)->bytes) == key);
  }
  CHECK(found == kept);
}

}  // namespace ksv::testing
