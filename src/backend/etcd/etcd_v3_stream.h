// One of v3's watch streams, and its resumption until what was asked for has come.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "backend/etcd/etcd_client.h"
#include "backend/etcd/etcd_v3_json.h"
#include "backend/etcd/etcd_wire.h"

namespace ksv::etcd {

// A watch of a range of keys that goes on over lost connections and other members: each stream
// begins at the revision after the last one that was told whole.
class V3Stream {
 public:
  // One change of a key: its node's path is the key as it stands. `is_last` of its revision.
  struct Change {
    Event event;
    bool is_last = true;
  };
  using ChangeSink = std::function<Result<bool>(const Change&)>;
  struct Range {
    std::string name;  // of the request, in messages
    std::string key;
    std::optional<std::string> range_end{};
    bool previous = false;
  };

  V3Stream(Wire& wire, Range range, ChangeSink sink)
      : wire_(wire), range_(std::move(range)), sink_(std::move(sink)) {}

  // From the revision `from`, or from now on. Until the sink ends it, `time` is up where it is not
  // zero, or the events are gone.
  Result<WatchEnd> run(std::int64_t from, std::chrono::milliseconds time);

 private:
  // How a stream ended.
  enum class Phase { kGoing, kDone, kCleared, kFailed };

  Error read_once(std::chrono::milliseconds left);
  std::string body() const;
  Status take(BytesView bytes);
  Status take_line(std::string_view line);
  Status take_result(const Json& result);
  Status take_events(const Json& result);
  Status take_end(const Json& result);
  Status stop(Phase phase);
  Status fail(const ServiceError& refusal);
  bool may_go_on(const Error& error, std::chrono::milliseconds lasted);

  Wire& wire_;
  Range range_;
  ChangeSink sink_;
  Phase phase_ = Phase::kGoing;
  std::int64_t next_ = 0;
  std::int64_t compacted_ = 0;
  std::string line_{};  // what came of a line that has not ended yet
  bool is_created_ = false;
  bool was_ever_created_ = false;
  bool has_renewed_ = false;  // the token, since the watch was last created
  std::optional<ServiceError> refusal_{};
  std::uint32_t failures_ = 0;  // one after the other
  std::chrono::milliseconds failing_since_{};
};

}  // namespace ksv::etcd
