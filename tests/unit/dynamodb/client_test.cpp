// The operations: what they send, and what they make of answers.
#include <fstream>
#include <sstream>

#include "unit/dynamodb/dynamo_world.h"

namespace ksv::testing {

using dynamodb::TableGoal;

TEST_CASE("each recorded refusal is repeated, or not, as the documentation has it") {
  std::ifstream file(KSV_GOLDEN_DIR "/dynamodb/refusals.tsv");
  std::string line;
  int rows = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    std::string name;
    std::string status;
    std::string repeated;
    std::string body;
    for (std::string* field : {&name, &status, &repeated, &body}) {
      std::getline(fields, *field, '\t');
    }
    CAPTURE(name);
    const int number = (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
    const dynamodb::ServiceError refusal =
        dynamodb::read_refusal({.status = number, .body = copy_of(bytes_of(body))});
    const bool is_repeated = refusal.traits.verdict == net::Verdict::kThrottled ||
                             refusal.traits.verdict == net::Verdict::kTransient;
    CHECK((is_repeated ? "yes" : "no") == repeated);
    CHECK_FALSE(refusal.type.empty());
    CHECK(refusal.type.find('#') == std::string::npos);
    ++rows;
  }
  CHECK(rows == 78);
}

TEST_CASE("the reasons of a cancelled transaction come in the order of its operations") {
  DynamoWorld world;
  world.refuse("TransactionCanceledException", 400,
               R"(,"CancellationReasons":[{"Code":"None"},{"Item":{"id":{"N":"2"}},)"
               R"("Code":"ConditionalCheckFailed","Message":"failed"}])");
  const auto reply = dynamodb::transact_write(*world.wire, {.operations = {"{}", "{}"}});
  REQUIRE_OK(reply);
  const auto* cancelled = std::get_if<dynamodb::Cancelled>(&*reply);
  REQUIRE(cancelled != nullptr);
  REQUIRE(cancelled->reasons.size() == 2);
  CHECK(cancelled->reasons[1].code == "ConditionalCheckFailed");
  CHECK(cancelled->reasons[1].item == R"({"id":{"N":"2"}})");
  CHECK(cancelled->error.code() == ErrorCode::kContention);
  CHECK(cancelled->error.effect() == Effect::kNone);
}

TEST_CASE("a transaction that met another is sent again under the same token") {
  DynamoWorld world;
  world.refuse("TransactionCanceledException", 400,
               R"(,"CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}])");
  world.lose();
  world.answer("{}");
  const auto reply =
      dynamodb::transact_write(*world.wire, {.operations = {R"({"Put":{}})"}, .token = "t-1"});
  REQUIRE_OK(reply);
  CHECK(std::holds_alternative<dynamodb::Transacted>(*reply));
  REQUIRE(world.http.asked.size() == 3);
  CHECK(world.http.asked[2].body == R"({"TransactItems":[{"Put":{}}],"ClientRequestToken":"t-1"})");
}

TEST_CASE("items of a transaction that are absent have their places") {
  DynamoWorld world;
  world.answer(R"({"ConsumedCapacity":[1],"Responses":[{"Item":{"n":{"N":"1"}}},{}]})");
  const auto reply = dynamodb::transact_get(*world.wire, {"{}", "{}"}, dynamodb::kCapacityTotal);
  REQUIRE_OK(reply);
  REQUIRE(reply->items.size() == 2);
  CHECK(reply->items[0] == R"({"n":{"N":"1"}})");
  CHECK_FALSE(reply->items[1].has_value());
  CHECK(reply->capacity == "[1]");
  world.answer(R"({"Responses":[{}]})");
  const auto cut = dynamodb::transact_get(*world.wire, {"{}", "{}"}, "");
  REQUIRE_ERROR(cut, ErrorCode::kUnavailable);
}

TEST_CASE("a page tells where the next begins; an empty one need not be the last") {
  DynamoWorld world;
  world.answer(R"({"Items":[],"Count":0,"ScannedCount":4,"LastEvaluatedKey":{"id":{"N":"4"}}})");
  const auto page = dynamodb::read_page(
      *world.wire, {.table = "users", .filter = "a = :a", .segment = 0, .segments = 2});
  REQUIRE_OK(page);
  CHECK(page->items.empty());
  CHECK(page->scanned == 4);
  CHECK(page->next == R"({"id":{"N":"4"}})");
  CHECK(world.http.asked[0].body ==
        R"({"TableName":"users","FilterExpression":"a = :a","ConsistentRead":true,)"
        R"("Segment":0,"TotalSegments":2})");
  world.answer(R"({"Items":[{"id":{"N":"5"}}],"Count":1,"ScannedCount":1})");
  const auto last = dynamodb::read_page(*world.wire, {.table = "users",
                                                      .index = "by-age",
                                                      .key_condition = "age = :a",
                                                      .backwards = true,
                                                      .stale = true,
                                                      .limit = 1,
                                                      .start = page->next});
  REQUIRE_OK(last);
  CHECK(last->items == std::vector<std::string>{R"({"id":{"N":"5"}})"});
  CHECK(last->next.empty());
  CHECK(world.http.asked[1].body ==
        R"({"TableName":"users","IndexName":"by-age","KeyConditionExpression":"age = :a",)"
        R"("Limit":1,"ExclusiveStartKey":{"id":{"N":"4"}},"ScanIndexForward":false})");
}

TEST_CASE("what a batch did not get to comes back as it was asked for") {
  DynamoWorld world;
  world.answer(R"({"Responses":{"users":[{"id":{"N":"1"}}]},)"
               R"("UnprocessedKeys":{"users":{"Keys":[{"id":{"N":"2"}}],"ConsistentRead":true}}})");
  const std::vector<dynamodb::TableKeys> keys = {
      {.table = "users",
       .keys = {R"({"id":{"N":"1"}})", R"({"id":{"N":"2"}})"},
       .projection = "id"}};
  const auto got = dynamodb::batch_get(*world.wire, keys, "");
  REQUIRE_OK(got);
  REQUIRE(got->items.size() == 1);
  REQUIRE(got->unprocessed.size() == 1);
  CHECK(got->unprocessed[0].keys == std::vector<std::string>{R"({"id":{"N":"2"}})"});
  CHECK(got->unprocessed[0].projection == "id");
  world.answer(R"({"UnprocessedItems":{"users":[{"DeleteRequest":{"Key":{"id":{"N":"2"}}}}]}})");
  const auto written = dynamodb::batch_write(*world.wire,
                                             {{.table = "users", .item = R"({"id":{"N":"1"}})"},
                                              {.table = "users", .key = R"({"id":{"N":"2"}})"}},
                                             "", net::Repeat::kOnce);
  REQUIRE_OK(written);
  CHECK(world.http.asked[1].body ==
        R"({"RequestItems":{"users":[{"PutRequest":{"Item":{"id":{"N":"1"}}}},)"
        R"({"DeleteRequest":{"Key":{"id":{"N":"2"}}}}]}})");
  REQUIRE(written->unprocessed.size() == 1);
  CHECK(written->unprocessed[0].key == R"({"id":{"N":"2"}})");
  CHECK(written->unprocessed[0].item.empty());
}

TEST_CASE("a table is waited for until it and its indexes are active") {
  DynamoWorld world;
  world.answer(R"({"Table":{"TableStatus":"CREATING"}})");
  world.answer(
      R"({"Table":{"TableStatus":"ACTIVE","GlobalSecondaryIndexes":[{"IndexName":"i","IndexStatus":"CREATING"}]}})");
  world.answer(
      R"({"Table":{"TableStatus":"ACTIVE","ItemCount":3,"KeySchema":[{"AttributeName":"id","KeyType":"HASH"},)"
      R"({"AttributeName":"at","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"at","AttributeType":"N"},)"
      R"({"AttributeName":"id","AttributeType":"S"}]}})");
  std::vector<std::string> seen;
  const auto description = dynamodb::wait_for_table(
      *world.wire, "users", TableGoal::kActive,
      [&](const dynamodb::TableState& state) { seen.push_back(state.status); });
  REQUIRE_OK(description);
  CHECK(seen == std::vector<std::string>{"CREATING", "ACTIVE", "ACTIVE"});
  const auto state = dynamodb::read_table_state(*description);
  REQUIRE_OK(state);
  CHECK(state->hash_key + state->hash_type + state->range_key + state->range_type == "idSatN");
  CHECK(state->item_count == 3);
}

TEST_CASE("the wait for a table ends with the time, and by its removal") {
  DynamoWorld world;
  for (int i = 0; i < 100; ++i) world.answer(R"({"Table":{"TableStatus":"CREATING"}})");
  const auto late = dynamodb::wait_for_table(*world.wire, "users", TableGoal::kActive, {});
  REQUIRE_ERROR(late, ErrorCode::kDeadline);
  CHECK(late.error().message() == "dynamodb://users is still CREATING: the time allowed ran out");
  DynamoWorld other;
  other.refuse("ResourceNotFoundException");
  const auto removed = dynamodb::wait_for_table(*other.wire, "users", TableGoal::kActive, {});
  REQUIRE_ERROR(removed, ErrorCode::kState);
  other.refuse("ResourceNotFoundException");
  const auto gone = dynamodb::wait_for_table(*other.wire, "users", TableGoal::kGone, {});
  REQUIRE_OK(gone);
}

TEST_CASE("tables are listed over all pages") {
  DynamoWorld world;
  world.answer(R"({"TableNames":["b","c"],"LastEvaluatedTableName":"c"})");
  world.answer(R"({"TableNames":["a"]})");
  const auto names = dynamodb::list_all_tables(*world.wire);
  REQUIRE_OK(names);
  CHECK(*names == std::vector<std::string>{"a", "b", "c"});
  CHECK(world.http.asked[1].body == R"({"ExclusiveStartTableName":"c"})");
}

}  // namespace ksv::testing
