// The request loop: repeats one HTTP request that got no usable answer, and nothing else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ksv/call.h"
#include "ksv/http.h"

#include "net/backoff.h"

namespace ksv::net {

// May this request take effect twice?
enum class Repeat {
  kRead,         // changes nothing: repeated after any transient failure
  kConditional,  // can succeed only once, or does no more the second time: repeated as well
  kOnce,         // an unconditional write: repeated only if nothing of it was sent, or if the
                 // service turned it away unseen (kThrottled)
};

// What an answer means to the service that gave it. The service judges by status and code in one
// table (backend/s3/s3_errors.cpp, ...), never by message text.
enum class Verdict {
  kUse,        // an answer for the caller, good or bad
  kTransient,  // the service failed: repeat after a pause (5xx, RequestTimeout ...)
  kThrottled,  // the service turned the request away unseen, it wants fewer: repeat after a longer
               // pause (429, SlowDown ...). Leaves no doubt whether a write took effect: it did not
  kRenew,      // expired credentials, a skewed clock, another region: `amend` mends that, then once
               // more without a pause
};

// One request, made anew for each attempt since a signature holds for one. All members are called
// on the caller's thread.
struct Job {
  std::string name;  // in messages and logs: "GET bucket/key"
  Repeat repeat = Repeat::kRead;
  // `url` and `headers` signed. The loop sets the timeout to what is left of the deadline, or to
  // the request's own where that is less.
  std::function<Result<HttpRequest>()> prepare;
  std::function<Verdict(const HttpAnswer&)> judge;
  // For kRenew: mends what is wrong from the answer. False when it cannot, or when it did so
  // already; the answer is then used as it is.
  std::function<Result<bool>(const HttpAnswer&)> amend{};
  // The service's own word for a refusal ("SlowDown"), for the message; may be empty.
  std::function<std::string(const HttpAnswer&)> code_of{};
  // Whether `prepare`, after the sink had a part of the answer, asks for the rest of it (Range).
  // Without that a sink which had bytes is the end: it would get the beginning twice.
  bool resumes = false;
  // Attempts that the service may have had, and the base of the pauses when it throttles: some
  // services are known to take many short ones better.
  std::uint32_t attempts_max = 3;
  std::chrono::milliseconds throttled_pause = kThrottledPause;
};

struct Reply {
  HttpAnswer answer;
  std::uint32_t attempts = 1;
  // An earlier attempt was sent and got no usable answer: it may have taken effect, or may yet. A
  // refusal that comes after it may be the refusal of our own success.
  bool doubtful = false;
};

// Runs `job` until there is an answer to use, or no attempts or time are left. Pauses with full
// jitter (AWS SDKs and Tools Reference Guide, "Retry behavior": 50 ms base when transient, 1 s when
// throttled, 20 s cap, doubling), Retry-After and x-amz-retry-after win; 3 attempts, or the job's
// own, for an answer that says so, six for connections that could not be made, all within
// call.deadline: a pause that would outlast it is not begun.
//
// Errors: kUnavailable, kDeadline, kDenied for TLS, kCancelled, kUnsupported for an answer that is
// too large, those of `prepare` and `amend`, the sink's own; with Effect::kUnknown exactly when the
// job is not a read and one of its attempts may have been received. The last answer of a read that
// says kTransient or kThrottled is returned for use, that of a write only if all answers said
// kThrottled; else it is an error of unknown effect, the answer's status in its details.
//
// Counts into call.stats, logs one line an attempt: method, URL, status, milliseconds, request id.
Result<Reply> run_job(const Job& job, Http& http, Env& env, Call& call);

}  // namespace ksv::net
