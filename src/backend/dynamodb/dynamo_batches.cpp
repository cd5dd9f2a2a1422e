// BatchGetItem and BatchWriteItem (Amazon DynamoDB API Reference): one request each. What the
// service did not get to comes back, and is the caller's to send again.
#include "backend/dynamodb/dynamo_client.h"
#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_reply.h"

namespace ksv::dynamodb {
namespace {

std::string keys_text(const TableKeys& keys) {
  ObjectText text;
  text.json("Keys", array_text(keys.keys))
      .text("ProjectionExpression", keys.projection)
      .json("ExpressionAttributeNames", keys.names)
      .flag("ConsistentRead", !keys.stale);
  return text.take();
}

// The keys of one table that came back, under the settings of the request.
Result<TableKeys> read_keys(const std::string& table, std::string_view json,
                            const std::vector<TableKeys>& asked) {
  TableKeys left{.table = table, .keys = {}};
  for (const TableKeys& keys : asked) {
    if (keys.table != table) continue;
    left.projection = keys.projection;
    left.names = keys.names;
    left.stale = keys.stale;
  }
  const JsonMembers members = KSV_TRY(json_members(json));
  const auto elements = KSV_TRY(json_elements(find_member(members, "Keys").value_or("[]")));
  for (const std::string_view key : elements) left.keys.emplace_back(key);
  return left;
}

Result<BatchGetReply> read_get_reply(std::string_view body, const std::vector<TableKeys>& asked) {
  BatchGetReply reply;
  const JsonMembers members = KSV_TRY(json_members(body));
  const auto responses = KSV_TRY(json_members(find_member(members, "Responses").value_or("{}")));
  for (const auto& [table, list] : responses) {
    const auto items = KSV_TRY(json_elements(list));
    for (const std::string_view item : items) reply.items.push_back({table, std::string(item)});
  }
  const auto left = KSV_TRY(json_members(find_member(members, "UnprocessedKeys").value_or("{}")));
  for (const auto& [table, keys] : left) {
    TableKeys unprocessed = KSV_TRY(read_keys(table, keys, asked));
    if (!unprocessed.keys.empty()) reply.unprocessed.push_back(std::move(unprocessed));
  }
  reply.capacity = text_of_member(members, "ConsumedCapacity");
  return reply;
}

// Writes stand under their table, in order.
std::string writes_text(const std::vector<BatchWrite>& writes) {
  std::vector<std::pair<std::string, std::vector<std::string>>> tables;
  for (const BatchWrite& write : writes) {
    auto table = tables.begin();
    while (table != tables.end() && table->first != write.table) ++table;
    if (table == tables.end()) table = tables.insert(table, {write.table, {}});
    const bool is_put = !write.item.empty();
    table->second.push_back(is_put ? "{\"PutRequest\":{\"Item\":" + write.item + "}}"
                                   : "{\"DeleteRequest\":{\"Key\":" + write.key + "}}");
  }
  ObjectText text;
  for (const auto& [table, requests] : tables) text.json(table, array_text(requests));
  return text.take();
}

Result<BatchWrite> read_write(const std::string& table, std::string_view json) {
  BatchWrite write{.table = table};
  const JsonMembers members = KSV_TRY(json_members(json));
  if (const auto put = find_member(members, "PutRequest")) {
    const JsonMembers fields = KSV_TRY(json_members(*put));
    write.item = text_of_member(fields, "Item");
  }
  if (const auto removal = find_member(members, "DeleteRequest")) {
    const JsonMembers fields = KSV_TRY(json_members(*removal));
    write.key = text_of_member(fields, "Key");
  }
  if (!write.item.empty() || !write.key.empty()) return write;
  return Error(ErrorCode::kCorrupt, "an unprocessed write is neither a put nor a removal");
}

Result<BatchWriteReply> read_write_reply(std::string_view body) {
  BatchWriteReply reply;
  const JsonMembers members = KSV_TRY(json_members(body));
  const auto left = KSV_TRY(json_members(find_member(members, "UnprocessedItems").value_or("{}")));
  for (const auto& [table, list] : left) {
    const auto writes = KSV_TRY(json_elements(list));
    for (const std::string_view write : writes) {
      BatchWrite unprocessed = KSV_TRY(read_write(table, write));
      reply.unprocessed.push_back(std::move(unprocessed));
    }
  }
  reply.capacity = text_of_member(members, "ConsumedCapacity");
  return reply;
}

}  // namespace

Result<BatchGetReply> batch_get(Wire& wire, const std::vector<TableKeys>& tables,
                                const std::string& capacity) {
  ObjectText requests;
  for (const TableKeys& keys : tables) requests.json(keys.table, keys_text(keys));
  ObjectText body;
  body.json("RequestItems", requests.take()).text("ReturnConsumedCapacity", capacity);
  const Request request{.operation = "BatchGetItem",
                        .table = tables.size() == 1 ? tables[0].table : "",
                        .body = body.take()};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  auto reply = read_get_reply(answer.body, tables);
  if (!reply.has_value()) return wire.nonsense(request, reply.error());
  return reply;
}

Result<BatchWriteReply> batch_write(Wire& wire, const std::vector<BatchWrite>& writes,
                                    const std::string& capacity, net::Repeat repeat) {
  ObjectText body;
  body.json("RequestItems", writes_text(writes)).text("ReturnConsumedCapacity", capacity);
  const Request request{.operation = "BatchWriteItem",
                        .table = writes.empty() ? "" : writes[0].table,
                        .body = body.take(),
                        .repeat = repeat};
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  auto reply = read_write_reply(answer.body);
  if (!reply.has_value()) return wire.nonsense(request, reply.error());
  return reply;
}

}  // namespace ksv::dynamodb
