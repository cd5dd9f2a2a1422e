// The operations of DynamoDB's streams (Amazon DynamoDB API Reference, "Amazon DynamoDB Streams"):
// what changed in a table, by shards of which each keeps the order of the changes of its keys.
//
// Each function is one request, unless it says otherwise, and its repeats: all of them are reads.
// Items are JSON, as in dynamo_client.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "backend/dynamodb/dynamo_wire.h"

namespace ksv::dynamodb {

struct StreamName {
  std::string arn;
  std::string table;
  std::string label;
};
struct StreamPage {
  std::vector<StreamName> streams{};
  std::string next{};  // the ARN to start after; empty: this was the last page
};
// Those of a table, or without one of the account.
Result<StreamPage> list_streams(Wire& wire, const std::string& table, const std::string& start);

// Sequence numbers are digits. A shard without a `last` one is open: more may come.
struct Shard {
  std::string id{};
  std::string parent{};  // the shard whose keys it went on with; empty: none
  std::string first{};
  std::string last{};
};
struct StreamKey {
  std::string name{};
  std::string type{};  // "HASH", "RANGE"
};
struct StreamState {
  std::string arn{};
  std::string label{};
  std::string status{};  // "ENABLING", "ENABLED", "DISABLING", "DISABLED"
  std::string view{};    // "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"
  std::string table{};
  std::int64_t created_ms = 0;
  std::vector<StreamKey> key_schema{};
  std::vector<Shard> shards{};
};
// As many requests as the shards take; nothing when there is no such stream.
Result<std::optional<StreamState>> describe_stream(Wire& wire, const std::string& arn);

// Where to read in a shard.
struct StreamPlace {
  enum class Kind { kOldest, kNow, kAt, kAfter } kind = Kind::kOldest;
  std::string sequence{};  // kAt, kAfter
};
struct StreamRecord {
  std::string action{};  // "INSERT", "MODIFY", "REMOVE"
  std::string key{};
  std::string new_image{};  // empty where the stream's view has none
  std::string old_image{};
  std::string shard{};
  std::string sequence{};
  std::int64_t created_ms = 0;  // about, rounded down by the service
};
struct RecordPage {
  std::vector<StreamRecord> records{};  // perhaps none, although more follow
  std::string next{};                   // an iterator; empty: the shard has ended
};
// Why there is nothing to read at a place: its iterator expired, what was there is no longer kept,
// or there is no such shard, or stream, any more.
struct NoPlace {
  Meaning why = Meaning::kExpired;  // kExpired, kTrimmed or kNotFound
  Error error;
};
// An iterator; empty: the shard has ended.
using IteratorReply = std::variant<std::string, NoPlace>;
Result<IteratorReply> shard_iterator(Wire& wire, const std::string& arn, const std::string& shard,
                                     const StreamPlace& place);
// At most `limit`; 0: as many as the service gives.
using RecordReply = std::variant<RecordPage, NoPlace>;
struct RecordInput {
  std::string arn;    // of the iterator, for messages
  std::string shard;  // the same
  std::string iterator;
  std::int64_t limit = 0;
};
Result<RecordReply> get_records(Wire& wire, const RecordInput& input);

// "arn:aws:dynamodb:eu-west-1:1:table/users/stream/2026-01-01T00:00:00.000". kUsage.
Status check_stream_arn(std::string_view arn);
// kState: there is none of that ARN.
Error absent_stream(const std::string& arn);

}  // namespace ksv::dynamodb
