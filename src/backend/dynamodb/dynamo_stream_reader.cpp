// The shards of a stream, each at its place, read a page at a time.
#include "backend/dynamodb/dynamo_stream_reader.h"

#include <algorithm>

#include "ksv/limits.h"

#include "net/backoff.h"

namespace ksv::dynamodb {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPauseFirst{100};
constexpr milliseconds kPauseMax{1000};
// How often it is looked for shards that nothing else told of.
constexpr milliseconds kLookAgain{30'000};
// And for the children of one that ended: the service allows ten times a second.
constexpr milliseconds kLookSoon{1'000};
// Iterators that were made anew for one place without one answer between.
constexpr int kFreshMax = 3;
constexpr std::uint64_t kPageMax = 1000;
// What the service rounds the time of a record down to.
constexpr std::int64_t kTimeGrainMs = 60'000;

using Kind = StreamPlace::Kind;

// A shard and the place in it.
struct Part {
  Shard shard{};
  StreamPlace begin{};
  std::string iterator{};
  std::string last{};  // the sequence number of the last record that was read
  bool begun = false;  // there was an iterator once
  bool is_listed = true;
  bool done = false;
  int empty = 0;  // pages in a row
  int fresh = 0;  // see kFreshMax
  // Records of before it are none of ours: the place "now" was lost before the first record.
  std::int64_t since_ms = 0;
};

class StreamReader {
 public:
  StreamReader(Wire& wire, const StreamPlan& plan, const RecordSink& sink)
      : wire_(wire), plan_(plan), sink_(sink), began_ms_(wire.env().wall_ms()) {}

  Status run();
  bool was_answered() const { return was_answered_; }
  bool has_given() const { return given_ > 0; }

 private:
  Status look();
  Status add(const Shard& shard);
  Status read_round(bool* has_read);
  Status read_page(Part& part);
  Status take(Part& part, const RecordPage& page);
  Result<bool> find_iterator(Part& part);
  Status lose(Part& part, const NoPlace& none);
  Error forgotten(const Part& part) const;
  void end(Part& part);

  bool is_ready(const Part& part) const;
  bool is_full() const { return plan_.count > 0 && given_ == plan_.count; }
  bool is_over() const;
  // The time of the next request.
  void renew() {
    if (plan_.endless) wire_.call().deadline = Deadline(wire_.env(), limits::kTimeoutDefault);
  }

  Wire& wire_;
  const StreamPlan& plan_;
  const RecordSink& sink_;
  std::int64_t began_ms_;
  std::deque<Part> parts_{};
  std::string status_{};
  std::uint64_t given_ = 0;
  bool was_listed_ = false;
  bool was_answered_ = false;
  bool must_look_ = false;  // a shard has ended, whose children are not listed yet
  milliseconds looked_{};
};

Status StreamReader::run() {
  KSV_CHECK(look());
  milliseconds pause = kPauseFirst;
  for (;;) {
    bool has_read = false;
    KSV_CHECK(read_round(&has_read));
    if (is_full() || is_over()) return ok();
    if (!plan_.follow) {
      if (has_read) continue;
      if (!must_look_) return ok();
      KSV_CHECK(look());
      must_look_ = false;
      continue;
    }
    if (has_read) {
      pause = kPauseFirst;
    } else {
      if (wire_.env().cancelled()) return Error(ErrorCode::kCancelled, "interrupted by a signal");
      if (!plan_.endless && wire_.call().deadline.left() <= pause) return ok();
      net::wait(wire_.env(), pause);
      pause = std::min(pause * 2, kPauseMax);
    }
    const milliseconds since = wire_.env().monotonic() - looked_;
    if (since >= (must_look_ ? kLookSoon : kLookAgain)) KSV_CHECK(look());
  }
}

// Takes up the shards that are new. Those that were read and are no longer kept are forgotten here,
// too, lest they add up.
Status StreamReader::look() {
  renew();
  auto state = KSV_TRY(describe_stream(wire_, plan_.arn));
  if (!state) return absent_stream(plan_.arn);
  was_answered_ = true;
  looked_ = wire_.env().monotonic();
  status_ = state->status;
  for (Part& part : parts_) part.is_listed = false;
  for (const Shard& shard : state->shards) KSV_CHECK(add(shard));
  const auto is_gone = [](const Part& part) { return part.done && !part.is_listed; };
  parts_.erase(std::remove_if(parts_.begin(), parts_.end(), is_gone), parts_.end());
  if (!plan_.shard.empty() && parts_.empty()) {
    return Error(ErrorCode::kState, "there is no shard " + plan_.shard + " in the stream")
        .with_hint("ksv stream describe shows those that are there");
  }
  was_listed_ = true;
  if (status_ == "DISABLED") must_look_ = false;  // no shard has children then
  return ok();
}

Status StreamReader::add(const Shard& shard) {
  if (!plan_.shard.empty() && shard.id != plan_.shard) return ok();
  const auto known = std::find_if(parts_.begin(), parts_.end(),
                                  [&](const Part& part) { return part.shard.id == shard.id; });
  if (known != parts_.end()) {
    known->is_listed = true;
    known->shard.last = shard.last;
    return ok();
  }
  Part part{.shard = shard, .begin = plan_.from};
  if (plan_.from.kind == Kind::kNow) {
    // What has ended is not now, and what came up since is new as a whole.
    part.done = !was_listed_ && !shard.last.empty();
    if (was_listed_) part.begin = {};
  }
  if (was_listed_) must_look_ = false;
  parts_.push_back(std::move(part));
  return ok();
}

bool StreamReader::is_ready(const Part& part) const {
  if (part.done) return false;
  return std::none_of(parts_.begin(), parts_.end(), [&](const Part& other) {
    return !other.done && other.shard.id == part.shard.parent;
  });
}

// Nothing can come any more.
bool StreamReader::is_over() const {
  const bool is_done =
      std::all_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.done; });
  if (!is_done) return false;
  return !plan_.shard.empty() || (status_ == "DISABLED" && !must_look_);
}

// Following, a page of each shard; else each to its end.
Status StreamReader::read_round(bool* has_read) {
  for (Part& part : parts_) {
    if (!is_ready(part)) continue;
    do {
      const std::uint64_t before = given_;
      KSV_CHECK(read_page(part));
      *has_read = *has_read || given_ > before || (!plan_.follow && part.done);
      if (is_full()) return ok();
    } while (!plan_.follow && !part.done);
  }
  return ok();
}

Status StreamReader::read_page(Part& part) {
  renew();
  if (!KSV_TRY(find_iterator(part))) return ok();
  RecordInput input{.arn = plan_.arn, .shard = part.shard.id, .iterator = part.iterator};
  if (plan_.count > 0) {
    input.limit = static_cast<std::int64_t>(std::min(plan_.count - given_, kPageMax));
  }
  renew();
  const RecordReply reply = KSV_TRY(get_records(wire_, input));
  was_answered_ = true;
  if (const auto* none = std::get_if<NoPlace>(&reply)) return lose(part, *none);
  const RecordPage& page = *std::get_if<RecordPage>(&reply);
  part.fresh = 0;
  KSV_CHECK(take(part, page));
  if (page.next.empty()) {
    end(part);
    return ok();
  }
  part.empty = page.records.empty() ? part.empty + 1 : 0;
  const bool stands_still = part.empty > 0 && page.next == part.iterator;
  const bool is_enough = part.shard.last.empty() && part.empty >= kEmptyPagesMax;
  part.iterator = page.next;
  if (!plan_.follow && (stands_still || is_enough)) part.done = true;
  return ok();
}

Status StreamReader::take(Part& part, const RecordPage& page) {
  for (const StreamRecord& record : page.records) {
    if (is_full()) return ok();
    const bool is_old = record.created_ms + kTimeGrainMs <= part.since_ms;
    if (!is_old) {
      KSV_CHECK(sink_(record));
      ++given_;
    }
    part.last = record.sequence;
  }
  return ok();
}

// False when there is none, which the part then says.
Result<bool> StreamReader::find_iterator(Part& part) {
  if (!part.iterator.empty()) return true;
  StreamPlace place = part.begin;
  if (!part.last.empty()) {
    place = {.kind = Kind::kAfter, .sequence = part.last};
  } else if (part.begun && place.kind == Kind::kNow) {
    // "Now" would be later than it was, and miss what came between.
    place = {};
    part.since_ms = began_ms_;
  }
  const IteratorReply reply = KSV_TRY(shard_iterator(wire_, plan_.arn, part.shard.id, place));
  was_answered_ = true;
  if (const auto* none = std::get_if<NoPlace>(&reply)) {
    KSV_CHECK(lose(part, *none));
    return false;
  }
  part.iterator = *std::get_if<std::string>(&reply);
  part.begun = true;
  if (!part.iterator.empty()) return true;
  end(part);
  return false;
}

// The place is lost. It is found again after the last record; from the oldest on, that is the
// oldest there is by now.
Status StreamReader::lose(Part& part, const NoPlace& none) {
  part.iterator.clear();
  if (++part.fresh > kFreshMax) return none.error;
  if (none.why == Meaning::kExpired) return ok();
  const bool has_missed = !part.last.empty() || part.begin.kind != Kind::kOldest;
  if (has_missed || (none.why == Meaning::kNotFound && !plan_.shard.empty())) {
    return forgotten(part);
  }
  // The shard is no longer kept at all; or the stream, which the next look tells.
  if (none.why == Meaning::kNotFound) end(part);
  return ok();
}

Error StreamReader::forgotten(const Part& part) const {
  const StreamPlace& begin = part.begin;
  std::string what = "what came next";
  if (begin.kind == Kind::kAt) what = "the change " + begin.sequence;
  if (begin.kind == Kind::kAfter) what = "what came after " + begin.sequence;
  if (!part.last.empty()) what = "what came after " + part.last;
  return Error(ErrorCode::kState, "the service has forgotten " + what + " in the shard " +
                                      part.shard.id + "; it keeps changes for 24 hours")
      .with_hint("Changes may be missed: read the table anew, then the stream with --from oldest");
}

void StreamReader::end(Part& part) {
  part.done = true;
  part.iterator.clear();
  if (part.shard.last.empty() && plan_.shard.empty()) must_look_ = true;
}

}  // namespace

Status read_stream(Wire& wire, const StreamPlan& plan, const RecordSink& sink) {
  StreamReader reader(wire, plan, sink);
  Status status = reader.run();
  if (status.has_value()) return status;
  const ErrorCode code = status.error().code();
  // The time that was given is up in the midst of a request.
  const bool is_timed = plan.follow && !plan.endless;
  if (is_timed && code == ErrorCode::kDeadline && reader.was_answered()) return ok();
  const bool may_pass = code == ErrorCode::kDeadline || code == ErrorCode::kUnavailable;
  if (!may_pass || !reader.has_given()) return status;
  return std::move(status).error().with_hint(
      "Each record tells its place: --shard and --after go on behind it");
}

}  // namespace ksv::dynamodb
