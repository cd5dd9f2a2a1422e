// Outcomes of writes of items where answers are lost, refused or damaged: exact, or said to be
// unknown.
#include "backend/dynamodb/dynamo_item_backend.h"
#include "core/item_store.h"
#include "unit/dynamodb/dynamo_world.h"

namespace ksv::testing {
namespace {

using dynamodb::ItemBackend;

constexpr int kAttempts = 10;  // of a request under a condition
const Value kKey = Value::map({{Value::keyword("id"), Value::integer(1)}});

// A table whose item 1 has the number 1 in n, as far as the script has it.
struct ItemWorld : DynamoWorld {
  explicit ItemWorld(ItemBackend::Options options = {}, const Options& more = {})
      : DynamoWorld(more), backend(*wire, std::move(options)), store(backend, env, &call) {}

  static std::string text(const std::string& n, const std::string& more = "") {
    return R"({"id":{"N":"1"},"n":{"N":")" + n + "\"}" + more + "}";
  }
  void there(const std::string& n, const std::string& more = "") {
    answer("{\"Item\":" + text(n, more) + "}");
  }
  void nothing() { answer("{}"); }
  void refuse_condition(const std::string& present = "") {
    const std::string item = present.empty() ? "" : ",\"Item\":" + text(present);
    refuse("ConditionalCheckFailedException", 400, item);
  }
  // What the first answer of the script has.
  Entry read() {
    auto entry = store.get(kKey);
    REQUIRE_OK(entry);
    REQUIRE(entry->has_value());
    return **std::move(entry);
  }
  static Value item(std::int64_t n) {
    return Value::map({{Value::keyword("n"), Value::integer(n)}});
  }
  Result<PutOutcome> put(std::int64_t n, const Precondition& precondition) {
    return store.put(kKey, item(n), {.precondition = precondition});
  }
  std::size_t writes() const {
    std::size_t count = 0;
    for (const FakeHttp::Asked& each : http.asked) {
      const std::string& target = *find_header(each.headers, "x-amz-target");
      count += target.ends_with(".GetItem") ? 0 : 1;
    }
    return count;
  }

  ItemBackend backend;
  ItemStore store;
};

bool is_put(const Result<PutOutcome>& outcome) {
  return outcome.has_value() && std::holds_alternative<Put>(*outcome);
}
bool is_refused(const Result<PutOutcome>& outcome) {
  return outcome.has_value() && std::holds_alternative<Refused>(*outcome);
}
bool is_unknown(const Result<PutOutcome>& outcome) {
  return !outcome.has_value() && outcome.error().effect() == Effect::kUnknown;
}
Version version_of(const std::string& text) { return dynamodb::item_version(text); }

}  // namespace

TEST_CASE("an update of an item whose answer was lost is sent again, and read back when refused") {
  ItemWorld world;
  world.there("1");
  const Version base = world.read().version;
  CHECK(base == version_of(ItemWorld::text("1")));
  world.lose();
  SUBCASE("it had not arrived") {
    world.answer("{}");
    CHECK(is_put(world.put(2, Match{base})));
  }
  SUBCASE("an equal item is there, its own or another's") {
    world.refuse_condition("2");
    world.there("2");
    const auto outcome = world.put(2, Match{base});
    CHECK(is_unknown(outcome));
    CHECK(outcome.error().message().find("an equal item") != std::string::npos);
    CHECK(outcome.error().hint().find("--exactly-once") != std::string::npos);
  }
  SUBCASE("another item is there, which may have followed it") {
    world.refuse_condition("7");
    world.there("7");
    CHECK(is_unknown(world.put(2, Match{base})));
  }
  SUBCASE("the item is as it was: it had not arrived, and goes once more") {
    world.refuse_condition("1");
    world.there("1");
    world.answer("{}");
    CHECK(is_put(world.put(2, Match{base})));
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("an item that was to be new is sent again while there is none") {
  ItemWorld world;
  world.lose();
  SUBCASE("it had not arrived") {
    world.answer("{}");
    CHECK(is_put(world.put(2, Absent{})));
  }
  SUBCASE("an equal item is there") {
    world.refuse_condition("2");
    world.there("2");
    CHECK(is_unknown(world.put(2, Absent{})));
  }
  SUBCASE("what refused it is gone") {
    world.refuse_condition("2");
    world.nothing();
    world.answer("{}");
    CHECK(is_put(world.put(2, Absent{})));
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a clean refusal of a condition brings the winner along, and nothing is read") {
  ItemWorld world;
  world.there("1");
  const Version base = world.read().version;
  world.refuse_condition("5");
  const auto outcome = world.put(2, Match{base});
  REQUIRE(is_refused(outcome));
  const Refused& refused = *std::get_if<Refused>(&*outcome);
  REQUIRE(refused.present.has_value());
  CHECK(refused.present->version == version_of(ItemWorld::text("5")));
  CHECK(world.http.asked.size() == 2);
}

TEST_CASE("a plain write of an item whose answer was lost is never sent again") {
  ItemWorld world;
  world.lose();
  SUBCASE("an equal item is there") { world.there("2"); }
  SUBCASE("another is there") { world.there("3"); }
  SUBCASE("none is there: it may still arrive") { world.nothing(); }
  CHECK(is_unknown(world.put(2, Any{})));
  CHECK(world.writes() == 1);
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a refusal for another reason is read back, since something on the way may have lied") {
  ItemWorld world;
  world.refuse("AccessDeniedException");
  SUBCASE("nothing is there: it is true") {
    world.nothing();
    const auto outcome = world.put(2, Any{});
    REQUIRE_ERROR(outcome, ErrorCode::kDenied);
    CHECK(outcome.error().effect() == Effect::kNone);
  }
  SUBCASE("another item is there: it is true") {
    world.there("3");
    const auto outcome = world.put(2, Any{});
    REQUIRE_ERROR(outcome, ErrorCode::kDenied);
    CHECK(outcome.error().effect() == Effect::kNone);
  }
  SUBCASE("an equal item is there: nobody knows") {
    world.there("2");
    CHECK(is_unknown(world.put(2, Any{})));
  }
  SUBCASE("reading is denied as well: it is true") {
    world.refuse("AccessDeniedException");
    const auto outcome = world.put(2, Any{});
    REQUIRE_ERROR(outcome, ErrorCode::kDenied);
    CHECK(outcome.error().effect() == Effect::kNone);
  }
  CHECK(world.writes() == 1);
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("throttling leaves no doubt of an item's write, however long it lasts") {
  ItemWorld world;
  SUBCASE("for a while") {
    world.refuse("ProvisionedThroughputExceededException");
    world.refuse("ThrottlingException");
    world.answer("{}");
    CHECK(is_put(world.put(2, Any{})));
    CHECK(world.writes() == 3);
  }
  SUBCASE("without an end") {
    for (int i = 0; i < 10; ++i) world.refuse("ProvisionedThroughputExceededException");
    world.there("1");
    const auto outcome = world.put(2, Any{});
    REQUIRE_ERROR(outcome, ErrorCode::kUnavailable);
    CHECK(outcome.error().effect() == Effect::kNone);
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("an answer with a wrong checksum tells nothing of an item's write") {
  ItemWorld world;
  SUBCASE("under a condition it is sent again") {
    world.there("1");
    const Version base = world.read().version;
    world.damaged_answer("{}");
    world.refuse_condition("2");
    world.there("2");
    CHECK(is_unknown(world.put(2, Match{base})));
  }
  SUBCASE("a plain one is not") {
    world.damaged_answer("{}");
    world.there("2");
    CHECK(is_unknown(world.put(2, Any{})));
    CHECK(world.writes() == 1);
  }
  SUBCASE("nor is a damaged refusal believed") {
    world.http.answer(400, {{"x-amz-crc32", "1"}}, R"({"__type":"x#AccessDeniedException"})");
    world.there("2");
    CHECK(is_unknown(world.put(2, Any{})));
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a read with a wrong checksum is repeated before anything is compared with it") {
  ItemWorld world;
  world.damaged_answer("{\"Item\":" + ItemWorld::text("9") + "}");
  world.there("1");
  CHECK(world.read().version == version_of(ItemWorld::text("1")));
}

TEST_CASE("credentials that expired between reading and writing an item are renewed") {
  ItemWorld world;
  world.there("1");
  const Version base = world.read().version;
  world.refuse("ExpiredTokenException");
  SUBCASE("the new ones are good") {
    world.answer("{}");
    CHECK(is_put(world.put(2, Match{base})));
  }
  SUBCASE("they are no better: neither writes nor reads, and nothing was written") {
    world.refuse("ExpiredTokenException");
    world.refuse("ExpiredTokenException");
    world.refuse("ExpiredTokenException");
    const auto outcome = world.put(2, Match{base});
    REQUIRE_ERROR(outcome, ErrorCode::kDenied);
    CHECK(outcome.error().effect() == Effect::kNone);
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a table in transition refuses a write, and nothing was written") {
  ItemWorld world;
  for (const char* type : {"ResourceNotFoundException", "ResourceInUseException"}) {
    CAPTURE(type);
    world.refuse(type);
    world.refuse("ResourceNotFoundException");
    const auto outcome = world.put(2, Absent{});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code() == ErrorCode::kState);
    CHECK(world.http.outcomes_left() == 0);
  }
}

TEST_CASE("with a version attribute an item is equal whatever its version") {
  ItemWorld world({.version_attribute = "v"});
  world.there("1", R"(,"v":{"N":"4"})");
  const Version base = world.read().version;
  SUBCASE("a lost answer") {
    world.lose();
    world.refuse_condition("2");
    world.there("2", R"(,"v":{"N":"5"})");
    const auto outcome = world.put(2, Match{base});
    CHECK(is_unknown(outcome));
    CHECK(outcome.error().message().find("an equal item") != std::string::npos);
  }
  SUBCASE("a lie") {
    world.refuse("AccessDeniedException");
    world.there("2", R"(,"v":{"N":"5"})");
    CHECK(is_unknown(world.put(2, Match{base})));
  }
  SUBCASE("a refusal of a plain write, which is one under a condition") {
    world.there("1", R"(,"v":{"N":"4"})");
    world.refuse("AccessDeniedException");
    world.there("1", R"(,"v":{"N":"4"})");
    const auto outcome = world.put(2, Any{});
    REQUIRE_ERROR(outcome, ErrorCode::kDenied);
    CHECK(outcome.error().effect() == Effect::kNone);
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a transaction under a token is asked for again, and tells what it did") {
  ItemWorld world({.exactly_once = true});
  world.there("1");
  const Version base = world.read().version;
  world.lose();
  const std::string reason = R"(,"CancellationReasons":[{"Code":"ConditionalCheckFailed","Item":)";
  SUBCASE("it took effect") {
    world.answer("{}");
    CHECK(is_put(world.put(2, Match{base})));
    CHECK(world.http.asked[1].body == world.http.asked[2].body);
  }
  SUBCASE("it did not, and another did") {
    world.refuse("TransactionCanceledException", 400, reason + ItemWorld::text("2") + "}]");
    CHECK(is_refused(world.put(2, Match{base})));
  }
  SUBCASE("no attempt was answered, then another had been first") {
    for (int i = 1; i < kAttempts; ++i) world.lose();
    world.there("1");
    world.refuse("TransactionCanceledException", 400, reason + ItemWorld::text("2") + "}]");
    CHECK(is_refused(world.put(2, Match{base})));
  }
  CHECK(world.http.outcomes_left() == 0);
}

TEST_CASE("a removal of an item is sent once; what became of it the message says how to see") {
  ItemWorld world;
  SUBCASE("its answer was lost") {
    world.lose();
    const auto outcome = world.store.remove(kKey, Any{});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
    CHECK(outcome.error().hint().find("ksv get") != std::string::npos);
    CHECK(world.writes() == 1);
  }
  SUBCASE("by version, refused by another item") {
    world.there("1");
    const Version base = world.read().version;
    world.refuse_condition("5");
    const auto outcome = world.store.remove(kKey, Match{base});
    REQUIRE_OK(outcome);
    CHECK(*outcome == RemoveOutcome::kConflict);
  }
  SUBCASE("by version, refused since the item is gone, perhaps by its own doing") {
    world.there("1");
    const Version base = world.read().version;
    world.refuse_condition();
    const auto outcome = world.store.remove(kKey, Match{base});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
  }
  SUBCASE("by version, sent again and refused") {
    world.there("1");
    const Version base = world.read().version;
    world.lose();
    world.refuse_condition("5");
    const auto outcome = world.store.remove(kKey, Match{base});
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().effect() == Effect::kUnknown);
  }
  CHECK(world.http.outcomes_left() == 0);
}

}  // namespace ksv::testing
