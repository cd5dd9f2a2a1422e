// An Http for tests: gives the outcomes that a test has prepared, and keeps what was asked.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "ksv/error.h"
#include "ksv/http.h"

namespace ksv::testing {

// Not for several threads.
class FakeHttp final : public Http {
 public:
  struct Asked {
    std::string method;
    std::string url;
    HttpHeaders headers;
    std::string body;
    std::chrono::milliseconds timeout;
  };

  // The next outcome. An answer of status 2xx goes to the request's sink where it has one.
  void then(HttpOutcome outcome) { outcomes_.push_back(std::move(outcome)); }
  void answer(int status, HttpHeaders headers = {}, std::string_view body = {}) {
    then(HttpAnswer{status, std::move(headers), copy_of(bytes_of(body))});
  }
  void fail(HttpFailure::Kind kind, bool sent, std::string text = "it failed") {
    then(HttpFailure{kind, sent, std::move(text)});
  }

  HttpOutcome exchange(const HttpRequest& request) override {
    asked.push_back({request.method, request.url, request.headers,
                     std::string(text_of(request.body)), request.timeout});
    if (on_exchange) on_exchange(request);
    KSV_ASSERT(!outcomes_.empty());
    HttpOutcome outcome = std::move(outcomes_.front());
    outcomes_.pop_front();
    auto* got = std::get_if<HttpAnswer>(&outcome);
    if (got == nullptr || !request.sink || got->status / 100 != 2) return outcome;
    Status taken = request.sink(got->body);
    if (!taken.has_value()) {
      return HttpFailure{HttpFailure::Kind::kSink, true, "sink", std::move(taken).error()};
    }
    got->body.clear();
    return outcome;
  }

  std::size_t outcomes_left() const { return outcomes_.size(); }

  std::vector<Asked> asked;
  // Called with each exchange: where a test lets time pass, or feeds a sink before a failure.
  std::function<void(const HttpRequest&)> on_exchange;

 private:
  std::deque<HttpOutcome> outcomes_;
};

}  // namespace ksv::testing
