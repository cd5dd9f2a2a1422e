// Keys that live as long as a command runs.
#include "cli/held_key.h"

#include <algorithm>
#include <charconv>
#include <csignal>

#include "cli/foreground.h"

#include "backend/etcd/etcd_place.h"
#include "backend/etcd/etcd_tenure.h"

namespace ksv::cli {
namespace {

using std::chrono::milliseconds;

// Pause after a renewal that failed, at most.
constexpr milliseconds kRetryPause{500};
// For the requests after the command's end.
constexpr milliseconds kEndTime{10'000};

// Renews the key between waits for the command, and ends the command when the key is lost.
class Keeper {
 public:
  Keeper(Session& session, etcd::Tenure& tenure)
      : session_(session), tenure_(tenure), expires_(now() + tenure.lifetime()) {
    if (session.watch_time().count() > 0) ends_ = now() + session.watch_time();
  }

  milliseconds beat(const RunningChild& child) {
    if (!why_.empty()) return milliseconds(60'000);
    if (ends_ && now() >= *ends_) {
      is_late_ = true;
      return stop(child, "it did not end in the time allowed");
    }
    const milliseconds pause = renew(child);
    return ends_ ? std::clamp(*ends_ - now(), milliseconds(0), pause) : pause;
  }

  // Why the command was stopped; empty: it was not.
  const std::string& why() const { return why_; }
  bool is_late() const { return is_late_; }

 private:
  milliseconds now() const { return session_.env().monotonic(); }

  milliseconds stop(const RunningChild& child, const std::string& why) {
    why_ = why;
    session_.out().note(why + ": the command gets SIGTERM");
    child.send(SIGTERM);
    return milliseconds(60'000);
  }

  milliseconds renew(const RunningChild& child) {
    if (now() < next_) return next_ - now();
    const milliseconds begun = now();
    session_.call().deadline =
        Deadline(session_.env(), std::max(expires_ - begun, milliseconds(100)));
    const auto renewed = tenure_.renew();
    if (renewed.has_value() && !*renewed) return stop(child, "the key is not ours any more");
    if (renewed.has_value()) {
      expires_ = begun + tenure_.lifetime();
      next_ = begun + milliseconds(tenure_.lifetime()) / 3;
      return next_ - now();
    }
    if (now() >= expires_) {
      return stop(child, "the key could not be kept alive: " + renewed.error().message());
    }
    next_ = now() + std::min(kRetryPause, expires_ - now());
    return next_ - now();
  }

  Session& session_;
  etcd::Tenure& tenure_;
  milliseconds expires_;
  milliseconds next_{0};
  std::optional<milliseconds> ends_{};
  std::string why_;
  bool is_late_ = false;
};

}  // namespace

Status check_can_hold(Session& session) {
  const etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  if (place->ttl()) return ok();
  return Error(ErrorCode::kUsage, "a command after -- needs --ttl")
      .with_hint("Such as: ksv assoc KEY VALUE --ttl 10s -- CMD");
}

Result<Answer> run_while_held(Session& session, const Arguments& arguments,
                              const Version& version) {
  etcd::EtcdPlace* place = KSV_TRY(session.etcd());
  const std::string key = KSV_TRY(session.etcd_path(arguments.operands[0]));
  const std::string path = KSV_TRY(place->path_of(key));
  const SignalHold hold(session.env());
  std::int64_t index = 0;
  std::from_chars(version.token.data(), version.token.data() + version.token.size(), index);
  etcd::Tenure tenure =
      KSV_TRY(etcd::Tenure::begin(place->client(), path, index, place->ttl().value_or(1)));
  Keeper keeper(session, tenure);
  const ChildRequest request{
      .words = arguments.exec,
      .variables = {
          {"KSV_KEY", key}, {"KSV_STORE", session.store_form()}, {"KSV_REVISION", version.token}}};
  const auto result = run_foreground(session, request, RunningChild::Input::kOurs,
                                     [&](const RunningChild& child) { return keeper.beat(child); });
  session.call().deadline = Deadline(session.env(), kEndTime);
  const Status ended = tenure.end();
  if (!ended.has_value()) {
    session.out().note("the key could not be removed, and goes by itself after its time: " +
                       ended.error().message());
  }
  if (!result.has_value()) return result.error();
  if (session.env().signalled() != 0) {
    return Error(ErrorCode::kCancelled, "interrupted by a signal; the command " + end_of(*result) +
                                            ", and the key is removed");
  }
  if (keeper.why().empty()) return answer_of_status(result->status);
  const ErrorCode code = keeper.is_late() ? ErrorCode::kFunction : ErrorCode::kState;
  return Error(code, keeper.why() + "; the command was sent SIGTERM and " + end_of(*result));
}

}  // namespace ksv::cli
