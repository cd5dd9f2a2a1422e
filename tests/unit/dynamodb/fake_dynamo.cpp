// Answers as far as the konserve layout asks.
#include "unit/dynamodb/fake_dynamo.h"

#include "backend/dynamodb/dynamo_blob.h"
#include "base/json_slice.h"

namespace ksv::testing {
namespace {

HttpAnswer with_body(int status, const std::string& body) {
  return {status, {}, copy_of(bytes_of(body))};
}

HttpAnswer refusal(const std::string& type) {
  return with_body(400, "{\"__type\":\"x#" + type + "\",\"message\":\"no\"}");
}

std::string member(const std::string& json, std::string_view name) {
  const auto members = json_members(json);
  return members ? std::string(find_member(*members, name).value_or("")) : "";
}

// Whether the item's parts are those of the condition's placeholders.
bool matches(const std::string& item, const std::string& values) {
  return member(item, "Header") == member(values, ":h") &&
         member(item, "Meta") == member(values, ":m") &&
         member(item, "Value") == member(values, ":v");
}

}  // namespace

HttpOutcome FakeDynamo::exchange(const HttpRequest& request) {
  const std::string target = *find_header(request.headers, "x-amz-target");
  const std::string operation = target.substr(target.find('.') + 1);
  ++asked[operation];
  if (way_there) {
    if (auto instead = way_there(operation)) return *std::move(instead);
  }
  HttpOutcome outcome = answer(operation, std::string(text_of(request.body)));
  if (way_back) {
    if (auto instead = way_back(operation)) return *std::move(instead);
  }
  return outcome;
}

HttpAnswer FakeDynamo::answer(const std::string& operation, const std::string& body) {
  if (operation == "CreateTable") {
    if (has_table) return refusal("ResourceInUseException");
    has_table = true;
    return with_body(200, R"({"TableDescription":{"TableStatus":"ACTIVE"}})");
  }
  if (!has_table) return refusal("ResourceNotFoundException");
  if (operation == "DescribeTable") {
    return with_body(200, R"({"Table":{"TableStatus":"ACTIVE","KeySchema":[{"AttributeName":"Key",)"
                          R"("KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"Key",)"
                          R"("AttributeType":"S"}]}})");
  }
  if (operation == "GetItem") {
    const auto item = items.find(dynamodb::key_of_item(member(body, "Key")).value_or(""));
    return with_body(200, item == items.end() ? "{}" : "{\"Item\":" + item->second + "}");
  }
  if (operation == "TransactWriteItems") return transact(body);
  if (operation == "BatchGetItem") return batch_get(body);
  return write(operation, body);
}

// Of puts and removals; conditions are those that hold.
HttpAnswer FakeDynamo::transact(const std::string& body) {
  const std::string list = member(body, "TransactItems");
  const auto operations = json_elements(list);
  for (const std::string_view each : *operations) {
    const std::string put = member(std::string(each), "Put");
    const std::string removal = member(std::string(each), "Delete");
    if (!put.empty()) write("PutItem", put);
    if (!removal.empty()) items.erase(*dynamodb::key_of_item(member(removal, "Key")));
  }
  return with_body(200, "{}");
}

HttpAnswer FakeDynamo::batch_get(const std::string& body) {
  const std::string table = member(member(body, "RequestItems"), "store");
  const std::string keys = member(table, "Keys");
  std::string found;
  const auto asked_for = json_elements(keys);
  for (const std::string_view key : *asked_for) {
    if (items.count(*dynamodb::key_of_item(key)) == 0) continue;
    found.append(found.empty() ? "" : ",").append(key);
  }
  return with_body(200, "{\"Responses\":{\"store\":[" + found + "]}}");
}

HttpAnswer FakeDynamo::write(const std::string& operation, const std::string& body) {
  const std::string item = member(body, "Item");
  const std::string key =
      dynamodb::key_of_item(operation == "PutItem" ? item : member(body, "Key")).value_or("");
  const auto present = items.find(key);
  const std::string condition = member(body, "ConditionExpression");
  const bool is_there = present != items.end();
  bool holds = true;
  if (condition.find("attribute_not_exists") != std::string::npos) holds = !is_there;
  if (condition.find("#v = :v") != std::string::npos) {
    holds = is_there && matches(present->second, member(body, "ExpressionAttributeValues"));
  }
  if (!holds) return refusal("ConditionalCheckFailedException");
  if (operation == "PutItem") items[key] = item;
  if (operation == "DeleteItem") items.erase(key);
  return with_body(200, "{}");
}

}  // namespace ksv::testing
