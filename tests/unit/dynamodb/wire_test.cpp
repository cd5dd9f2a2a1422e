// Requests as they go out, and what becomes of answers that are lost, damaged or refusals.
#include "unit/dynamodb/dynamo_world.h"

namespace ksv::testing {
namespace {

using dynamodb::ConditionFailed;

std::string header(const FakeHttp::Asked& request, std::string_view name) {
  const std::string* value = find_header(request.headers, name);
  return value == nullptr ? "" : *value;
}

}  // namespace

TEST_CASE("a request names its operation and is signed for its region") {
  DynamoWorld world(DynamoWorld::Options{{"session-token", "TOKEN"}});
  world.answer(R"({"Item":{"id":{"N":"1"}}})");
  const auto reply = world.get();
  REQUIRE_OK(reply);
  CHECK(reply->item == R"({"id":{"N":"1"}})");
  const FakeHttp::Asked& request = world.http.asked[0];
  CHECK(request.method == "POST");
  CHECK(request.url == "http://db.test:8000/");
  CHECK(header(request, "x-amz-target") == "DynamoDB_20120810.GetItem");
  CHECK(header(request, "content-type") == "application/x-amz-json-1.0");
  CHECK(header(request, "x-amz-security-token") == "TOKEN");
  const std::string authorization = header(request, "authorization");
  CHECK(authorization.find("AK/20231114/eu-west-1/dynamodb/aws4_request") != std::string::npos);
  CHECK(authorization.find("x-amz-target") != std::string::npos);
  CHECK(request.body == R"({"TableName":"users","Key":{"id":{"N":"1"}},"ConsistentRead":true})");
}

TEST_CASE("throttling is waited out in short pauses that grow, also by a plain write") {
  DynamoWorld world;
  for (int i = 0; i < 9; ++i) world.refuse("ProvisionedThroughputExceededException");
  world.answer("{}");
  std::vector<std::int64_t> pauses;
  world.env.on_sleep = [&](std::chrono::microseconds time) { pauses.push_back(time.count()); };
  REQUIRE_OK(world.put());
  CHECK(world.http.asked.size() == 10);
  REQUIRE_FALSE(pauses.empty());
  CHECK(pauses.front() <= 50'000);
}

TEST_CASE("throttling without an end changes nothing, and says so") {
  DynamoWorld world;
  for (int i = 0; i < 10; ++i) world.refuse("ThrottlingException");
  const auto reply = world.put();
  REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
  CHECK(reply.error().effect() == Effect::kNone);
  CHECK(reply.error().is_refused_write());
  CHECK(reply.error().message().find("ThrottlingException: because") != std::string::npos);
  CHECK(world.http.asked.size() == 10);
}

TEST_CASE("an answer with a wrong checksum is none") {
  DynamoWorld world;
  world.damaged_answer(R"({"Item":{"id":{"N":"7"}}})");
  SUBCASE("a read is sent again") {
    world.answer(R"({"Item":{"id":{"N":"1"}}})");
    const auto reply = world.get();
    REQUIRE_OK(reply);
    CHECK(reply->item == R"({"id":{"N":"1"}})");
  }
  SUBCASE("a read whose answers are all damaged fails") {
    for (int i = 0; i < 9; ++i) world.damaged_answer(R"({"Item":{"id":{"N":"7"}}})");
    const auto reply = world.get();
    REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
    CHECK(reply.error().message().find("checksum") != std::string::npos);
  }
  SUBCASE("a plain write is not sent again, and its effect is unknown") {
    const auto reply = world.put();
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().effect() == Effect::kUnknown);
    CHECK(world.http.asked.size() == 1);
  }
  SUBCASE("a conditional write is sent again, and its refusal is doubted") {
    world.refuse("ConditionalCheckFailedException");
    const auto reply = world.put_new();
    REQUIRE_OK(reply);
    const auto* failed = std::get_if<ConditionFailed>(&*reply);
    REQUIRE(failed != nullptr);
    CHECK(failed->doubtful);
  }
}

TEST_CASE("a lost answer leaves a plain write open, and lets a conditional one be sent again") {
  DynamoWorld world;
  world.lose();
  SUBCASE("plain") {
    const auto reply = world.put();
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().effect() == Effect::kUnknown);
    CHECK(world.http.asked.size() == 1);
  }
  SUBCASE("conditional") {
    world.answer("{}");
    const auto reply = world.put_new();
    REQUIRE_OK(reply);
    CHECK(std::holds_alternative<dynamodb::Applied>(*reply));
  }
  SUBCASE("conditional, refused") {
    world.refuse("ConditionalCheckFailedException");
    const auto reply = world.put_new();
    REQUIRE_OK(reply);
    const auto* failed = std::get_if<ConditionFailed>(&*reply);
    REQUIRE(failed != nullptr);
    CHECK(failed->doubtful);
  }
  SUBCASE("an error of the service is as good as a lost answer") {
    world.refuse("InternalServerError", 500);
    for (int i = 0; i < 8; ++i) world.refuse("InternalServerError", 500);
    const auto reply = world.put_new();
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().effect() == Effect::kUnknown);
  }
}

TEST_CASE("a clean refusal is not doubted, and brings the item along where it was asked for") {
  DynamoWorld world;
  world.refuse("ConditionalCheckFailedException", 400, R"(,"Item":{"id":{"N":"2"}})");
  const auto reply = world.put_new();
  REQUIRE_OK(reply);
  const auto* failed = std::get_if<ConditionFailed>(&*reply);
  REQUIRE(failed != nullptr);
  CHECK_FALSE(failed->doubtful);
  CHECK(failed->item == R"({"id":{"N":"2"}})");
}

TEST_CASE("expired credentials are looked for once more, in the place where they came from") {
  DynamoWorld world(DynamoWorld::Options{{"access-key", ""}, {"secret", ""}});
  world.env.variables = {{"AWS_ACCESS_KEY_ID", "OLD"},
                         {"AWS_SECRET_ACCESS_KEY", "SK"},
                         {"AWS_SESSION_TOKEN", "T1"},
                         {"AWS_CONFIG_FILE", "/dev/null"},
                         {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}};
  world.refuse("ExpiredTokenException");
  SUBCASE("there are others") {
    world.answer("{}");
    world.http.on_exchange = [&](const HttpRequest&) {
      world.env.variables["AWS_ACCESS_KEY_ID"] = "NEW";
    };
    REQUIRE_OK(world.get());
    CHECK(header(world.http.asked[0], "authorization").find("=OLD/") != std::string::npos);
    CHECK(header(world.http.asked[1], "authorization").find("=NEW/") != std::string::npos);
  }
  SUBCASE("they stay expired") {
    world.refuse("ExpiredTokenException");
    const auto reply = world.put();
    REQUIRE_ERROR(reply, ErrorCode::kDenied);
    CHECK(reply.error().effect() == Effect::kNone);
    CHECK(world.http.asked.size() == 2);
  }
}

TEST_CASE("a clock that is off is set right by the service's, once") {
  DynamoWorld world;
  world.refuse("InvalidSignatureException", 400, "", {{"date", "Sat, 21 Nov 2026 11:00:00 GMT"}});
  world.answer("{}");
  REQUIRE_OK(world.get());
  CHECK(header(world.http.asked[1], "x-amz-date") == "20261121T110000Z");
}

TEST_CASE("what is no answer of DynamoDB's is told from one") {
  DynamoWorld world;
  SUBCASE("a page in place of an item") {
    world.http.answer(200, {}, "<html>Welcome</html>");
    const auto reply = world.get();
    REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
  }
  SUBCASE("a page in place of a write's answer leaves it open") {
    world.http.answer(200, {}, "<html>Welcome</html>");
    CHECK(world.put().error().effect() == Effect::kUnknown);
  }
  SUBCASE("a cut body leaves a write open") {
    world.http.answer(200, {}, R"({"Attributes":{"id)");
    CHECK(world.put().error().effect() == Effect::kUnknown);
  }
  SUBCASE("a proxy's 404 is no missing table") {
    world.http.answer(404, {}, "<html>nothing here</html>");
    const auto reply = dynamodb::describe_table(*world.wire, "users");
    REQUIRE_ERROR(reply, ErrorCode::kUnavailable);
  }
}

TEST_CASE("a missing table is named with what to do, a denial with its permission") {
  DynamoWorld world;
  world.refuse("ResourceNotFoundException");
  const auto reply = world.get();
  REQUIRE_ERROR(reply, ErrorCode::kState);
  CHECK(reply.error().message() == "no table at dynamodb://users, or it is not ready");
  world.refuse("AccessDeniedException");
  const auto denied = world.put();
  REQUIRE_ERROR(denied, ErrorCode::kDenied);
  CHECK(denied.error().hint().find("dynamodb:PutItem") != std::string::npos);
  CHECK(denied.error().message().find("SK") == std::string::npos);
}

}  // namespace ksv::testing
