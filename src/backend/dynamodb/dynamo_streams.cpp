// Streams: listing, describing, and reading a page of records.
#include "backend/dynamodb/dynamo_streams.h"

#include <charconv>
#include <cmath>

#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_reply.h"

namespace ksv::dynamodb {
namespace {

// "users" of "arn:aws:dynamodb:eu-west-1:1:table/users/stream/LABEL", for messages.
std::string table_of(std::string_view arn) {
  constexpr std::string_view kMark = ":table/";
  const std::size_t start = arn.find(kMark);
  if (start == arn.npos) return {};
  const std::string_view rest = arn.substr(start + kMark.size());
  return std::string(rest.substr(0, rest.find('/')));
}

Request request_of(std::string operation, std::string table, ObjectText& body) {
  return {.operation = std::move(operation),
          .table = std::move(table),
          .body = body.take(),
          .service = Service::kStreams};
}

// Seconds with a fraction, in any of JSON's forms, as milliseconds.
Result<std::int64_t> time_field(const JsonMembers& members, std::string_view name) {
  constexpr double kSecondsMax = 1e12;
  const std::string text = text_of_member(members, name);
  if (text.empty()) return std::int64_t{0};
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || rest != end || !(std::fabs(seconds) < kSecondsMax)) {
    return Error(ErrorCode::kCorrupt, std::string(name) + " is no time");
  }
  return static_cast<std::int64_t>(std::llround(seconds * 1000));
}

Result<StreamPage> read_list(std::string_view body) {
  StreamPage page;
  const JsonMembers members = KSV_TRY(json_members(body));
  const auto streams = KSV_TRY(json_elements(find_member(members, "Streams").value_or("[]")));
  for (const std::string_view element : streams) {
    const JsonMembers fields = KSV_TRY(json_members(element));
    StreamName name;
    name.arn = KSV_TRY(string_field(fields, "StreamArn"));
    name.table = KSV_TRY(string_field(fields, "TableName"));
    name.label = KSV_TRY(string_field(fields, "StreamLabel"));
    page.streams.push_back(std::move(name));
  }
  page.next = KSV_TRY(string_field(members, "LastEvaluatedStreamArn"));
  return page;
}

Result<Shard> read_shard(std::string_view text) {
  Shard shard;
  const JsonMembers fields = KSV_TRY(json_members(text));
  shard.id = KSV_TRY(string_field(fields, "ShardId"));
  shard.parent = KSV_TRY(string_field(fields, "ParentShardId"));
  const std::string range = text_of_member(fields, "SequenceNumberRange");
  if (range.empty()) return shard;
  const JsonMembers ends = KSV_TRY(json_members(range));
  shard.first = KSV_TRY(string_field(ends, "StartingSequenceNumber"));
  shard.last = KSV_TRY(string_field(ends, "EndingSequenceNumber"));
  return shard;
}

// Adds the shards of one page to the state, and gives where the next page starts.
Result<std::string> read_description(std::string_view body, StreamState* state) {
  const JsonMembers answer = KSV_TRY(json_members(body));
  const JsonMembers stream =
      KSV_TRY(json_members(find_member(answer, "StreamDescription").value_or("")));
  state->arn = KSV_TRY(string_field(stream, "StreamArn"));
  state->label = KSV_TRY(string_field(stream, "StreamLabel"));
  state->status = KSV_TRY(string_field(stream, "StreamStatus"));
  state->view = KSV_TRY(string_field(stream, "StreamViewType"));
  state->table = KSV_TRY(string_field(stream, "TableName"));
  state->created_ms = KSV_TRY(time_field(stream, "CreationRequestDateTime"));
  state->key_schema.clear();
  const auto schema = KSV_TRY(json_elements(find_member(stream, "KeySchema").value_or("[]")));
  for (const std::string_view element : schema) {
    const JsonMembers fields = KSV_TRY(json_members(element));
    StreamKey key;
    key.name = KSV_TRY(string_field(fields, "AttributeName"));
    key.type = KSV_TRY(string_field(fields, "KeyType"));
    state->key_schema.push_back(std::move(key));
  }
  const auto shards = KSV_TRY(json_elements(find_member(stream, "Shards").value_or("[]")));
  for (const std::string_view element : shards) {
    Shard shard = KSV_TRY(read_shard(element));
    state->shards.push_back(std::move(shard));
  }
  return string_field(stream, "LastEvaluatedShardId");
}

Result<StreamRecord> read_record(std::string_view text, const std::string& shard) {
  StreamRecord record{.shard = shard};
  const JsonMembers event = KSV_TRY(json_members(text));
  record.action = KSV_TRY(string_field(event, "eventName"));
  const JsonMembers change = KSV_TRY(json_members(find_member(event, "dynamodb").value_or("")));
  record.key = text_of_member(change, "Keys");
  record.new_image = text_of_member(change, "NewImage");
  record.old_image = text_of_member(change, "OldImage");
  record.sequence = KSV_TRY(string_field(change, "SequenceNumber"));
  record.created_ms = KSV_TRY(time_field(change, "ApproximateCreationDateTime"));
  // Without it there is no place to go on from.
  if (record.sequence.empty()) {
    return Error(ErrorCode::kCorrupt, "a record has no SequenceNumber");
  }
  return record;
}

Result<RecordPage> read_records(std::string_view body, const std::string& shard) {
  RecordPage page;
  const JsonMembers members = KSV_TRY(json_members(body));
  const auto records = KSV_TRY(json_elements(find_member(members, "Records").value_or("[]")));
  page.records.reserve(records.size());
  for (const std::string_view text : records) {
    StreamRecord record = KSV_TRY(read_record(text, shard));
    page.records.push_back(std::move(record));
  }
  page.next = KSV_TRY(string_field(members, "NextShardIterator"));
  return page;
}

std::string word_of(StreamPlace::Kind kind) {
  switch (kind) {
    case StreamPlace::Kind::kOldest: return "TRIM_HORIZON";
    case StreamPlace::Kind::kNow: return "LATEST";
    case StreamPlace::Kind::kAt: return "AT_SEQUENCE_NUMBER";
    case StreamPlace::Kind::kAfter: return "AFTER_SEQUENCE_NUMBER";
  }
  return {};
}

// Why the place cannot be read, where that is what the refusal says.
std::optional<NoPlace> find_no_place(const Wire& wire, const Request& request,
                                     const Answer& answer) {
  for (const Meaning why : {Meaning::kExpired, Meaning::kTrimmed, Meaning::kNotFound}) {
    if (answer.is(why)) return NoPlace{why, wire.refused(request, answer)};
  }
  return std::nullopt;
}

}  // namespace

Result<StreamPage> list_streams(Wire& wire, const std::string& table, const std::string& start) {
  ObjectText body;
  body.text("TableName", table).text("ExclusiveStartStreamArn", start);
  const Request request = request_of("ListStreams", table, body);
  const Answer answer = KSV_TRY(send_or_refuse(wire, request));
  auto page = read_list(answer.body);
  if (!page.has_value()) return wire.nonsense(request, page.error());
  return page;
}

Result<std::optional<StreamState>> describe_stream(Wire& wire, const std::string& arn) {
  StreamState state;
  std::string start;
  do {
    ObjectText body;
    body.text("StreamArn", arn).text("ExclusiveStartShardId", start);
    const Request request = request_of("DescribeStream", table_of(arn), body);
    const Answer answer = KSV_TRY(send_or_refuse(wire, request, Meaning::kNotFound));
    if (answer.refusal) return std::optional<StreamState>();
    auto next = read_description(answer.body, &state);
    if (!next.has_value()) return wire.nonsense(request, next.error());
    if (!next->empty() && *next == start) {
      return wire.nonsense(request, Error(ErrorCode::kCorrupt, "the shards have no end"));
    }
    start = *std::move(next);
  } while (!start.empty());
  return std::optional<StreamState>(std::move(state));
}

Result<IteratorReply> shard_iterator(Wire& wire, const std::string& arn, const std::string& shard,
                                     const StreamPlace& place) {
  ObjectText body;
  body.text("StreamArn", arn)
      .text("ShardId", shard)
      .text("ShardIteratorType", word_of(place.kind))
      .text("SequenceNumber", place.sequence);
  const Request request = request_of("GetShardIterator", table_of(arn), body);
  const Answer answer = KSV_TRY(wire.send(request));
  if (auto none = find_no_place(wire, request, answer)) return IteratorReply(*std::move(none));
  if (answer.refusal) return wire.refused(request, answer);
  const auto members = json_members(answer.body);
  if (!members.has_value()) return wire.nonsense(request, members.error());
  auto iterator = string_field(*members, "ShardIterator");
  if (!iterator.has_value()) return wire.nonsense(request, iterator.error());
  return IteratorReply(*std::move(iterator));
}

Result<RecordReply> get_records(Wire& wire, const RecordInput& input) {
  ObjectText body;
  body.text("ShardIterator", input.iterator).number("Limit", input.limit);
  const Request request = request_of("GetRecords", table_of(input.arn), body);
  const Answer answer = KSV_TRY(wire.send(request));
  if (auto none = find_no_place(wire, request, answer)) return RecordReply(*std::move(none));
  if (answer.refusal) return wire.refused(request, answer);
  auto page = read_records(answer.body, input.shard);
  if (!page.has_value()) return wire.nonsense(request, page.error());
  return RecordReply(*std::move(page));
}

Status check_stream_arn(std::string_view arn) {
  if (arn.starts_with("arn:") && arn.find("/stream/") != arn.npos) return ok();
  return Error(ErrorCode::kUsage, "\"" + std::string(arn) + "\" is not the ARN of a stream")
      .with_hint("ksv stream list shows those that are there");
}

Error absent_stream(const std::string& arn) {
  return Error(ErrorCode::kState, "there is no stream " + arn)
      .with_hint("ksv stream list shows those that are there");
}

}  // namespace ksv::dynamodb
