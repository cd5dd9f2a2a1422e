// Values that are sent in parts, under conditions: trusted once a probe has proven them, else
// refused.
#include <algorithm>

#include "support/temp_folder.h"
#include "unit/s3/fake_s3.h"

namespace ksv::testing {

namespace {

const WriteId kWriteId{"w-1"};
using Writes = FakeS3::Writes;

// Larger than one part; each has bytes of its own.
ByteSource large_value(std::uint8_t fill) {
  return [fill, left = (std::size_t{16} << 20) + 1000](std::span<std::uint8_t> into) mutable {
    const std::size_t count = std::min(into.size(), left);
    std::fill_n(into.begin(), count, fill);
    left -= count;
    return Result<std::size_t>(count);
  };
}

std::string try_upload(Backend& backend, std::uint8_t fill, const Precondition& precondition) {
  auto outcome = backend.write_stream(S3World::key(), large_value(fill), precondition, kWriteId);
  if (!outcome) {
    CHECK(outcome.error().effect() == Effect::kNone);
    return outcome.error().code() == ErrorCode::kUnsafe ? "unsafe" : outcome.error().message();
  }
  return std::holds_alternative<Written>(*outcome) ? "written" : "conflict";
}

Version version_at(Backend& backend) {
  auto range = backend.read_range(S3World::key(), 0, 1);
  REQUIRE_OK(range);
  REQUIRE(range->has_value());
  return (*range)->version;
}

std::size_t uploads_of_key(const FakeS3& s3) {
  std::size_t count = 0;
  for (const Seen& seen : s3.seen) {
    count += seen.has("uploads") && seen.url.path.ends_with(".ksv") ? 1 : 0;
  }
  return count;
}

// Neither objects nor uploads of a probe are left.
void check_clean(const S3World& world) {
  for (const auto& [name, object] : world.s3.objects) {
    CAPTURE(name);
    CHECK(name.find(".ksv-probe-") == std::string::npos);
  }
  CHECK(world.s3.uploads_open() == 0);
}

}  // namespace

TEST_CASE("a service that honours conditions on uploads in parts is found to, in its form") {
  S3World world;
  SUBCASE("quoted") {}
  SUBCASE("bare") { world.s3.writes = Writes::kBareOnly; }
  const auto place = world.place();
  Backend& backend = place->backend();
  CHECK(try_upload(backend, 1, Absent{}) == "written");
  CHECK(try_upload(backend, 2, Absent{}) == "conflict");
  const Version version = version_at(backend);
  CHECK(try_upload(backend, 2, Match{version}) == "written");
  CHECK(try_upload(backend, 3, Match{version}) == "conflict");
  CHECK(world.s3.objects[S3World::object()].body[0] == 2);
  check_clean(world);
}

TEST_CASE("one that does not is refused before anything of the value is sent") {
  S3World world;
  SUBCASE("ignores them") { world.s3.completions = Writes::kIgnored; }
  SUBCASE("refuses them") { world.s3.completions = Writes::kRefused; }
  SUBCASE("lets several racers win") { world.s3.completions = Writes::kRacy; }
  SUBCASE("ignores them on single writes, too") { world.s3.writes = Writes::kIgnored; }
  world.s3.objects[S3World::object()] = {"one", "e1", ""};
  const auto place = world.place();
  Backend& backend = place->backend();
  CHECK(try_upload(backend, 2, Absent{}) == "unsafe");
  CHECK(try_upload(backend, 2, Match{{"e1"}}) == "unsafe");
  CHECK(uploads_of_key(world.s3) == 0);
  CHECK(world.s3.objects[S3World::object()].body == "one");
  check_clean(world);
  CHECK(try_upload(backend, 2, Any{}) == "written");
}

TEST_CASE("the refusal says what is safe, and what to do") {
  S3World world;
  world.s3.completions = Writes::kIgnored;
  const auto place = world.place();
  const auto outcome =
      place->backend().write_stream(S3World::key(), large_value(1), Absent{}, kWriteId);
  REQUIRE_ERROR(outcome, ErrorCode::kUnsafe);
  CHECK(outcome.error().message() ==
        "s3://b cannot do this safely: it overwrites by an upload in parts what was to be created "
        "only if absent");
  CHECK(outcome.error().hint().find("16 MiB") != std::string::npos);
  CHECK(outcome.error().hint().find("--allow-unsafe") != std::string::npos);
  // Single writes are as safe as before.
  const auto small = place->backend().write(S3World::key(), bytes_of("x"), Absent{}, kWriteId);
  REQUIRE_OK(small);
  CHECK(std::holds_alternative<Written>(*small));
}

TEST_CASE("with allow-unsafe, an upload in parts looks before it writes") {
  S3World world;
  SUBCASE("ignored") { world.s3.completions = Writes::kIgnored; }
  SUBCASE("refused") { world.s3.completions = Writes::kRefused; }
  StoreAddress address = world.address();
  address.options["allow-unsafe"] = "true";
  const auto place = world.place(address);
  CHECK(try_upload(place->backend(), 1, Absent{}) == "written");
  CHECK(try_upload(place->backend(), 2, Absent{}) == "conflict");
}

TEST_CASE("uploads in parts are probed once, only when a condition needs it, and it is kept") {
  TempFolder folder;
  S3World world;
  world.env.variables["XDG_CACHE_HOME"] = folder / "cache";
  const auto probes = [&] {
    std::size_t count = 0;
    for (const Seen& seen : world.s3.seen) {
      count +=
          seen.has("uploads") && seen.url.path.find(".ksv-probe-") != std::string::npos ? 1 : 0;
    }
    return count;
  };
  CHECK(try_upload(world.place()->backend(), 1, Any{}) == "written");
  REQUIRE_OK(world.place()->backend().write(S3World::key(1), bytes_of("x"), Absent{}, kWriteId));
  CHECK(probes() == 0);
  CHECK(try_upload(world.place()->backend(), 2, Absent{}) == "conflict");
  const std::size_t needed = probes();
  CHECK(needed > 4);
  CHECK(try_upload(world.place()->backend(), 2, Absent{}) == "conflict");
  CHECK(probes() == needed);
}

TEST_CASE("a probe of uploads that fails says so, and leaves nothing open") {
  S3World world;
  world.s3.script = [](const Seen& request) -> std::optional<HttpOutcome> {
    if (!request.has("partNumber")) return std::nullopt;
    return refusal(403, "AccessDenied");
  };
  const auto place = world.place();
  const auto outcome =
      place->backend().write_stream(S3World::key(), large_value(1), Absent{}, kWriteId);
  REQUIRE_ERROR(outcome, ErrorCode::kDenied);
  CHECK(outcome.error().effect() == Effect::kNone);
  CHECK(outcome.error().message().find("honours conditions") != std::string::npos);
  check_clean(world);
}

}  // namespace ksv::testing
