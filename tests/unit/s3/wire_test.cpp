// Requests as they go out, and what is mended on the way: region, clock, credentials, lost answers.
#include "unit/s3/fake_s3.h"

namespace ksv::testing {

namespace {

const WriteId kWriteId{"w-1"};

std::string text_at(Backend& backend, const std::string& key) {
  auto stored = backend.read(key);
  REQUIRE_OK(stored);
  return *stored ? std::string(text_of((*stored)->bytes)) : "(absent)";
}

// Answers the first request of a method by `first`, the others by the service itself.
auto once(std::string method, HttpOutcome first) {
  return [method = std::move(method), first = std::move(first),
          done = false](const Seen& request) mutable -> std::optional<HttpOutcome> {
    if (done || request.method != method) return std::nullopt;
    done = true;
    return first;
  };
}

StoreAddress on_aws(const S3World& world) {
  StoreAddress address = world.address();
  address.location = "bkt";
  address.options.erase("endpoint");
  address.options["region"] = "us-east-1";
  return address;
}

}  // namespace

TEST_CASE("a request is signed and carries what the address asks for") {
  S3World world;
  StoreAddress address = world.address();
  address.options["request-payer"] = "true";
  address.options["expected-bucket-owner"] = "123";
  address.options["session-token"] = "TOKEN";
  const auto place = world.place(address);
  CHECK(text_at(place->backend(), S3World::key()) == "(absent)");
  const Seen& request = world.s3.seen[0];
  CHECK(request.line() == "GET http://s3.test/b/" + S3World::object());
  CHECK(request.header("x-amz-request-payer") == "requester");
  CHECK(request.header("x-amz-expected-bucket-owner") == "123");
  CHECK(request.header("x-amz-security-token") == "TOKEN");
  CHECK(request.header("authorization").find("/us-east-1/s3/aws4_request") != std::string::npos);
  CHECK(request.header("authorization").find("x-amz-request-payer") != std::string::npos);
}

TEST_CASE("a traced request names its trace in a header that is not signed") {
  S3World world;
  world.env.variables["_X_AMZN_TRACE_ID"] =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
  StoreAddress address = world.address();
  address.options["x-ray"] = "true";
  CHECK(text_at(world.place(address)->backend(), S3World::key()) == "(absent)");
  const Seen& request = world.s3.seen[0];
  CHECK(request.header("x-amzn-trace-id").starts_with("Root=1-5759e988-bd862e3fe1be46a994272793"));
  CHECK(request.header("authorization").find("trace-id") == std::string::npos);
}

TEST_CASE("an anonymous request is not signed") {
  S3World world;
  StoreAddress address = world.address();
  address.options = {{"endpoint", "http://s3.test"}, {"anonymous", "true"}};
  CHECK(text_at(world.place(address)->backend(), S3World::key()) == "(absent)");
  CHECK(world.s3.seen[0].header("authorization").empty());
}

TEST_CASE("a bucket of another region is asked there, and from then on at once") {
  S3World world;
  HttpAnswer redirect;
  SUBCASE("301 with the region in a header") {
    redirect = refusal(301, "PermanentRedirect");
    redirect.headers.push_back({"x-amz-bucket-region", "eu-west-1"});
  }
  SUBCASE("400 with the region in the body") {
    redirect = refusal(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>");
  }
  SUBCASE("307 with the host in the body") {
    redirect =
        refusal(307, "TemporaryRedirect", "<Endpoint>bkt.s3-eu-west-1.amazonaws.com</Endpoint>");
  }
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.url.host == "bkt.s3.eu-west-1.amazonaws.com") return refusal(404, "NoSuchKey");
    return redirect;
  };
  const auto place = world.place(on_aws(world));
  // Neither key nor marker are there; but they were asked for in the right place.
  const auto read = place->backend().read(S3World::key());
  REQUIRE_ERROR(read, ErrorCode::kState);
  REQUIRE(world.s3.seen.size() == 3);
  CHECK(world.s3.seen[0].url.host == "bkt.s3.us-east-1.amazonaws.com");
  CHECK(world.s3.seen[1].url.host == "bkt.s3.eu-west-1.amazonaws.com");
  CHECK(world.s3.seen[1].header("authorization").find("/eu-west-1/s3/") != std::string::npos);
  CHECK(world.s3.seen[2].url.host == "bkt.s3.eu-west-1.amazonaws.com");
}

TEST_CASE("a redirect that says nothing new is not followed round in circles") {
  S3World world;
  world.s3.script = [&](const Seen&) -> std::optional<HttpOutcome> {
    return refusal(301, "PermanentRedirect", "<Endpoint>elsewhere.example</Endpoint>");
  };
  const auto read = world.place(on_aws(world))->backend().read(S3World::key());
  REQUIRE_ERROR(read, ErrorCode::kUsage);
  CHECK(world.s3.seen.size() == 1);
}

TEST_CASE("a clock that is off is set right by the service's, once") {
  S3World world;
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.header("x-amz-date").starts_with("2026")) return std::nullopt;
    HttpAnswer answer = refusal(403, "RequestTimeTooSkewed");
    answer.headers.push_back({"date", "Sat, 21 Nov 2026 11:00:00 GMT"});
    return answer;
  };
  const auto place = world.place();
  CHECK(text_at(place->backend(), S3World::key()) == "(absent)");
  CHECK(world.s3.seen.size() == 3);  // refused, repeated, marker
}

TEST_CASE("a denial names the permission that may be missing") {
  S3World world;
  std::string code = "AccessDenied";
  world.s3.script = [&](const Seen&) -> std::optional<HttpOutcome> { return refusal(403, code); };
  const auto place = world.place(on_aws(world));
  const auto read = place->backend().read(S3World::key());
  REQUIRE_ERROR(read, ErrorCode::kDenied);
  CHECK(read.error().hint() ==
        "The credentials lack the permission s3:GetObject, or are wrong; -v tells where they come "
        "from. Without s3:ListBucket, objects that do not exist get the same answer.");
  const auto list = place->backend().list("", std::nullopt);
  REQUIRE_ERROR(list, ErrorCode::kDenied);
  CHECK(list.error().hint().find("s3:ListBucket, or are wrong") != std::string::npos);
  const auto write =
      place->backend().write(S3World::key(), bytes_of("x"), Match{{"abc"}}, kWriteId);
  REQUIRE_ERROR(write, ErrorCode::kDenied);
  CHECK(write.error().hint().find("s3:PutObject or s3:GetObject, or") != std::string::npos);
  CHECK(write.error().effect() == Effect::kNone);
  CHECK(write.error().is_refused_write());
  CHECK(write.error().message().find("SK") == std::string::npos);
  code = "InvalidAccessKeyId";
  CHECK(place->backend().read(S3World::key()).error().hint().empty());
}

TEST_CASE("no secret of a signed request is in what is logged, headers included") {
  S3World world;
  std::string log;
  world.call.log = [&](const std::string& text) { log += text + "\n"; };
  world.call.log_headers = true;
  StoreAddress address = world.address();
  address.options["access-key"] = "AKIDEXAMPLE";
  address.options["secret"] = "sEcReT/of+the0000key";
  address.options["session-token"] = "tOkEn/of+the0000session";
  // A service that tells all that it was told.
  world.s3.way_back = [](const Seen& request, const HttpAnswer& answer) {
    HttpAnswer told = answer;
    for (const HttpHeader& header : request.headers) {
      told.headers.push_back({"x-echo", "[" + header.value + "]"});
    }
    return std::optional<HttpOutcome>(std::move(told));
  };
  const auto place = world.place(address);
  REQUIRE_OK(place->backend().write(S3World::key(), bytes_of("x"), Absent{}, kWriteId));
  const Seen& sent = world.s3.seen.back();
  CHECK(sent.header("x-amz-security-token") == address.options["session-token"]);
  const std::string authorization = sent.header("authorization");
  const std::string signature = authorization.substr(authorization.find("Signature=") + 10);
  REQUIRE(signature.size() == 64);
  for (const std::string& secret :
       {address.options["secret"], address.options["session-token"], signature, authorization}) {
    CAPTURE(secret);
    CHECK(log.find(secret) == std::string::npos);
  }
  CHECK(log.find("\n> if-none-match: *\n") != std::string::npos);
  CHECK(log.find("\n< etag: ") != std::string::npos);
}

TEST_CASE(
    "a write under a condition is repeated after a lost answer, and its refusal is doubtful") {
  S3World world;
  world.s3.way_back = [lost = false](const Seen& request,
                                     const HttpAnswer&) mutable -> std::optional<HttpOutcome> {
    if (lost || request.method != "PUT") return std::nullopt;
    lost = true;
    return HttpFailure{HttpFailure::Kind::kBroken, true, "reset", {}};
  };
  world.s3.script = [&](const Seen& request) -> std::optional<HttpOutcome> {
    if (request.method != "PUT" || world.s3.count("PUT") == 1) return std::nullopt;
    return refusal(412, "PreconditionFailed");
  };
  // The fake knows only the bucket "b" by path.
  StoreAddress address = world.address();
  address.options["endpoint"] = "https://s3.us-east-1.amazonaws.com";
  address.options["path-style"] = "true";
  const auto trusted = world.place(address);
  const auto outcome = trusted->backend().write(S3World::key(), bytes_of("x"), Absent{}, kWriteId);
  REQUIRE_OK(outcome);
  const Conflict* conflict = std::get_if<Conflict>(&*outcome);
  REQUIRE(conflict != nullptr);
  CHECK(conflict->doubtful);
  CHECK(world.s3.count("PUT") == 2);
}

TEST_CASE("an unconditional write is sent once, and an unknown fate is said to be unknown") {
  S3World world;
  const auto place = world.place();
  world.s3.way_back = [](const Seen& request, const HttpAnswer&) -> std::optional<HttpOutcome> {
    if (request.method != "PUT") return std::nullopt;
    return HttpFailure{HttpFailure::Kind::kBroken, true, "reset", {}};
  };
  const auto outcome = place->backend().write(S3World::key(), bytes_of("x"), Any{}, kWriteId);
  REQUIRE_ERROR(outcome, ErrorCode::kUnavailable);
  CHECK(outcome.error().effect() == Effect::kUnknown);
  CHECK(world.s3.count("PUT") == 1);
}

TEST_CASE("a read goes on after a transient failure") {
  S3World world;
  world.s3.objects[S3World::object()] = {"one", "e1", ""};
  world.s3.script = once("GET", refusal(503, "SlowDown"));
  CHECK(text_at(world.place()->backend(), S3World::key()) == "one");
  CHECK(world.s3.count("GET") == 2);
}

}  // namespace ksv::testing
