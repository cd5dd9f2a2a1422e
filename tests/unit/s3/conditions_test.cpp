// Services that honour, ignore, refuse or race conditions, and what becomes of writes there.
#include "support/temp_folder.h"
#include "unit/s3/fake_s3.h"

namespace ksv::testing {

namespace {

const WriteId kWriteId{"w-1"};
using Writes = FakeS3::Writes;

std::string try_write(Backend& backend, std::string_view text, const Precondition& precondition) {
  auto outcome = backend.write(S3World::key(), bytes_of(text), precondition, kWriteId);
  if (!outcome) {
    CHECK(outcome.error().effect() == Effect::kNone);
    return outcome.error().code() == ErrorCode::kUnsafe ? "unsafe" : outcome.error().message();
  }
  return std::holds_alternative<Written>(*outcome) ? "written" : "conflict";
}

Version version_at(Backend& backend) {
  auto stored = backend.read(S3World::key());
  REQUIRE_OK(stored);
  REQUIRE(stored->has_value());
  return (*stored)->version;
}

std::size_t probe_leftovers(const S3World& world) {
  std::size_t count = 0;
  for (const auto& [name, object] : world.s3.objects) {
    count += name.find(".ksv-probe-") == std::string::npos ? 0 : 1;
  }
  return count;
}

}  // namespace

TEST_CASE("a service that honours conditions is found to, in either form of ETags") {
  S3World world;
  SUBCASE("quoted") {}
  SUBCASE("bare, as Ceph before 19, which ignores them in removals") {
    world.s3.writes = Writes::kBareOnly;
    world.s3.removes = false;
  }
  const auto place = world.place();
  Backend& backend = place->backend();
  CHECK(try_write(backend, "one", Absent{}) == "written");
  CHECK(try_write(backend, "two", Absent{}) == "conflict");
  const Version version = version_at(backend);
  CHECK(try_write(backend, "two", Match{version}) == "written");
  CHECK(try_write(backend, "three", Match{version}) == "conflict");
  CHECK(try_write(backend, "three", Match{{"\"never\""}}) == "conflict");
  CHECK(world.s3.objects[S3World::object()].body == "two");
  CHECK(backend.capabilities().conditional_writes);
  CHECK(backend.capabilities().conditional_removes == (world.s3.writes == Writes::kHonoured));
  CHECK(probe_leftovers(world) == 0);
}

TEST_CASE("a service that cannot be trusted is refused, and its keys stay as they are") {
  S3World world;
  SUBCASE("ignores conditions") { world.s3.writes = Writes::kIgnored; }
  SUBCASE("refuses them") { world.s3.writes = Writes::kRefused; }
  SUBCASE("lets several racers win") { world.s3.writes = Writes::kRacy; }
  world.s3.objects[S3World::object()] = {"one", "e1", ""};
  const auto place = world.place();
  Backend& backend = place->backend();
  CHECK(try_write(backend, "two", Absent{}) == "unsafe");
  CHECK(try_write(backend, "two", Match{{"e1"}}) == "unsafe");
  CHECK(world.s3.objects[S3World::object()].body == "one");
  CHECK_FALSE(backend.capabilities().conditional_writes);
  CHECK(try_write(backend, "two", Any{}) == "written");
  CHECK(probe_leftovers(world) == 0);
}

TEST_CASE("with allow-unsafe, ksv looks before it writes") {
  S3World world;
  SUBCASE("ignores conditions") { world.s3.writes = Writes::kIgnored; }
  SUBCASE("refuses them") { world.s3.writes = Writes::kRefused; }
  StoreAddress address = world.address();
  address.options["allow-unsafe"] = "true";
  const auto place = world.place(address);
  Backend& backend = place->backend();
  CHECK(try_write(backend, "one", Absent{}) == "written");
  CHECK(try_write(backend, "two", Absent{}) == "conflict");
  const Version version = version_at(backend);
  CHECK(try_write(backend, "two", Match{version}) == "written");
  CHECK(try_write(backend, "three", Match{version}) == "conflict");
  auto removed = backend.remove(S3World::key(), Match{version_at(backend)});
  REQUIRE_OK(removed);
  CHECK(*removed == RemoveOutcome::kRemoved);
}

TEST_CASE("AWS needs no probe") {
  S3World world;
  StoreAddress address = world.address();
  address.options["endpoint"] = "https://s3.us-east-1.amazonaws.com";
  address.options["path-style"] = "true";
  const auto place = world.place(address);
  CHECK(try_write(place->backend(), "one", Absent{}) == "written");
  CHECK(world.s3.seen.size() == 2);  // the marker, the write
  CHECK(place->backend().capabilities().conditional_removes);
}

TEST_CASE("what was found out is kept for the next command, for a week") {
  TempFolder folder;
  S3World world;
  world.env.variables["XDG_CACHE_HOME"] = folder / "cache";
  CHECK(try_write(world.place()->backend(), "one", Absent{}) == "written");
  world.s3.seen.clear();
  CHECK(try_write(world.place()->backend(), "two", Absent{}) == "conflict");
  CHECK(world.s3.seen.size() == 1);  // neither probe nor marker

  world.env.sleep(std::chrono::hours(24 * 8));
  world.call.deadline = Deadline(world.env, std::chrono::seconds(30));
  world.s3.seen.clear();
  CHECK(try_write(world.place()->backend(), "two", Absent{}) == "conflict");
  CHECK(world.s3.seen.size() > 10);
}

TEST_CASE("a refusal is kept for ten minutes, a file that cannot be read not at all") {
  TempFolder folder;
  S3World world;
  world.env.variables["XDG_CACHE_HOME"] = folder / "cache";
  world.s3.writes = Writes::kIgnored;
  CHECK(try_write(world.place()->backend(), "one", Absent{}) == "unsafe");
  world.s3.writes = Writes::kHonoured;
  CHECK(try_write(world.place()->backend(), "one", Absent{}) == "unsafe");
  SUBCASE("time passes") {
    world.env.sleep(std::chrono::minutes(11));
    world.call.deadline = Deadline(world.env, std::chrono::seconds(30));
  }
  SUBCASE("the file is damaged") {
    const std::string probes = folder / "cache/ksv/s3-probes";
    auto names = world.env.files().names(probes, 10);
    REQUIRE_OK(names);
    REQUIRE((*names)->size() == 1);
    const std::string path = probes + "/" + (**names)[0];
    REQUIRE_OK(world.env.files().remove(path));
    auto file = world.env.files().open(path, OpenMode::kCreateNew);
    REQUIRE_OK(file);
    REQUIRE_OK((*file)->write(bytes_of("{\"at\": ")));
  }
  CHECK(try_write(world.place()->backend(), "one", Absent{}) == "written");
}

TEST_CASE("a probe that fails says so, and nothing was written") {
  S3World world;
  world.s3.script = [](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method != "PUT") return std::nullopt;
    return refusal(403, "AccessDenied");
  };
  const auto place = world.place();
  auto outcome = place->backend().write(S3World::key(), bytes_of("x"), Absent{}, kWriteId);
  REQUIRE_ERROR(outcome, ErrorCode::kDenied);
  CHECK(outcome.error().effect() == Effect::kNone);
  CHECK(outcome.error().message().find("honours conditions") != std::string::npos);
}

TEST_CASE("a removal under a version is left to services that look at it") {
  S3World world;
  world.s3.objects[S3World::object()] = {"one", "e1", ""};
  const auto place = world.place();
  Backend& backend = place->backend();
  SUBCASE("honoured") {
    auto outcome = backend.remove(S3World::key(), Match{{"e1"}});
    REQUIRE_OK(outcome);
    CHECK(*outcome == RemoveOutcome::kRemoved);
    CHECK(world.s3.seen.back().header("if-match") == "\"e1\"");
  }
  SUBCASE("ignored") {
    world.s3.removes = false;
    REQUIRE_ERROR(backend.remove(S3World::key(), Match{{"e1"}}), ErrorCode::kUnsafe);
    CHECK(world.s3.objects.count(S3World::object()) == 1);
    auto other = backend.remove(S3World::key(), Match{{"e0"}});
    REQUIRE_OK(other);
    CHECK(*other == RemoveOutcome::kConflict);
  }
}

TEST_CASE("a refusal of the next send says nothing of the removal that got no answer") {
  S3World world;
  world.s3.objects[S3World::object()] = {"one", "e1", ""};
  const auto place = world.place();
  // The service is known to look at versions before that.
  world.s3.objects[S3World::object(1)] = {"two", "e2", ""};
  REQUIRE_OK(place->backend().remove(S3World::key(1), Match{{"e2"}}));
  // One request has three attempts.
  int sent = 0;
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method != "DELETE" ||
        request.url.path.find(S3World::object()) == std::string::npos) {
      return std::nullopt;
    }
    if (++sent > 3) return refusal(403, "AccessDenied");
    return HttpFailure{HttpFailure::Kind::kBroken, true, "reset", {}};
  };
  Precondition precondition = Any{};
  SUBCASE("any") {}
  SUBCASE("by version") { precondition = Match{{"e1"}}; }
  const auto outcome = place->backend().remove(S3World::key(), precondition);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().effect() == Effect::kUnknown);
  CHECK(sent > 3);
}

}  // namespace ksv::testing
