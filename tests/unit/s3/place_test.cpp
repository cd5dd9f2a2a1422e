// Stores as things that are created, listed and deleted, and values in parts, on a fake service.
#include "backend/s3/s3_buckets.h"
#include "unit/s3/fake_s3.h"

namespace ksv::testing {

namespace {

const WriteId kWriteId{"w-1"};

// AWS by its host, so that no probe comes between.
StoreAddress trusted(const S3World& world) {
  StoreAddress address = world.address();
  address.options["endpoint"] = "https://s3.us-east-1.amazonaws.com";
  address.options["path-style"] = "true";
  return address;
}

ByteSource bytes_source(std::size_t size) {
  return [left = size](std::span<std::uint8_t> into) mutable -> Result<std::size_t> {
    const std::size_t count = std::min(left, into.size());
    std::fill_n(into.begin(), count, std::uint8_t{'x'});
    left -= count;
    return count;
  };
}

constexpr std::size_t kLarge = (std::size_t{33} << 20) + 7;

HttpFailure broken() { return {HttpFailure::Kind::kBroken, true, "reset", {}}; }

}  // namespace

TEST_CASE("creating a store makes its bucket when that is missing and allowed") {
  S3World world;
  world.s3.objects.clear();
  world.s3.has_bucket = false;
  StoreAddress address = trusted(world);
  SUBCASE("allowed") {
    auto created = world.place(address)->create();
    REQUIRE_OK(created);
    CHECK(*created == CreateOutcome::kCreated);
    CHECK(world.s3.objects[kStoreId + "_.konserve-metadata"].body == "konserve");
    auto again = world.place(address)->create();
    REQUIRE_OK(again);
    CHECK(*again == CreateOutcome::kExisted);
  }
  SUBCASE("not allowed") {
    address.options["create-bucket"] = "false";
    REQUIRE_ERROR(world.place(address)->create(), ErrorCode::kState);
    CHECK_FALSE(world.s3.has_bucket);
  }
}

TEST_CASE("a store whose creation was answered by silence or twice is ours all the same") {
  S3World world;
  world.s3.objects.clear();
  // The marker's PUT: lost, and so are all its repeats; or delivered twice by something between.
  bool twice = false;
  SUBCASE("delivered twice") { twice = true; }
  SUBCASE("lost") {}
  world.s3.way_back = [&](const Seen& request, const HttpAnswer&) -> std::optional<HttpOutcome> {
    if (request.method != "PUT") return std::nullopt;
    if (twice) return refusal(412, "PreconditionFailed");
    return broken();
  };
  auto created = world.place(trusted(world))->create();
  REQUIRE_OK(created);
  CHECK(*created == CreateOutcome::kCreated);
}

TEST_CASE("a store that somebody else created at the same time existed") {
  S3World world;
  world.s3.objects.clear();
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method == "PUT") {
      world.s3.objects[kStoreId + "_.konserve-metadata"] = {"konserve", "m", "of-a-rival"};
    }
    return std::nullopt;
  };
  auto created = world.place(trusted(world))->create();
  REQUIRE_OK(created);
  CHECK(*created == CreateOutcome::kExisted);
}

TEST_CASE("deleting a store leaves other stores and foreign objects, and the marker goes last") {
  S3World world;
  for (int i = 0; i < 8; ++i) world.s3.objects[S3World::object(i)] = {"v", "e", ""};
  world.s3.objects[S3World::object(1) + ".new"] = {"v", "e", ""};
  world.s3.objects[kStoreId + "_notes.txt"] = {"v", "e", ""};
  world.s3.objects["other_k.ksv"] = {"v", "e", ""};
  SUBCASE("in batches") {}
  SUBCASE("singly, where the service knows no batches") { world.s3.multi_delete = false; }
  std::uint64_t told = 0;
  auto removed = world.place()->remove([&](std::uint64_t count) { told = count; });
  REQUIRE_OK(removed);
  CHECK(*removed == DeleteOutcome::kDeleted);
  CHECK(told == 8);
  CHECK(world.s3.objects.size() == 2);
  CHECK(world.s3.seen.back().line().ends_with("_.konserve-metadata"));
  auto again = world.place()->remove({});
  REQUIRE_OK(again);
  CHECK(*again == DeleteOutcome::kWasAbsent);
}

TEST_CASE("objects that cannot be deleted are named, and the marker stays") {
  S3World world;
  for (int i = 0; i < 2; ++i) world.s3.objects[S3World::object(i)] = {"v", "e", ""};
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method != "POST") return std::nullopt;
    HttpAnswer answer;
    answer.status = 200;
    answer.body = copy_of(bytes_of("<DeleteResult><Error><Key>" + S3World::object(1) +
                                   "</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
                                   "</DeleteResult>"));
    return answer;
  };
  auto removed = world.place()->remove({});
  REQUIRE_ERROR(removed, ErrorCode::kPartial);
  CHECK(removed.error().message().find(S3World::object(1)) != std::string::npos);
  CHECK(world.s3.objects.count(kStoreId + "_.konserve-metadata") == 1);
}

TEST_CASE("stores are those with a marker; figures come when asked for") {
  S3World world;
  const std::string second = "00000000-2222-3333-4444-555555555555";
  world.s3.objects[second + "_.konserve-metadata"] = {"konserve", "m", ""};
  world.s3.objects[second + "_a.ksv"] = {"12345", "e", ""};
  world.s3.objects["99999999-2222-3333-4444-555555555555_a.ksv"] = {"no marker", "e", ""};
  world.s3.objects["notes_x"] = {"v", "e", ""};
  StoreAddress bucket = world.address();
  bucket.id.clear();
  auto stores = list_stores(bucket, true, world.env, world.call);
  REQUIRE_OK(stores);
  REQUIRE(stores->size() == 2);
  CHECK((*stores)[0].id == second);
  CHECK((*stores)[0].keys == 1);
  CHECK((*stores)[0].bytes == 5);
  CHECK((*stores)[0].last_write_ms == 1795255200000);
  CHECK((*stores)[1].id == kStoreId);
  CHECK((*stores)[1].keys == 0);
}

TEST_CASE("a bucket is deleted when it is empty") {
  S3World world;
  REQUIRE_ERROR(s3::delete_bucket(world.address(), world.env, world.call), ErrorCode::kState);
  world.s3.objects.clear();
  auto deleted = s3::delete_bucket(world.address(), world.env, world.call);
  REQUIRE_OK(deleted);
  CHECK(*deleted == DeleteOutcome::kDeleted);
  auto again = s3::delete_bucket(world.address(), world.env, world.call);
  REQUIRE_OK(again);
  CHECK(*again == DeleteOutcome::kWasAbsent);
}

TEST_CASE("a value in parts is written under its condition where that is honoured") {
  S3World world;
  const auto place = world.place(trusted(world));
  Backend& backend = place->backend();
  auto first = backend.write_stream(S3World::key(), bytes_source(kLarge), Absent{}, kWriteId);
  REQUIRE_OK(first);
  REQUIRE(std::holds_alternative<Written>(*first));
  CHECK(world.s3.objects[S3World::object()].body.size() == kLarge);
  auto second = backend.write_stream(S3World::key(), bytes_source(kLarge), Absent{}, kWriteId);
  REQUIRE_OK(second);
  CHECK(std::holds_alternative<Conflict>(*second));
  CHECK(world.s3.seen.back().method == "DELETE");  // the upload is given up
}

TEST_CASE("a completion whose answer was lost is settled by the write's name") {
  S3World world;
  const auto place = world.place(trusted(world));
  bool landed = true;
  SUBCASE("it had landed") {}
  SUBCASE("it had not") { landed = false; }
  int losses = 0;
  const auto is_completion = [](const Seen& request) {
    return request.method == "POST" && request.has("uploadId");
  };
  world.s3.way_back = [&](const Seen& request, const HttpAnswer&) -> std::optional<HttpOutcome> {
    if (!is_completion(request) || losses++ > 0) return std::nullopt;
    return broken();
  };
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (landed || !is_completion(request)) return std::nullopt;
    return refusal(404, "NoSuchUpload");
  };
  auto outcome =
      place->backend().write_stream(S3World::key(), bytes_source(kLarge), Any{}, kWriteId);
  if (landed) {
    REQUIRE_OK(outcome);
    CHECK(std::holds_alternative<Written>(*outcome));
  } else {
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
  }
}

TEST_CASE("a completion that fails inside a 200 is an error") {
  S3World world;
  const auto place = world.place(trusted(world));
  world.s3.script = [](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method != "POST" || !request.has("uploadId")) return std::nullopt;
    return refusal(200, "InternalError");
  };
  auto outcome =
      place->backend().write_stream(S3World::key(), bytes_source(kLarge), Any{}, kWriteId);
  REQUIRE_ERROR(outcome, ErrorCode::kUnavailable);
  CHECK(outcome.error().effect() == Effect::kUnknown);
  CHECK(world.s3.objects.count(S3World::object()) == 0);
}

TEST_CASE("a value that is overwritten while it is streamed is not mixed") {
  S3World world;
  std::size_t size = std::size_t{20} << 20;
  SUBCASE("by one as long") {}
  SUBCASE("by a shorter one") { size = 100; }
  world.s3.objects[S3World::object()] = {std::string(std::size_t{20} << 20, 'a'), "e1", ""};
  const auto place = world.place();
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    const std::string range = request.header("range");
    if (range.empty() || range.starts_with("bytes=0-")) return std::nullopt;
    world.s3.objects[S3World::object()] = {std::string(size, 'b'), "e2", ""};
    return std::nullopt;
  };
  bool mixed = false;
  auto version = place->backend().read_stream(S3World::key(), 0, [&](BytesView bytes) {
    mixed = mixed || text_of(bytes).find('b') != std::string_view::npos;
    return ok();
  });
  REQUIRE_ERROR(version, ErrorCode::kContention);
  CHECK_FALSE(mixed);
}

TEST_CASE("an address without a store names a bucket only") {
  S3World world;
  StoreAddress bucket = world.address();
  bucket.id.clear();
  REQUIRE_ERROR(open_place(bucket, world.env, world.call), ErrorCode::kUsage);
  bucket.id = "no-uuid";
  REQUIRE_ERROR(open_place(bucket, world.env, world.call), ErrorCode::kUsage);
}

}  // namespace ksv::testing
