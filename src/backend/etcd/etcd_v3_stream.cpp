// Watches a range of v3's keys, over any number of connections.
//
// The gateway answers with one JSON object a line. The first says that the watch was created, and
// at which revision, so that a watch "from now on" has a place to be resumed at before any event.
// Events come in the order of their revisions, all of one revision in one message. A member that is
// cut off, paused or behind a dead connection says nothing at all; so no stream is kept for longer
// than a while, and its successor begins where it stopped.
#include "backend/etcd/etcd_v3_stream.h"

#include <algorithm>

#include "net/backoff.h"

namespace ksv::etcd {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kMessageDepthMax = 32;
// The first one, which shows whether the member answers, and each after one that did.
constexpr milliseconds kFirstStreamTime{8'000};
constexpr milliseconds kStreamTime{30'000};
// A stream that ends sooner than that is not followed by the next one at once.
constexpr milliseconds kStreamTimeMin{1'000};
// How long a watch that was established keeps trying to get back to some member.
constexpr milliseconds kFailingTimeMax{60'000};
// One message: a transaction's events, with values and previous values, in base64.
constexpr std::size_t kLineBytesMax = std::size_t{256} << 20;

// The code in "rpc error: code = PermissionDenied desc = ...", as a watch is told it.
std::int64_t code_in(std::string_view reason) {
  constexpr std::string_view kMark = "code = ";
  constexpr std::int64_t kUnknown = 2;
  const auto mark = reason.find(kMark);
  if (mark == reason.npos) return kUnknown;
  const std::string_view rest = reason.substr(mark + kMark.size());
  return find_grpc_code(rest.substr(0, rest.find(' '))).value_or(kUnknown);
}

}  // namespace

std::string V3Stream::body() const {
  ObjectText create;
  create.bytes("key", range_.key);
  if (range_.range_end) create.bytes("range_end", *range_.range_end);
  create.number("start_revision", next_);
  create.flag("progress_notify", true).flag("prev_kv", range_.previous);
  return ObjectText().json("create_request", create.take()).take();
}

Result<WatchEnd> V3Stream::run(std::int64_t from, milliseconds time) {
  next_ = from;
  Env& env = wire_.env();
  const bool has_end = time.count() > 0;
  const Deadline own_end(env, time);
  while (true) {
    milliseconds stream_time = is_created_ ? kStreamTime : kFirstStreamTime;
    if (has_end) stream_time = std::min(stream_time, own_end.left());
    if (stream_time.count() == 0) return WatchEnd{.next = next_};
    const milliseconds start = env.monotonic();
    const Error end = read_once(stream_time);
    if (phase_ == Phase::kDone) return WatchEnd{.next = next_};
    if (phase_ == Phase::kCleared) {
      return WatchEnd{.next = next_, .cleared = true, .oldest = compacted_};
    }
    if (has_end && own_end.passed()) return WatchEnd{.next = next_};
    if (!may_go_on(end, env.monotonic() - start)) return end;
  }
}

// Whether the stream's end is one that another stream mends. Waits before that where it is fit.
bool V3Stream::may_go_on(const Error& error, milliseconds lasted) {
  Env& env = wire_.env();
  if (phase_ == Phase::kFailed || env.cancelled()) return false;
  if (refusal_ && refusal_->traits.meaning == Meaning::kToken && !has_renewed_) {
    has_renewed_ = true;
    return wire_.forget_token();
  }
  const bool is_transient =
      error.code() == ErrorCode::kUnavailable || error.code() == ErrorCode::kDeadline;
  if (!is_transient || wire_.call().deadline.passed() || !was_ever_created_) return false;
  if (is_created_) {
    failures_ = 0;
    if (lasted >= kStreamTimeMin) return true;
  }
  if (failures_++ == 0) failing_since_ = env.monotonic();
  if (env.monotonic() - failing_since_ > kFailingTimeMax) return false;
  const milliseconds pause = net::jittered_pause(env, net::kTransientPause, failures_);
  net::wait(env, std::min(pause, wire_.call().deadline.left()));
  return true;
}

// One stream, to its end.
Error V3Stream::read_once(milliseconds left) {
  line_.clear();
  is_created_ = false;
  refusal_.reset();
  const std::string text = body();
  const Request request{.name = range_.name,
                        .path = "/watch",
                        .body = bytes_of(text),
                        .sink = [this](BytesView bytes) { return take(bytes); },
                        .stall_is_failure = false,
                        .timeout = left};
  auto answer = wire_.send(request);
  if (!answer.has_value()) {
    if (refusal_) return make_error(*refusal_).with_context(range_.name);
    return std::move(answer).error();
  }
  if (answer->refusal) return wire_.refused(request, *answer);
  // The server ended the stream; another member may serve it better.
  wire_.turn_away(answer->endpoint);
  return Error(ErrorCode::kUnavailable, range_.name + ": the server ended the watch");
}

Status V3Stream::take(BytesView bytes) {
  std::string_view rest = text_of(bytes);
  while (true) {
    const auto end = rest.find('\n');
    if (line_.size() + std::min(end, rest.size()) > kLineBytesMax) {
      phase_ = Phase::kFailed;
      return Error(ErrorCode::kUnsupported, "an event is too large");
    }
    line_.append(rest.substr(0, end));
    if (end == rest.npos) return ok();
    rest.remove_prefix(end + 1);
    const std::string line = std::move(line_);
    line_.clear();
    if (!line.empty()) KSV_CHECK(take_line(line));
  }
}

Status V3Stream::take_line(std::string_view line) {
  auto message = parse_json(line, kMessageDepthMax);
  if (!message.has_value()) {
    return Error(ErrorCode::kUnavailable, "what came is no message of a watch");
  }
  const FieldReader reader;
  if (const Json* result = reader.find(*message, "result")) return take_result(*result);
  // An error of the stream has the shape of a refusal.
  HttpAnswer told{.status = 500, .body = copy_of(bytes_of(line))};
  return fail(read_refusal(told));
}

Status V3Stream::take_result(const Json& result) {
  FieldReader reader;
  if (reader.flag(result, "canceled")) return take_end(result);
  const std::int64_t revision = reader.meta(result).index;
  const bool has_events = !reader.list(result, "events").empty();
  if (reader.flag(result, "created")) {
    is_created_ = true;
    was_ever_created_ = true;
    has_renewed_ = false;
    if (next_ == 0) next_ = revision + 1;
  }
  if (reader.is_bad()) {
    return Error(ErrorCode::kUnavailable, "what came is no message of a watch");
  }
  if (has_events) return take_events(result);
  // A sign of life: all events up to there were told.
  const bool is_progress =
      !reader.flag(result, "created") && reader.text(result, "watch_id") != "-1";
  if (is_progress) next_ = std::max(next_, revision + 1);
  return ok();
}

Status V3Stream::take_events(const Json& result) {
  FieldReader reader;
  std::vector<Change> changes;
  for (const Json& each : reader.list(result, "events")) {
    Change change;
    const std::string type = reader.text(each, "type");
    change.event.action = type == "DELETE" || type == "1" ? "delete" : "put";
    const Json* kv = reader.find(each, "kv");
    if (kv != nullptr) change.event.node = reader.node(*kv);
    if (const Json* previous = reader.find(each, "prev_kv")) {
      change.event.previous = reader.node(*previous);
    }
    if (kv == nullptr || change.event.node.modified == 0) {
      return Error(ErrorCode::kUnavailable, "what came is no message of a watch");
    }
    if (!changes.empty()) {
      changes.back().is_last = changes.back().event.node.modified != change.event.node.modified;
    }
    changes.push_back(std::move(change));
  }
  if (reader.is_bad()) {
    return Error(ErrorCode::kUnavailable, "what came is no message of a watch");
  }
  for (const Change& change : changes) {
    const std::int64_t revision = change.event.node.modified;
    // Of the revision before the one that was asked for; 3.4 is not known to tell such.
    if (revision < next_) continue;
    auto goes_on = sink_(change);
    if (!goes_on.has_value()) {
      phase_ = Phase::kFailed;
      return std::move(goes_on).error();
    }
    // Within a revision a resumption tells its first events again rather than to lose the others.
    if (change.is_last) next_ = revision + 1;
    if (!*goes_on) return stop(Phase::kDone);
  }
  return ok();
}

// A compacted revision, or a refusal; the stream stays open after it, for nothing.
Status V3Stream::take_end(const Json& result) {
  FieldReader reader;
  compacted_ = reader.number(result, "compact_revision");
  if (compacted_ > 0) return stop(Phase::kCleared);
  std::string reason = reader.text(result, "cancel_reason");
  if (reason.empty()) reason = "the server cancelled the watch";
  is_created_ = false;
  return fail(grpc_refusal(code_in(reason), reason));
}

// Ends the exchange by an error, which nobody sees.
Status V3Stream::stop(Phase phase) {
  phase_ = phase;
  return Error(ErrorCode::kInternal, "the watch has ended");
}

Status V3Stream::fail(const ServiceError& refusal) {
  refusal_ = refusal;
  return Error(ErrorCode::kUnavailable, refusal.message);
}

}  // namespace ksv::etcd
