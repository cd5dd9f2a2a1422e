// GetItem, PutItem, UpdateItem and DeleteItem (Amazon DynamoDB API Reference).
#include "backend/dynamodb/dynamo_client.h"
#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_reply.h"

namespace ksv::dynamodb {
namespace {

Result<WriteReply> write(Wire& wire, const std::string& operation, const WriteInput& input) {
  ObjectText body;
  body.text("TableName", input.table)
      .json("Item", input.item)
      .json("Key", input.key)
      .text("UpdateExpression", input.update)
      .text("ConditionExpression", input.condition)
      .json("ExpressionAttributeNames", input.placeholders.names)
      .json("ExpressionAttributeValues", input.placeholders.values)
      .text("ReturnValues", input.returned)
      .text("ReturnValuesOnConditionCheckFailure", input.old_on_failure ? "ALL_OLD" : "")
      .text("ReturnConsumedCapacity", input.capacity);
  const Request request{
      .operation = operation, .table = input.table, .body = body.take(), .repeat = input.repeat};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request, Meaning::kConditionFailed));
  if (answer.refusal) return WriteReply(ConditionFailed{answer.refusal->item, answer.doubtful});
  const auto members = json_members(answer.body);
  if (!members.has_value()) return wire.nonsense(request, members.error());
  return WriteReply(
      Applied{find_text(*members, "Attributes"), text_of_member(*members, "ConsumedCapacity")});
}

}  // namespace

Result<Answer> send_or_refuse(Wire& wire, const Request& request, Meaning expected) {
  Answer answer = KSV_TRY(wire.send(request));
  const bool is_expected = expected != Meaning::kOther && answer.is(expected);
  if (answer.refusal && !is_expected) return wire.refused(request, answer);
  return answer;
}

Result<std::string> ask(Wire& wire, const Request& request) {
  Answer answer = KSV_TRY(send_or_refuse(wire, request));
  return std::move(answer.body);
}

Result<GetReply> get_item(Wire& wire, const GetInput& input) {
  ObjectText body;
  body.text("TableName", input.table)
      .json("Key", input.key)
      .text("ProjectionExpression", input.projection)
      .json("ExpressionAttributeNames", input.placeholders.names)
      .flag("ConsistentRead", !input.stale)
      .text("ReturnConsumedCapacity", input.capacity);
  const Request request{.operation = "GetItem", .table = input.table, .body = body.take()};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  const auto members = json_members(answer.body);
  if (!members.has_value()) return wire.nonsense(request, members.error());
  return GetReply{find_text(*members, "Item"), text_of_member(*members, "ConsumedCapacity")};
}

Result<WriteReply> put_item(Wire& wire, const WriteInput& input) {
  return write(wire, "PutItem", input);
}

Result<WriteReply> update_item(Wire& wire, const WriteInput& input) {
  return write(wire, "UpdateItem", input);
}

Result<WriteReply> delete_item(Wire& wire, const WriteInput& input) {
  return write(wire, "DeleteItem", input);
}

}  // namespace ksv::dynamodb
