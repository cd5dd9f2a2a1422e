// Reading a stream: all of its shards, or one, from a place on, record by record.
//
// A shard is read after its parent, so that the changes of one key come in their order. Which
// shards there are is looked up again when one ends that was open, and now and then.
//
// An open shard has no end that the service tells of, and it answers with pages that are empty in
// the midst of a shard (API Reference, GetRecords: "multiple calls"). Without `follow` an open
// shard counts as read when its iterator stands still, or kEmptyPagesMax pages in a row were empty.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "backend/dynamodb/dynamo_streams.h"

namespace ksv::dynamodb {

inline constexpr int kEmptyPagesMax = 20;

struct StreamPlan {
  std::string arn{};
  std::string shard{};      // empty: all
  StreamPlace from{};       // a sequence number is one of `shard`
  std::uint64_t count = 0;  // records wanted; 0: all
  bool follow = false;      // wait for more
  bool endless = false;     // each request has the usual time, and all of them no limit
};
using RecordSink = std::function<Status(const StreamRecord&)>;

// Gives each record to `sink`. Ends when `count` were given, when the shards were read or, with
// `follow`, when the call's time is up, or nothing can come any more.
//
// Errors: kState when the stream or the shard is not there, or the service has forgotten what is
// next; those of the sink; those of the requests.
Status read_stream(Wire& wire, const StreamPlan& plan, const RecordSink& sink);

}  // namespace ksv::dynamodb
