// TransactWriteItems and TransactGetItems (Amazon DynamoDB API Reference).
#include "backend/dynamodb/dynamo_client.h"
#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_reply.h"
#include "base/hex.h"

namespace ksv::dynamodb {

Result<TransactReply> transact_write(Wire& wire, const TransactInput& input) {
  const std::string token = input.token.empty() ? uuid_text(random_uuid(wire.env())) : input.token;
  ObjectText body;
  body.json("TransactItems", array_text(input.operations))
      .text("ClientRequestToken", token)
      .text("ReturnConsumedCapacity", input.capacity);
  // The token sees to it that a repeat does nothing once more.
  const Request request{
      .operation = "TransactWriteItems", .body = body.take(), .repeat = net::Repeat::kConditional};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request, Meaning::kCancelled));
  if (answer.refusal) {
    // Under the token a copy that took effect would have made this answer a success. But a copy
    // whose answer was lost may yet arrive.
    Error error = wire.refused(request, answer).with_refused_write(false);
    return TransactReply(Cancelled{answer.refusal->reasons, std::move(error)});
  }
  const auto members = json_members(answer.body);
  if (!members.has_value()) return wire.nonsense(request, members.error());
  return TransactReply(Transacted{text_of_member(*members, "ConsumedCapacity")});
}

Result<TransactGetReply> transact_get(Wire& wire, const std::vector<std::string>& operations,
                                      const std::string& capacity) {
  ObjectText body;
  body.json("TransactItems", array_text(operations)).text("ReturnConsumedCapacity", capacity);
  const Request request{.operation = "TransactGetItems", .body = body.take()};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  const auto read = [&]() -> Result<TransactGetReply> {
    TransactGetReply reply;
    const JsonMembers members = KSV_TRY(json_members(answer.body));
    const auto list = KSV_TRY(json_elements(find_member(members, "Responses").value_or("[]")));
    for (const std::string_view response : list) {
      const JsonMembers fields = KSV_TRY(json_members(response));
      reply.items.push_back(find_text(fields, "Item"));
    }
    reply.capacity = text_of_member(members, "ConsumedCapacity");
    if (reply.items.size() == operations.size()) return reply;
    return Error(ErrorCode::kCorrupt, "the answer has not one item for each operation");
  };
  auto reply = read();
  if (!reply.has_value()) return wire.nonsense(request, reply.error());
  return reply;
}

}  // namespace ksv::dynamodb
