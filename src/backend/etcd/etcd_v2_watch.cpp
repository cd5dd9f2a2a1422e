// Watching v2's keys: one question an event, each for the first event from an index on.
//
// The server keeps the last 1000 events of all keys. A question for an index whose events it still
// has is answered at once where one of them is of the path, else when one comes. So asking again
// with the same index, after a lost connection or a time without events, misses and doubles
// nothing; and what the server has no more, it says (errorCode 401).
#include <algorithm>
#include <charconv>
#include <utility>

#include "backend/etcd/etcd_v2_answer.h"
#include "backend/etcd/etcd_v2_client.h"

namespace ksv::etcd {
namespace {

using std::chrono::milliseconds;

// A connection that is silent for so long is made anew: it may be dead.
constexpr milliseconds kPollTime{60'000};
// An event that is there already comes at once; this is for slow networks.
constexpr milliseconds kPastEventTime{1'500};
// Questions without an answer, one after another, before a watch gives up.
constexpr int kTroublesMax = 8;
constexpr milliseconds kTroublePause{250};

// The first number of "the requested history has been cleared [199/88]".
std::int64_t oldest_of(const std::string& cause) {
  std::int64_t oldest = 0;
  const auto bracket = cause.find('[');
  if (bracket == cause.npos) return 0;
  std::from_chars(cause.data() + bracket + 1, cause.data() + cause.size(), oldest);
  return oldest;
}

}  // namespace

Result<V2Client::Poll> V2Client::poll(const std::string& path, bool recursive, std::int64_t from,
                                      milliseconds time) {
  // kOnce: a time without events is no failure that a repeat would mend.
  Request request{.name = "watch " + path,
                  .resource = Resource::kV2,
                  .method = "GET",
                  .repeat = net::Repeat::kOnce,
                  .stall_is_failure = false,
                  .timeout = time};
  request.path = KSV_TRY(v2_key_path(path));
  request.path += "?wait=true&waitIndex=" + std::to_string(from);
  if (recursive) request.path += "&recursive=true";
  Env& env = wire_.env();
  const milliseconds start = env.monotonic();
  auto answer = wire_.send(request);
  Poll poll;
  if (!answer.has_value()) {
    Error error = std::move(answer).error().with_effect(Effect::kNone);
    if (error.code() != ErrorCode::kUnavailable) return error;
    poll.silent = env.monotonic() - start >= time;
    if (!poll.silent) poll.trouble = std::move(error);
    return poll;
  }
  if (answer->is(Meaning::kCleared)) {
    poll.cleared = true;
    poll.oldest = oldest_of(answer->refusal->cause);
    return poll;
  }
  if (answer->refusal) return wire_.refused(request, *answer).with_refused_write(false);
  auto reply = v2_reply(*answer, request.name);
  // A connection that broke before the event leaves an empty body.
  if (!reply.has_value()) {
    poll.trouble = std::move(reply).error();
    return poll;
  }
  poll.event = v2_event(*std::move(reply), path, recursive);
  if (!poll.event) {
    // Another key's, see v2_event: it only moves the index.
    const auto again = v2_reply(*answer, request.name);
    poll.oldest = again.has_value() && again->node ? again->node->modified : 0;
  }
  return poll;
}

// Where a watch begins: `from`, or after all that has happened so far.
Result<std::int64_t> V2Client::next_index(const std::string& path, std::int64_t from) {
  if (from > 0) return from;
  const Reply now = KSV_TRY(get(path, {}));
  return now.meta.index + 1;
}

Result<WatchEnd> V2Client::watch(const std::string& path, const WatchOptions& options,
                                 const EventSink& sink) {
  Env& env = wire_.env();
  const milliseconds start = env.monotonic();
  WatchEnd end;
  end.next = KSV_TRY(next_index(path, options.from));
  int troubles = 0;
  for (;;) {
    milliseconds time = kPollTime;
    if (options.time.count() > 0) {
      time = std::min(time, options.time - (env.monotonic() - start));
      if (time.count() <= 0) return end;
    }
    Poll poll = KSV_TRY(this->poll(path, options.recursive, end.next, time));
    if (poll.trouble) {
      if (++troubles == kTroublesMax) return *std::move(poll.trouble);
      env.sleep(kTroublePause * troubles);
      continue;
    }
    troubles = 0;
    if (poll.cleared) {
      end.cleared = true;
      end.oldest = poll.oldest;
      return end;
    }
    if (poll.silent) continue;
    if (!poll.event) {
      end.next = std::max(end.next, poll.oldest) + 1;
      continue;
    }
    end.next = poll.event->node.modified + 1;
    if (!options.previous) poll.event->previous.reset();
    if (!KSV_TRY(sink(*poll.event))) return end;
  }
}

Result<std::optional<Event>> V2Client::first_event(const std::string& path, std::int64_t from) {
  const Reply now = KSV_TRY(get(path, {}));
  // Every event on a key that is there has left its index.
  const bool is_unchanged = now.node && !now.node->is_directory && now.node->modified < from;
  if (from > now.meta.index || is_unchanged) return std::optional<Event>();
  for (;;) {
    Poll poll = KSV_TRY(this->poll(path, false, from, kPastEventTime));
    if (poll.trouble) return *std::move(poll.trouble);
    if (poll.cleared) {
      return Error(ErrorCode::kState,
                   "the server has the last 1000 events alone, and no more "
                   "those from " +
                       std::to_string(from) + " on");
    }
    if (poll.silent) return std::optional<Event>();
    if (poll.event) return std::move(poll.event);
    from = std::max(from, poll.oldest) + 1;
  }
}

}  // namespace ksv::etcd
