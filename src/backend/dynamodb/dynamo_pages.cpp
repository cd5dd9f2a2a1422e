// Query and Scan (Amazon DynamoDB API Reference), page by page.
#include "backend/dynamodb/dynamo_client.h"
#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_reply.h"

namespace ksv::dynamodb {
namespace {

std::string body_of(const PageInput& input) {
  ObjectText body;
  body.text("TableName", input.table)
      .text("IndexName", input.index)
      .text("KeyConditionExpression", input.key_condition)
      .text("FilterExpression", input.filter)
      .text("ProjectionExpression", input.projection)
      .json("ExpressionAttributeNames", input.placeholders.names)
      .json("ExpressionAttributeValues", input.placeholders.values)
      .flag("ConsistentRead", !input.stale)
      .text("Select", input.count_only ? "COUNT" : "")
      .number("Limit", input.limit)
      .json("ExclusiveStartKey", input.start)
      .text("ReturnConsumedCapacity", input.capacity);
  if (input.backwards) body.json("ScanIndexForward", "false");
  if (input.segments > 0) {
    body.json("Segment", std::to_string(input.segment)).number("TotalSegments", input.segments);
  }
  return body.take();
}

Result<std::int64_t> number_member(const JsonMembers& members, std::string_view name) {
  const auto value = find_member(members, name);
  if (!value) return std::int64_t{0};
  return json_integer(*value);
}

Result<ItemPage> read_reply(std::string_view body) {
  ItemPage page;
  const JsonMembers members = KSV_TRY(json_members(body));
  const auto items = KSV_TRY(json_elements(find_member(members, "Items").value_or("[]")));
  page.items.reserve(items.size());
  for (const std::string_view item : items) page.items.emplace_back(item);
  page.count = KSV_TRY(number_member(members, "Count"));
  page.scanned = KSV_TRY(number_member(members, "ScannedCount"));
  page.next = text_of_member(members, "LastEvaluatedKey");
  page.capacity = text_of_member(members, "ConsumedCapacity");
  return page;
}

}  // namespace

Result<ItemPage> read_page(Wire& wire, const PageInput& input) {
  const Request request{.operation = input.key_condition.empty() ? "Scan" : "Query",
                        .table = input.table,
                        .body = body_of(input)};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  auto page = read_reply(answer.body);
  if (!page.has_value()) return wire.nonsense(request, page.error());
  return page;
}

}  // namespace ksv::dynamodb
