// A job, a fake HTTP and a fake clock: what the tests of the request loop begin with.
#pragma once

#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "net/request_loop.h"
#include "support/fake_env.h"
#include "support/fake_http.h"
#include "support/result_checks.h"

namespace ksv::testing {

// The table of a service: 500 is transient, 503 throttled, 401 to be amended.
inline net::Verdict verdict_of(const HttpAnswer& answer) {
  switch (answer.status) {
    case 500: return net::Verdict::kTransient;
    case 503: return net::Verdict::kThrottled;
    case 401: return net::Verdict::kRenew;
    default: return net::Verdict::kUse;
  }
}

struct LoopFixture {
  explicit LoopFixture(net::Repeat repeat = net::Repeat::kRead, std::uint64_t seed = 1)
      : env(seed) {
    job.name = "GET bucket/key";
    job.repeat = repeat;
    job.prepare = [this]() -> Result<HttpRequest> {
      ++prepared;
      HttpRequest request;
      request.method = "GET";
      request.url = "http://host/key";
      request.headers = {{"X-Sent", "1"}};
      request.body = bytes_of(body);
      request.sink = sink;
      return request;
    };
    job.judge = verdict_of;
    call.log = [this](const std::string& line) { lines.push_back(line); };
  }

  Result<net::Reply> run() { return net::run_job(job, http, env, call); }

  // The status and the attempts of the reply, or the code and the effect of the error.
  std::string outcome() {
    const Result<net::Reply> reply = run();
    if (!reply.has_value()) {
      const std::string effect = reply.error().effect() == Effect::kUnknown ? "unknown" : "none";
      const std::string attempts = ", " + std::to_string(http.asked.size()) + " sent";
      return name_of(reply.error().code()) + ", " + effect + attempts;
    }
    CHECK(reply->attempts == http.asked.size());
    return std::to_string(reply->answer.status) + (reply->doubtful ? ", doubtful" : "") + ", " +
           std::to_string(http.asked.size()) + " sent";
  }

  static std::string name_of(ErrorCode code) {
    switch (code) {
      case ErrorCode::kUnavailable: return "unavailable";
      case ErrorCode::kDeadline: return "deadline";
      case ErrorCode::kDenied: return "denied";
      case ErrorCode::kCancelled: return "cancelled";
      case ErrorCode::kUnsupported: return "unsupported";
      default: return "code " + std::to_string(static_cast<int>(code));
    }
  }

  FakeEnv env;
  FakeHttp http;
  Call call{Deadline(env, std::chrono::seconds(30))};
  net::Job job;
  int prepared = 0;
  std::string body;
  ByteSink sink;
  std::vector<std::string> lines;
};

}  // namespace ksv::testing
