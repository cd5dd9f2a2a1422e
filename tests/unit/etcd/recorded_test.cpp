// Transactions that etcd 3.4.23 answered, replayed in its own shape and in those that the gateways
// of 3.5 and 3.6 may give: names in camel case, blanks between tokens, refusals without "error".
#include "unit/etcd/recorded.h"

#include <algorithm>

#include "unit/etcd/v3_world.h"

namespace ksv::testing {

namespace {

using etcd::FieldReader;

struct Recorded {
  std::string name;
  std::string status;
  std::string request;
  std::string answer;
};

std::vector<Recorded> recorded() {
  std::vector<Recorded> rows;
  for (const std::vector<std::string>& row : recorded_rows("transactions.tsv")) {
    REQUIRE(row.size() == 4);
    rows.push_back({row[0], row[1], row[2], row[3]});
  }
  return rows;
}

// The same for requests that mean the same: fields in order, numbers as strings, empty ones left
// out.
std::string meaning_of(const Json& json) {
  if (const auto* number = std::get_if<Json::Number>(&json.content)) return number->text;
  if (const auto* word = std::get_if<std::string>(&json.content)) return *word;
  if (const auto* flag = std::get_if<bool>(&json.content)) return *flag ? "true" : "";
  std::string text;
  if (const auto* array = std::get_if<Json::Array>(&json.content)) {
    for (const Json& each : *array) text += "[" + meaning_of(each) + "]";
  }
  const auto* object = std::get_if<Json::Object>(&json.content);
  if (object == nullptr) return text;
  std::vector<std::string> fields;
  for (const auto& [name, value] : *object) {
    const std::string meaning = meaning_of(value);
    if (!meaning.empty()) fields.push_back(name + "=" + meaning);
  }
  std::sort(fields.begin(), fields.end());
  for (const std::string& field : fields) text += "(" + field + ")";
  return text.empty() ? "()" : text;
}

std::optional<std::string> range_end_in(const Json& json) {
  FieldReader reader;
  const Bytes end = reader.bytes(json, "range_end");
  return end.empty() ? std::nullopt : std::optional(std::string(text_of(end)));
}

etcd::Op read_op(const Json& json) {
  FieldReader reader;
  const auto key_of = [&](const Json& of) { return std::string(text_of(reader.bytes(of, "key"))); };
  if (const Json* put = reader.find(json, "request_put")) {
    return etcd::PutOp{.key = key_of(*put),
                       .value = reader.bytes(*put, "value"),
                       .lease = reader.number(*put, "lease"),
                       .previous = reader.flag(*put, "prev_kv")};
  }
  if (const Json* removal = reader.find(json, "request_delete_range")) {
    return etcd::DeleteOp{.key = key_of(*removal),
                          .range_end = range_end_in(*removal),
                          .previous = reader.flag(*removal, "prev_kv")};
  }
  const Json* range = reader.find(json, "request_range");
  REQUIRE(range != nullptr);
  return etcd::RangeOp{.key = key_of(*range),
                       .range_end = range_end_in(*range),
                       .limit = reader.number(*range, "limit")};
}

etcd::Compare read_compare(const Json& json) {
  using Target = etcd::Compare::Target;
  using Relation = etcd::Compare::Relation;
  FieldReader reader;
  etcd::Compare compare;
  compare.key = std::string(text_of(reader.bytes(json, "key")));
  compare.range_end = range_end_in(json);
  const std::string target = reader.text(json, "target");
  const std::pair<const char*, std::pair<Target, const char*>> targets[] = {
      {"VALUE", {Target::kValue, "value"}},
      {"MOD", {Target::kModified, "mod_revision"}},
      {"CREATE", {Target::kCreated, "create_revision"}},
      {"VERSION", {Target::kWrites, "version"}},
      {"LEASE", {Target::kLease, "lease"}}};
  for (const auto& [word, row] : targets) {
    if (target != word) continue;
    compare.target = row.first;
    if (row.first == Target::kValue) {
      compare.value = reader.bytes(json, row.second);
    } else {
      compare.number = reader.number(json, row.second);
    }
  }
  const std::string relation = reader.text(json, "result");
  const std::pair<const char*, Relation> relations[] = {{"EQUAL", Relation::kEqual},
                                                        {"GREATER", Relation::kGreater},
                                                        {"LESS", Relation::kLess},
                                                        {"NOT_EQUAL", Relation::kNotEqual}};
  for (const auto& [word, which] : relations) {
    if (relation == word) compare.relation = which;
  }
  return compare;
}

etcd::Transaction read_transaction(const Json& json) {
  FieldReader reader;
  etcd::Transaction transaction;
  for (const Json& each : reader.list(json, "compare")) {
    transaction.compares.push_back(read_compare(each));
  }
  for (const Json& each : reader.list(json, "success")) transaction.then.push_back(read_op(each));
  for (const Json& each : reader.list(json, "failure")) {
    transaction.otherwise.push_back(read_op(each));
  }
  return transaction;
}

std::string summary(const etcd::TransactionReply& reply) {
  std::string text = reply.succeeded ? "yes" : "no";
  text += " at " + std::to_string(reply.meta.index) + " of " + reply.meta.cluster_id;
  for (const etcd::OpReply& op : reply.replies) {
    text += " [" + std::to_string(op.count);
    for (const etcd::Node& node : op.nodes) {
      text += " " + node.path + "=" + std::string(text_of(node.value)) + "@" +
              std::to_string(node.created) + "-" + std::to_string(node.modified) + "x" +
              std::to_string(node.writes);
    }
    text += "]";
  }
  return text;
}

// The refusal as 3.6 gives it.
std::string without_error_field(const Json& refusal) {
  FieldReader reader;
  std::string text = "{\"code\":" + std::to_string(reader.number(refusal, "code"));
  text += ", \"message\":";
  append_json_string(text, reader.text(refusal, "message"));
  return text + ", \"details\":[]}";
}

}  // namespace

TEST_CASE("recorded transactions are asked for as they were, and read alike in each shape") {
  int answers = 0;
  for (const Recorded& row : recorded()) {
    if (row.status != "200") continue;
    CAPTURE(row.name);
    const Json request = parsed(row.request);
    const Json answer = parsed(row.answer);
    std::string first;
    for (const Shape shape : kShapes) {
      V3World world;
      world.http.answer(200, {}, reprinted(answer, shape));
      const auto got = world.client().transact(read_transaction(request));
      REQUIRE_OK(got);
      if (first.empty()) first = summary(*got);
      CHECK(summary(*got) == first);
      CHECK(got->succeeded == (row.answer.find("\"succeeded\":true") != std::string::npos));
      CHECK(meaning_of(parsed(world.asked(0).body)) == meaning_of(request));
    }
    ++answers;
  }
  CHECK(answers > 15);
}

TEST_CASE("what a recorded transaction found is what etcd told") {
  for (const Recorded& row : recorded()) {
    if (row.name != "txn-value-eq-ok") continue;
    V3World world;
    world.http.answer(200, {}, row.answer);
    const auto got = world.client().transact(read_transaction(parsed(row.request)));
    REQUIRE_OK(got);
    CHECK(summary(*got) == "yes at 17 of 2935563013042582824 [0 t=1@16-16x1]");
    return;
  }
  FAIL("the row is missing");
}

TEST_CASE("recorded refusals of transactions are the same errors in the shape of 3.6") {
  int refusals = 0;
  for (const Recorded& row : recorded()) {
    if (row.status != "400") continue;
    CAPTURE(row.name);
    const Json refusal = parsed(row.answer);
    V3World old_world;
    V3World new_world;
    old_world.refuse(400, row.answer);
    new_world.refuse(400, without_error_field(refusal));
    const etcd::Transaction transaction = read_transaction(parsed(row.request));
    const auto old_error = old_world.client().transact(transaction);
    const auto new_error = new_world.client().transact(transaction);
    REQUIRE_FALSE(old_error.has_value());
    REQUIRE_FALSE(new_error.has_value());
    CHECK(old_error.error().message() == new_error.error().message());
    CHECK(old_error.error().details() == new_error.error().details());
    CHECK(old_error.error().effect() == Effect::kNone);
    ++refusals;
  }
  CHECK(refusals > 0);
}

TEST_CASE("a transaction with a proof is settled by it when its answer is lost") {
  const etcd::Transaction transaction{
      .then = {etcd::PutOp{.key = "/a", .value = copy_of(bytes_of("1"))}}, .proof = "/_ksv/txns/1"};
  const auto lost = [](V3World& world) {
    world.tell(R"(,"ID":"77","TTL":"600")");
    world.http.fail(HttpFailure::Kind::kBroken, true);
  };
  V3World done;
  lost(done);
  // "then", at revision 6
  done.tell(
      R"(,"responses":[{"response_range":{"kvs":[{"key":"cA==","mod_revision":"6","value":"dGhlbg=="}]}}])");
  const auto reply = done.client().transact(transaction);
  REQUIRE_OK(reply);
  CHECK(reply->succeeded);
  CHECK(reply->settled);
  CHECK(reply->meta.index == 6);
  V3World never;
  lost(never);
  never.tell(R"(,"succeeded":true,"responses":[{"response_put":{}}])");
  const auto refused = never.client().transact(transaction);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().effect() == Effect::kNone);
  V3World answered;
  answered.tell(R"(,"ID":"77","TTL":"600")");
  answered.tell(
      R"(,"succeeded":true,"responses":[{"response_txn":{"succeeded":true,"responses":[{"response_put":{}},{"response_put":{}}]}}])");
  const auto plain = answered.client().transact(transaction);
  REQUIRE_OK(plain);
  CHECK(plain->replies.size() == 1);
  CHECK(plain->meta.index == 7);
  CHECK_FALSE(plain->settled);
}

}  // namespace ksv::testing
