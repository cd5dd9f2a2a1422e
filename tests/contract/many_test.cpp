// The contract of changing several keys in one step, and of backends that cannot.
#include "contract/fixtures.h"

namespace ksv::testing {

TEST_CASE_TEMPLATE("several keys are written and removed together, or that is refused", Fixture,
                   KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  put(backend, fixture.key(1), "old");
  std::vector<KeyWrite> writes;
  for (std::uint8_t i = 0; i < 3; ++i) {
    writes.push_back({fixture.key(i), copy_of(bytes_of("new")), kWriteId});
  }
  auto written = backend.write_many(writes);
  if (!backend.capabilities().many_atomic) {
    REQUIRE_ERROR(written, ErrorCode::kUnsupported);
    REQUIRE_ERROR(backend.remove_many({fixture.key(1)}), ErrorCode::kUnsupported);
    CHECK(text_at(backend, fixture.key(0)) == "(absent)");
    CHECK(text_at(backend, fixture.key(1)) == "old");
    return;
  }
  REQUIRE_OK(written);
  REQUIRE(written->size() == 3);
  for (std::uint8_t i = 0; i < 3; ++i) {
    CHECK(text_at(backend, fixture.key(i)) == "new");
    CHECK(version_at(backend, fixture.key(i)) == (*written)[i]);
  }
  auto removed = backend.remove_many({fixture.key(0), fixture.key(9), fixture.key(2)});
  REQUIRE_OK(removed);
  CHECK(*removed == std::vector<bool>{true, false, true});
  CHECK(text_at(backend, fixture.key(0)) == "(absent)");
  CHECK(text_at(backend, fixture.key(1)) == "new");
}

TEST_CASE_TEMPLATE("a bad key among several changes nothing", Fixture, KSV_EACH_BACKEND) {
  Fixture fixture;
  Backend& backend = fixture.backend();
  if (!backend.capabilities().many_atomic) return;
  put(backend, fixture.key(), "old");
  REQUIRE_ERROR(backend.write_many({{fixture.key(), copy_of(bytes_of("new")), kWriteId},
                                    {"", copy_of(bytes_of("new")), kWriteId}}),
                ErrorCode::kUsage);
  REQUIRE_ERROR(backend.remove_many({fixture.key(), ""}), ErrorCode::kUsage);
  CHECK(text_at(backend, fixture.key()) == "old");
}

}  // namespace ksv::testing
