// What an examination says of services of many kinds, and that it leaves nothing behind.
#include "ksv/checkup.h"

#include <algorithm>

#include "support/temp_folder.h"
#include "unit/s3/fake_s3.h"

namespace ksv::testing {

namespace {

using State = Finding::State;
using Writes = FakeS3::Writes;

struct Examined {
  Status verdict = ok();
  std::vector<Finding> findings;

  const Finding* find(std::string_view check) const {
    for (const Finding& finding : findings) {
      if (finding.check == check) return &finding;
    }
    return nullptr;
  }
  std::string state(std::string_view check) const {
    const Finding* finding = find(check);
    if (finding == nullptr) return "none";
    switch (finding->state) {
      case State::kGood: return "good";
      case State::kWarning: return "warning";
      case State::kBad: return "bad";
      case State::kSkipped: return "skipped";
    }
    return "";
  }
  std::size_t count(State state) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.state == state; }));
  }
};

Examined examined(S3World& world, const StoreAddress& address) {
  Examined result;
  result.verdict = examine(address, world.env, world.call,
                           [&](const Finding& finding) { result.findings.push_back(finding); });
  return result;
}
Examined examined(S3World& world) { return examined(world, world.address()); }

// Refuses requests of this method for objects.
void deny(S3World& world, const std::string& method) {
  world.s3.script = [method](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method != method || request.url.path == "/b") return std::nullopt;
    return refusal(403, "AccessDenied");
  };
}

bool is_listing(const Seen& request) { return request.method == "GET" && request.has("list-type"); }

}  // namespace

TEST_CASE("a sound service has nothing bad, and nothing is left behind") {
  S3World world;
  StoreAddress address = world.address();
  SUBCASE("a store") {}
  SUBCASE("a bucket") { address.id.clear(); }
  const auto before = world.s3.objects.size();
  const Examined result = examined(world, address);
  REQUIRE_OK(result.verdict);
  CHECK(result.count(State::kBad) == 0);
  CHECK(result.count(State::kWarning) == 0);
  for (const char* check :
       {"name", "connection", "credentials", "bucket", "list", "write", "read", "delete",
        "read back", "listing", "latency", "first write", "stale write", "race", "removal"}) {
    CAPTURE(check);
    CHECK(result.state(check) == "good");
  }
  CHECK(result.state("store") == (address.id.empty() ? "none" : "good"));
  CHECK(world.s3.objects.size() == before);
}

TEST_CASE("a service that does not keep two writers apart is unsafe, and nothing is left behind") {
  S3World world;
  std::string check;
  SUBCASE("ignores conditions") {
    world.s3.writes = Writes::kIgnored;
    check = "first write";
  }
  SUBCASE("refuses them") {
    world.s3.writes = Writes::kRefused;
    check = "first write";
  }
  SUBCASE("lets several racers win") {
    world.s3.writes = Writes::kRacy;
    check = "race";
  }
  const Examined result = examined(world);
  REQUIRE_ERROR(result.verdict, ErrorCode::kUnsafe);
  CHECK(result.state(check) == "bad");
  CHECK_FALSE(result.find(check)->advice.empty());
  CHECK(world.s3.objects.size() == 1);
}

TEST_CASE("what was found out is what the next command goes by, in place of what was believed") {
  TempFolder folder;
  S3World world;
  world.env.variables["XDG_CACHE_HOME"] = folder / "cache";
  REQUIRE_OK(examined(world).verdict);
  world.s3.writes = Writes::kIgnored;
  REQUIRE_ERROR(examined(world).verdict, ErrorCode::kUnsafe);
  auto outcome = world.place()->backend().write(S3World::key(), bytes_of("x"), Absent{}, {"w"});
  REQUIRE_ERROR(outcome, ErrorCode::kUnsafe);
}

TEST_CASE("removals that do not look at the version are a warning") {
  S3World world;
  world.s3.removes = false;
  const Examined result = examined(world);
  REQUIRE_OK(result.verdict);
  CHECK(result.state("removal") == "warning");
}

TEST_CASE("rights are told one by one") {
  S3World world;
  std::string check;
  std::string permission;
  std::size_t left = 1;
  SUBCASE("list") {
    world.s3.script = [](const Seen& request) -> std::optional<HttpOutcome> {
      if (!is_listing(request)) return std::nullopt;
      return refusal(403, "AccessDenied");
    };
    check = "list";
    permission = "s3:ListBucket";
  }
  SUBCASE("write") {
    deny(world, "PUT");
    check = "write";
    permission = "s3:PutObject";
  }
  SUBCASE("read") {
    deny(world, "GET");
    check = "read";
    permission = "s3:GetObject";
  }
  SUBCASE("delete") {
    deny(world, "DELETE");
    check = "delete";
    permission = "s3:DeleteObject";
    left = 2;
  }
  const Examined result = examined(world);
  REQUIRE_ERROR(result.verdict, ErrorCode::kDenied);
  CHECK(result.state(check) == "bad");
  CHECK(result.find(check)->advice.find(permission) != std::string::npos);
  for (const char* other : {"list", "write", "read"}) {
    CAPTURE(other);
    if (check != other) CHECK(result.state(other) == "good");
  }
  CHECK(result.state("race") == (check == "list" ? "good" : "skipped"));
  // What may not be removed is named.
  CHECK(world.s3.objects.size() == left);
  CHECK(result.state("clean-up") == (left == 2 ? "bad" : "none"));
}

TEST_CASE("a bucket that is not there ends it; a store that is not there does not") {
  S3World world;
  SUBCASE("bucket") {
    world.s3.has_bucket = false;
    const Examined result = examined(world);
    REQUIRE_ERROR(result.verdict, ErrorCode::kState);
    CHECK(result.state("bucket") == "bad");
    CHECK(result.state("write") == "none");
  }
  SUBCASE("store") {
    world.s3.objects.clear();
    const Examined result = examined(world);
    REQUIRE_ERROR(result.verdict, ErrorCode::kState);
    CHECK(result.state("store") == "bad");
    CHECK(result.state("race") == "good");
    CHECK(world.s3.objects.empty());
  }
}

TEST_CASE("what stands in the way of a connection is told from what came before it") {
  S3World world;
  HttpFailure failure;
  std::string check = "connection";
  ErrorCode code = ErrorCode::kUnavailable;
  SUBCASE("the name") {
    failure = {HttpFailure::Kind::kResolve, false, "no such host"};
    check = "name";
  }
  SUBCASE("nobody listens") { failure = {HttpFailure::Kind::kConnect, false, "refused"}; }
  SUBCASE("TLS") {
    failure = {HttpFailure::Kind::kTls, false, "bad certificate"};
    code = ErrorCode::kDenied;
  }
  world.s3.script = [&](const Seen&) { return HttpOutcome(failure); };
  const Examined result = examined(world);
  REQUIRE_ERROR(result.verdict, code);
  CHECK(result.state(check) == "bad");
  CHECK_FALSE(result.find(check)->advice.empty());
  CHECK(result.state("credentials") == "none");
  CHECK(world.s3.seen.size() == 1);
}

TEST_CASE("a clock that is off by minutes is a warning") {
  S3World world;
  world.s3.way_back = [](const Seen&, const HttpAnswer& answer) {
    HttpAnswer dated = answer;
    dated.headers.push_back({"date", "Tue, 14 Nov 2023 22:08:20 GMT"});
    return std::optional<HttpOutcome>(dated);
  };
  const Examined result = examined(world);  // on the fake clock it is 22:13:20
  REQUIRE_OK(result.verdict);
  CHECK(result.state("clock") == "warning");
  CHECK(result.find("clock")->text == "4 min ahead of the server");
}

TEST_CASE("a listing that lags behind is a warning") {
  S3World world;
  world.s3.script = [](const Seen& request) -> std::optional<HttpOutcome> {
    if (!is_listing(request)) return std::nullopt;
    return HttpAnswer{200, {}, copy_of(bytes_of("<ListBucketResult></ListBucketResult>"))};
  };
  const Examined result = examined(world);
  REQUIRE_OK(result.verdict);
  CHECK(result.state("listing") == "warning");
}

TEST_CASE("a read that lags behind is unsafe") {
  S3World world;
  world.s3.way_back = [](const Seen& request, const HttpAnswer&) -> std::optional<HttpOutcome> {
    const bool reads = request.method == "GET" && !request.has("list-type");
    if (!reads || request.url.path.find(".ksv-probe-") == std::string::npos) return std::nullopt;
    return HttpAnswer{200, {{"etag", "\"old\""}}, copy_of(bytes_of("old"))};
  };
  const Examined result = examined(world);
  REQUIRE_ERROR(result.verdict, ErrorCode::kUnsafe);
  CHECK(result.state("read back") == "bad");
}

TEST_CASE("a signal, or the end of the time, leaves nothing behind") {
  for (const bool late : {false, true}) {
    // The rights, latency, a stale write.
    for (const std::size_t put : {1, 5, 10}) {
      CAPTURE(late);
      CAPTURE(put);
      S3World world;
      std::size_t puts = 0;
      world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
        if (request.method != "PUT" || ++puts != put) return std::nullopt;
        if (late) world.env.sleep(std::chrono::seconds(26));
        if (!late) world.env.cancel = true;
        return std::nullopt;
      };
      const Examined result = examined(world);
      const ErrorCode code = late ? ErrorCode::kDeadline : ErrorCode::kCancelled;
      REQUIRE_ERROR(result.verdict, code);
      CHECK(result.state("race") == "none");
      CHECK(world.s3.objects.size() == 1);
    }
  }
}

}  // namespace ksv::testing
