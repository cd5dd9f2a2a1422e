// Reading streams: the order of shards, places that were lost, pages that are empty.
#include "backend/dynamodb/dynamo_stream_reader.h"
#include "unit/dynamodb/dynamo_world.h"

namespace ksv::testing {
namespace {

using dynamodb::StreamPlace;
using dynamodb::StreamPlan;

const std::string kArn = "arn:aws:dynamodb:eu-west-1:1:table/users/stream/2026-01-01T00:00:00.000";

struct StreamWorld : DynamoWorld {
  // Shards as the description lists them: "id", "id<parent"; a "!" after it: closed.
  void describe(const std::vector<std::string>& shards, const std::string& next = "",
                const std::string& status = "ENABLED") {
    std::string list;
    for (const std::string& text : shards) {
      const bool closed = text.ends_with('!');
      const std::string name = text.substr(0, text.size() - (closed ? 1 : 0));
      const std::size_t mark = name.find('<');
      if (!list.empty()) list += ',';
      list += R"({"ShardId":")" + name.substr(0, mark) + '"';
      if (mark != name.npos) list += R"(,"ParentShardId":")" + name.substr(mark + 1) + '"';
      list += R"(,"SequenceNumberRange":{"StartingSequenceNumber":"1")";
      list += closed ? R"(,"EndingSequenceNumber":"9"}})" : "}}";
    }
    const std::string more = next.empty() ? "" : R"(,"LastEvaluatedShardId":")" + next + '"';
    answer(R"({"StreamDescription":{"StreamArn":")" + kArn + R"(","StreamStatus":")" + status +
           R"(","CreationRequestDateTime":1.5,"KeySchema":[{"AttributeName":"id","KeyType":)"
           R"("HASH"}],"Shards":[)" +
           list + "]" + more + "}}");
  }
  void iterator(const std::string& name) { answer(R"({"ShardIterator":")" + name + R"("})"); }
  // A page of records; without `next` the shard has ended.
  void records(const std::vector<std::string>& sequences, const std::string& next = "",
               std::int64_t seconds = 1'800'000'000) {
    std::string list;
    for (const std::string& sequence : sequences) {
      if (!list.empty()) list += ',';
      list += R"({"eventName":"INSERT","dynamodb":{"Keys":{"id":)"
              R"({"N":"1"}},"ApproximateCreationDateTime":)" +
              std::to_string(seconds) + R"(,"SequenceNumber":")" + sequence + "\"}}";
    }
    const std::string more = next.empty() ? "" : R"(,"NextShardIterator":")" + next + '"';
    answer("{\"Records\":[" + list + "]" + more + "}");
  }

  Status read(StreamPlan plan) {
    plan.arn = kArn;
    return dynamodb::read_stream(*wire, plan, [&](const dynamodb::StreamRecord& record) -> Status {
      shown += (shown.empty() ? "" : " ") + record.shard + ":" + record.sequence;
      return ok();
    });
  }
  Status read() { return read(StreamPlan{}); }
  std::string operation(std::size_t index) const {
    const std::string target = *find_header(http.asked[index].headers, "x-amz-target");
    return target.substr(target.find('.') + 1);
  }
  std::string body(std::size_t index) const { return http.asked[index].body; }
  bool has(std::size_t index, const std::string& text) const {
    return body(index).find(text) != std::string::npos;
  }

  std::string shown{};
};

}  // namespace

TEST_CASE(
    "streams are listed for a table and for the account, page by page, at the streams' host") {
  StreamWorld world;
  world.answer(R"({"Streams":[{"StreamArn":"a","TableName":"users","StreamLabel":"l"}],)"
               R"("LastEvaluatedStreamArn":"a"})");
  const auto page = dynamodb::list_streams(*world.wire, "users", "");
  REQUIRE_OK(page);
  CHECK(page->streams[0].arn == "a");
  CHECK(page->streams[0].table == "users");
  CHECK(page->streams[0].label == "l");
  CHECK(page->next == "a");
  CHECK(world.body(0) == R"({"TableName":"users"})");
  CHECK(*find_header(world.http.asked[0].headers, "x-amz-target") ==
        "DynamoDBStreams_20120810.ListStreams");
  world.answer("{}");
  const auto last = dynamodb::list_streams(*world.wire, "", page->next);
  REQUIRE_OK(last);
  CHECK(last->next.empty());
  CHECK(world.body(1) == R"({"ExclusiveStartStreamArn":"a"})");
}

TEST_CASE("a description holds the shards of all of its pages") {
  StreamWorld world;
  world.describe({"a!", "b<a!"}, "b");
  world.describe({"c<b"});
  const auto state = dynamodb::describe_stream(*world.wire, kArn);
  REQUIRE_OK(state);
  REQUIRE(state->has_value());
  CHECK((*state)->created_ms == 1500);
  CHECK((*state)->key_schema.size() == 1);
  REQUIRE((*state)->shards.size() == 3);
  CHECK((*state)->shards[1].last == "9");
  CHECK((*state)->shards[2].parent == "b");
  CHECK((*state)->shards[2].last.empty());
  CHECK(world.has(1, R"("ExclusiveStartShardId":"b")"));
}

TEST_CASE("shards without end, and a stream that is not there, are told") {
  StreamWorld world;
  SUBCASE("a page that is its own next one") {
    world.describe({"a"}, "a");
    world.describe({"a"}, "a");
    const auto state = dynamodb::describe_stream(*world.wire, kArn);
    REQUIRE_FALSE(state.has_value());
    CHECK(state.error().code() == ErrorCode::kUnavailable);
  }
  SUBCASE("absent") {
    world.refuse("ResourceNotFoundException");
    const Status status = world.read();
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().code() == ErrorCode::kState);
  }
  SUBCASE("a shard that is not there") {
    world.describe({"a"});
    const Status status = world.read({.shard = "b"});
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().message().find("no shard b") != std::string::npos);
  }
}

TEST_CASE("a shard is read after its parent, however they are listed") {
  StreamWorld world;
  world.describe({"c<b!", "b<a!", "a<gone!"});
  for (const char* sequence : {"1", "2", "3"}) {
    world.iterator("i");
    world.records({sequence});
  }
  REQUIRE_OK(world.read());
  CHECK(world.shown == "a:1 b:2 c:3");
}

TEST_CASE("an empty page in the midst of a shard is no end of it") {
  StreamWorld world;
  world.describe({"a"});
  world.iterator("i0");
  world.records({"1"}, "i1");
  world.records({}, "i2");
  world.records({"2"}, "i3");
  for (int i = 0; i < dynamodb::kEmptyPagesMax; ++i) world.records({}, "e" + std::to_string(i));
  REQUIRE_OK(world.read());
  CHECK(world.shown == "a:1 a:2");
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("an open shard whose iterator stands still was read, a closed one goes to its end") {
  StreamWorld world;
  SUBCASE("open") {
    world.describe({"a"});
    world.iterator("i0");
    world.records({"1"}, "i1");
    world.records({}, "i1");
  }
  SUBCASE("closed") {
    world.describe({"a!"});
    world.iterator("i0");
    for (int i = 0; i < 2 * dynamodb::kEmptyPagesMax; ++i) world.records({}, std::to_string(i));
    world.records({"1"});
  }
  REQUIRE_OK(world.read());
  CHECK(world.shown == "a:1");
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a shard that ends while it is read is followed by its children") {
  StreamWorld world;
  world.describe({"a"});
  world.iterator("i0");
  world.records({"1"});
  world.describe({"a!", "b<a!"});
  world.iterator("j0");
  world.records({"2"});
  REQUIRE_OK(world.read());
  CHECK(world.shown == "a:1 b:2");
}

TEST_CASE("an expired iterator is made anew behind the last record: nothing missed or twice") {
  StreamWorld world;
  world.describe({"a!"});
  world.iterator("i0");
  world.records({"1", "2"}, "i1");
  world.refuse("ExpiredIteratorException");
  world.iterator("i2");
  world.records({"3"});
  REQUIRE_OK(world.read());
  CHECK(world.shown == "a:1 a:2 a:3");
  CHECK(world.has(4, R"("ShardIteratorType":"AFTER_SEQUENCE_NUMBER","SequenceNumber":"2")"));
  CHECK(world.has(5, "i2"));
}

TEST_CASE("an iterator of now that expired before the first record does not become a later now") {
  StreamWorld world;
  world.env.wall_start_ms = 1'800'000'000'000;
  world.describe({"a"});
  world.iterator("i0");
  world.records({}, "i1");
  world.refuse("ExpiredIteratorException");
  world.iterator("i2");
  world.records({"1"}, "i3", 1'799'999'000);  // before it began
  world.records({"2"}, "i4", 1'799'999'970);  // perhaps not: times are rounded down
  StreamPlan plan{.from = {.kind = StreamPlace::Kind::kNow}, .count = 1};
  plan.follow = true;
  REQUIRE_OK(world.read(plan));
  CHECK(world.shown == "a:2");
  CHECK(world.has(1, "LATEST"));
  CHECK(world.has(4, "TRIM_HORIZON"));
}

TEST_CASE("an iterator that expires at once, again and again, is an error") {
  StreamWorld world;
  world.describe({"a"});
  for (int i = 0; i < 4; ++i) {
    world.iterator("i");
    world.refuse("ExpiredIteratorException");
  }
  const Status status = world.read();
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().message().find("ExpiredIteratorException") != std::string::npos);
}

TEST_CASE("what was forgotten is told, unless nothing of it was asked for") {
  StreamWorld world;
  SUBCASE("behind a record that was shown") {
    world.describe({"a!"});
    world.iterator("i0");
    world.records({"1"}, "i1");
    world.refuse("TrimmedDataAccessException");
    const Status status = world.read();
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().code() == ErrorCode::kState);
    CHECK(status.error().message().find("what came after 1 in the shard a") != std::string::npos);
    CHECK(status.error().hint().find("--from oldest") != std::string::npos);
  }
  SUBCASE("a place that was named") {
    world.describe({"a!"});
    world.refuse("TrimmedDataAccessException");
    const Status status =
        world.read({.shard = "a", .from = {.kind = StreamPlace::Kind::kAt, .sequence = "7"}});
    REQUIRE_FALSE(status.has_value());
    CHECK(status.error().code() == ErrorCode::kState);
    CHECK(status.error().message().find("the change 7") != std::string::npos);
  }
  SUBCASE("the oldest is what is there by now") {
    world.describe({"a!"});
    world.iterator("i0");
    world.refuse("TrimmedDataAccessException");
    world.iterator("i1");
    world.records({"5"});
    REQUIRE_OK(world.read());
    CHECK(world.shown == "a:5");
  }
  SUBCASE("a shard that went as a whole before it was read") {
    world.describe({"a!", "b!"});
    world.refuse("ResourceNotFoundException");
    world.iterator("i1");
    world.records({"5"});
    REQUIRE_OK(world.read());
    CHECK(world.shown == "b:5");
  }
}

TEST_CASE("a place in a shard is asked for as it was named") {
  StreamWorld world;
  world.describe({"a!", "b!"});
  world.iterator("i0");
  world.records({"8"});
  REQUIRE_OK(
      world.read({.shard = "b", .from = {.kind = StreamPlace::Kind::kAfter, .sequence = "7"}}));
  CHECK(world.shown == "b:8");
  CHECK(world.body(1) == R"({"StreamArn":")" + kArn +
                             R"(","ShardId":"b","ShardIteratorType":"AFTER_SEQUENCE_NUMBER",)"
                             R"("SequenceNumber":"7"})");
}

TEST_CASE("no more records are asked for, or shown, than were wanted") {
  StreamWorld world;
  world.describe({"a", "b"});
  world.iterator("i0");
  world.records({"1", "2"}, "i1");
  world.records({"3", "4"}, "i2");
  REQUIRE_OK(world.read({.count = 3}));
  CHECK(world.shown == "a:1 a:2 a:3");
  CHECK(world.has(2, R"("Limit":3)"));
  CHECK(world.has(3, R"("Limit":1)"));
}

TEST_CASE("following goes on in the children of a shard that ends, with pauses where it is quiet") {
  StreamWorld world;
  world.describe({"a"});
  world.iterator("i0");
  world.records({"1"}, "i1");
  world.records({}, "i2");
  world.records({"2"});
  world.describe({"a!", "b<a"});
  world.iterator("j0");
  world.records({"3"});
  world.describe({"a!", "b<a!", "c<b"});
  world.iterator("k0");
  world.records({"4"}, "k1");
  StreamPlan plan{.count = 4};
  plan.follow = true;
  plan.endless = true;
  world.call.deadline = Deadline(world.env, std::chrono::milliseconds(300));  // of one request
  REQUIRE_OK(world.read(plan));
  CHECK(world.shown == "a:1 a:2 b:3 c:4");
  CHECK(world.env.slept() >= std::chrono::milliseconds(100));
  CHECK(world.env.slept() < std::chrono::seconds(5));
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("what comes up while now is followed is shown from its beginning") {
  StreamWorld world;
  world.describe({"old!", "a<old"});
  world.iterator("i0");
  world.records({});
  world.describe({"old!", "a<old!", "b<a"});
  world.iterator("j0");
  world.records({"4"}, "j1");
  StreamPlan plan{.from = {.kind = StreamPlace::Kind::kNow}, .count = 1};
  plan.follow = true;
  plan.endless = true;
  REQUIRE_OK(world.read(plan));
  CHECK(world.shown == "b:4");
  CHECK(world.has(1, R"("ShardId":"a","ShardIteratorType":"LATEST")"));
  CHECK(world.has(4, R"("ShardId":"b","ShardIteratorType":"TRIM_HORIZON")"));
}

TEST_CASE("following ends with its time, with its shard, and with a stream that is switched off") {
  StreamWorld world;
  StreamPlan plan;
  plan.follow = true;
  SUBCASE("time") {
    world.describe({"a"});
    world.iterator("i");
    for (int i = 0; i < 70; ++i) world.records({}, std::to_string(i));
    world.call.deadline = Deadline(world.env, std::chrono::seconds(20));
    REQUIRE_OK(world.read(plan));
    CHECK(world.env.slept() >= std::chrono::seconds(18));
    CHECK(world.env.slept() <= std::chrono::seconds(20));
  }
  SUBCASE("its shard") {
    world.describe({"a", "b<a"});
    world.iterator("i");
    world.records({"1"});
    plan.shard = "a";
    REQUIRE_OK(world.read(plan));
    CHECK(world.shown == "a:1");
  }
  SUBCASE("switched off") {
    world.describe({"a"});
    world.iterator("i");
    world.records({"1"});
    world.describe({"a!"}, "", "DISABLED");
    REQUIRE_OK(world.read(plan));
    CHECK(world.shown == "a:1");
    CHECK(world.http.outcomes_left() == 0);
  }
}

TEST_CASE("a lost answer and one of too many requests are asked for again at the same place") {
  StreamWorld world;
  world.describe({"a!"});
  world.iterator("i0");
  world.lose();
  for (int i = 0; i < 12; ++i) world.refuse("LimitExceededException");
  world.records({"1"});
  world.call.deadline = Deadline(world.env, std::chrono::seconds(600));
  REQUIRE_OK(world.read());
  CHECK(world.shown == "a:1");
  CHECK(world.body(15) == world.body(2));
  CHECK(world.operation(15) == "GetRecords");
}

TEST_CASE("records without a place, and times that are none, are no answer") {
  StreamWorld world;
  world.describe({"a!"});
  world.iterator("i0");
  SUBCASE("no place") { world.answer(R"({"Records":[{"dynamodb":{"Keys":{}}}]})"); }
  SUBCASE("no time") {
    world.answer(R"({"Records":[{"dynamodb":{"SequenceNumber":"1",)"
                 R"("ApproximateCreationDateTime":1e300}}]})");
  }
  const Status status = world.read();
  REQUIRE_FALSE(status.has_value());
  CHECK(status.error().code() == ErrorCode::kUnavailable);
}

}  // namespace ksv::testing
