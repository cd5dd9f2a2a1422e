// The request loop: attempts, pauses, and what is said when there is no answer.
//
// Two counts bound the attempts. An attempt of which something was sent, or that the service
// answered by "not now", costs the service work: three of those. A connection that could not be
// made costs nobody anything, and passes with a server's restart: six of those. An error is
// harmless (Effect::kNone) as long as no attempt of a write may have been received.
#include "net/request_loop.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/call_stats.h"
#include "net/backoff.h"
#include "net/request_log.h"

namespace ksv::net {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kUnsentAttemptsMax = 6;
constexpr milliseconds kReadBackReserve{5'000};
// Amendments of one job: another region, a skewed clock, expired credentials.
constexpr std::uint32_t kAmendmentsMax = 3;

// What follows an attempt.
struct Step {
  enum class Kind { kReply, kFail, kRepeat };
  Kind kind = Kind::kReply;
  std::optional<Error> error{};
  milliseconds pause{};
};

class RequestLoop {
 public:
  RequestLoop(const Job& job, Http& http, Env& env, Call& call)
      : job_(job), http_(http), env_(env), call_(call) {}

  Result<Reply> run();

 private:
  Result<HttpRequest> prepare();
  HttpOutcome attempt(const HttpRequest& request);
  Step after(const HttpOutcome& outcome);
  Step after_answer(const HttpAnswer& answer);
  Step after_failure(const HttpFailure& failure);
  Step after_refusal(const HttpAnswer& answer, Verdict verdict);
  std::optional<milliseconds> find_pause(milliseconds base, const HttpHeaders& headers);
  void count(const HttpRequest& request, const HttpOutcome& outcome);
  void log(const HttpRequest& request, const HttpOutcome& outcome, const Step& step) const;

  bool is_write() const { return job_.repeat != Repeat::kRead; }
  Step fail(Error error) const;
  Step fail(ErrorCode code, const std::string& why, const std::string& hint = {}) const;
  std::string proxy_hint() const;

  const Job& job_;
  Http& http_;
  Env& env_;
  Call& call_;
  std::uint32_t attempts_ = 0;
  std::uint32_t received_ = 0;  // attempts without a usable answer, by what became of them
  std::uint32_t unsent_ = 0;
  std::uint32_t amendments_ = 0;
  bool doubtful_ = false;  // an attempt of a write may have been received
  std::uint64_t sink_bytes_ = 0;
  std::uint64_t sink_bytes_before_ = 0;
  milliseconds took_{};
};

Result<Reply> RequestLoop::run() {
  while (true) {
    if (env_.cancelled()) {
      return *fail(ErrorCode::kCancelled, "interrupted by a signal").error;
    }
    if (call_.deadline.passed()) {
      return *fail(ErrorCode::kDeadline, "the time allowed ran out").error;
    }
    auto prepared = prepare();
    if (!prepared.has_value()) return *fail(std::move(prepared).error()).error;
    const bool was_doubtful = doubtful_;
    HttpOutcome outcome = attempt(*prepared);
    const Step step = after(outcome);
    log(*prepared, outcome, step);
    if (step.kind == Step::Kind::kFail) return *step.error;
    if (step.kind == Step::Kind::kReply) {
      return Reply{std::move(*std::get_if<HttpAnswer>(&outcome)), attempts_, was_doubtful};
    }
    wait(env_, step.pause);
  }
}

Result<HttpRequest> RequestLoop::prepare() {
  HttpRequest request = KSV_TRY(job_.prepare());
  milliseconds left = std::max(call_.deadline.left(), milliseconds(1));
  // A write whose answer does not come leaves time to find out what became of it.
  if (is_write()) left -= std::min(left / 4, kReadBackReserve);
  request.timeout = request.timeout.count() > 0 ? std::min(request.timeout, left) : left;
  if (request.sink) {
    request.sink = [this, sink = std::move(request.sink)](BytesView bytes) {
      sink_bytes_ += bytes.size();
      return sink(bytes);
    };
  }
  return request;
}

HttpOutcome RequestLoop::attempt(const HttpRequest& request) {
  ++attempts_;
  sink_bytes_before_ = sink_bytes_;
  const milliseconds start = env_.monotonic();
  HttpOutcome outcome = http_.exchange(request);
  took_ = env_.monotonic() - start;
  count(request, outcome);
  return outcome;
}

void RequestLoop::count(const HttpRequest& request, const HttpOutcome& outcome) {
  const auto* answer = std::get_if<HttpAnswer>(&outcome);
  const auto* failure = std::get_if<HttpFailure>(&outcome);
  count_request(call_);
  if (attempts_ > 1) ksv::count(call_.stats.retries, 1);
  if (is_write()) ksv::count(call_.stats.writes, 1);
  if (failure == nullptr || failure->sent) {
    ksv::count(call_.stats.bytes_written, request.body.size());
  }
  const std::uint64_t body_bytes = answer != nullptr ? answer->body.size() : 0;
  ksv::count(call_.stats.bytes_read, body_bytes + sink_bytes_ - sink_bytes_before_);
}

void RequestLoop::log(const HttpRequest& request, const HttpOutcome& outcome,
                      const Step& step) const {
  if (!call_.log) return;
  const auto* answer = std::get_if<HttpAnswer>(&outcome);
  const std::uint64_t body_bytes = answer != nullptr ? answer->body.size() : 0;
  std::string line =
      attempt_line(request, outcome, took_, body_bytes + sink_bytes_ - sink_bytes_before_);
  if (step.kind == Step::Kind::kRepeat) {
    line += fmt::format(", attempt {} in {} ms", attempts_ + 1, step.pause.count());
  }
  if (call_.log_headers) line += header_lines(request, outcome);
  call_.log(line);
}

Step RequestLoop::after(const HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) return after_failure(*failure);
  return after_answer(*std::get_if<HttpAnswer>(&outcome));
}

Step RequestLoop::after_answer(const HttpAnswer& answer) {
  const Verdict verdict = job_.judge(answer);
  if (verdict == Verdict::kUse) return {};
  if (verdict != Verdict::kRenew) return after_refusal(answer, verdict);
  if (!job_.amend || amendments_ == kAmendmentsMax) return {};
  ++amendments_;
  auto amended = job_.amend(answer);
  if (!amended.has_value()) return fail(std::move(amended).error());
  return *amended ? Step{Step::Kind::kRepeat} : Step{};
}

// The service answered, but by "not now".
Step RequestLoop::after_refusal(const HttpAnswer& answer, Verdict verdict) {
  // Throttled requests are turned away unseen; of others the service may have done a part.
  const bool may_be_done = is_write() && verdict == Verdict::kTransient;
  doubtful_ = doubtful_ || may_be_done;
  ++received_;
  const auto base = verdict == Verdict::kThrottled ? job_.throttled_pause : kTransientPause;
  const bool may_repeat =
      received_ < job_.attempts_max && !(job_.repeat == Repeat::kOnce && may_be_done);
  const auto pause = may_repeat ? find_pause(base, answer.headers) : std::nullopt;
  if (pause) return {Step::Kind::kRepeat, {}, *pause};
  if (!doubtful_) return {};
  const std::string code = job_.code_of ? job_.code_of(answer) : std::string();
  Step step =
      fail(ErrorCode::kUnavailable, fmt::format("the service answered with status {}{}{}",
                                                answer.status, code.empty() ? "" : " ", code));
  step.error = std::move(*step.error).with_detail("status", answer.status);
  if (!code.empty()) step.error = std::move(*step.error).with_detail("errorCode", code);
  const std::string id = request_id(answer.headers);
  if (!id.empty()) step.error = std::move(*step.error).with_detail("requestId", id);
  return step;
}

Step RequestLoop::after_failure(const HttpFailure& failure) {
  using Kind = HttpFailure::Kind;
  doubtful_ = doubtful_ || (is_write() && failure.sent);
  switch (failure.kind) {
    case Kind::kSink: {
      return fail(failure.sink ? *failure.sink : Error(ErrorCode::kInternal, failure.text));
    }
    case Kind::kCancelled: return fail(ErrorCode::kCancelled, failure.text);
    case Kind::kTooLarge: return fail(ErrorCode::kUnsupported, failure.text);
    case Kind::kRequest: return fail(ErrorCode::kUnavailable, failure.text);
    case Kind::kTls:
      return fail(ErrorCode::kDenied, failure.text,
                  "Check the server's name, the clock and the CA bundle (AWS_CA_BUNDLE, "
                  "SSL_CERT_FILE).");
    default: break;
  }
  if (call_.deadline.passed()) return fail(ErrorCode::kDeadline, failure.text);
  std::uint32_t& attempts = failure.sent ? received_ : unsent_;
  ++attempts;
  const bool attempts_left = attempts < (failure.sent ? job_.attempts_max : kUnsentAttemptsMax);
  const bool may_repeat = attempts_left && !(job_.repeat == Repeat::kOnce && doubtful_) &&
                          (sink_bytes_ == 0 || job_.resumes);
  const auto pause = may_repeat ? find_pause(kTransientPause, {}) : std::nullopt;
  if (pause) return {Step::Kind::kRepeat, {}, *pause};
  std::string hint;
  if (failure.kind == Kind::kResolve) hint = "Check the host's name and the network.";
  if (failure.kind == Kind::kConnect)
    hint = "Check that the server runs, its address and its port.";
  if (failure.kind == Kind::kProxy || !failure.sent) hint += proxy_hint();
  return fail(ErrorCode::kUnavailable, failure.text, hint);
}

// The pause before another attempt; nothing when the deadline would pass meanwhile.
std::optional<milliseconds> RequestLoop::find_pause(milliseconds base, const HttpHeaders& headers) {
  const milliseconds jittered = jittered_pause(env_, base, received_ + unsent_);
  const milliseconds pause = asked_pause(env_, headers, jittered);
  if (pause >= call_.deadline.left()) return std::nullopt;
  return pause;
}

Step RequestLoop::fail(ErrorCode code, const std::string& why, const std::string& hint) const {
  Error error(code, why + (attempts_ > 1 ? fmt::format(" ({} attempts)", attempts_) : ""));
  if (!hint.empty()) error = std::move(error).with_hint(hint);
  return fail(std::move(error));
}

Step RequestLoop::fail(Error error) const {
  const Effect effect = doubtful_ ? Effect::kUnknown : error.effect();
  return {Step::Kind::kFail, std::move(error).with_context(job_.name).with_effect(effect), {}};
}

// curl's own variables: who forgot that one is set looks for the fault in vain elsewhere.
std::string RequestLoop::proxy_hint() const {
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const auto value = env_.variable(name);
    if (value && !value->empty()) {
      return fmt::format(
          " The environment names a proxy ({}); NO_PROXY lists the hosts to be reached without it.",
          name);
    }
  }
  return {};
}

}  // namespace

Result<Reply> run_job(const Job& job, Http& http, Env& env, Call& call) {
  return RequestLoop(job, http, env, call).run();
}

}  // namespace ksv::net
