// Short exchanges with the machine's own services.
#include "net/aws/metadata_http.h"

#include <algorithm>
#include <utility>

#include "base/call_stats.h"
#include "net/backoff.h"
#include "net/request_log.h"

namespace ksv::aws {
namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 10;

bool is_final(const HttpOutcome& outcome) {
  const auto* answer = std::get_if<HttpAnswer>(&outcome);
  return answer != nullptr && answer->status < 500;
}

HttpOutcome attempt(const HttpRequest& request, ProviderContext& context) {
  const auto start = context.env.monotonic();
  HttpOutcome outcome = context.http.exchange(request);
  count_request(context.call);
  if (context.call.log) {
    const auto* answer = std::get_if<HttpAnswer>(&outcome);
    const std::size_t size = answer == nullptr ? 0 : answer->body.size();
    std::string text = net::attempt_line(request, outcome, context.env.monotonic() - start, size);
    if (context.call.log_headers) text += net::header_lines(request, outcome);
    context.call.log(text);
  }
  return outcome;
}

}  // namespace

Result<HttpOutcome> ask_metadata(const MetadataRequest& request, ProviderContext& context) {
  HttpOutcome outcome = HttpFailure{};
  for (std::uint32_t i = 0; i < request.attempts; ++i) {
    if (i > 0) net::wait(context.env, net::jittered_pause(context.env, net::kTransientPause, i));
    const auto left = context.call.deadline.left();
    if (context.env.cancelled()) {
      return Error(ErrorCode::kCancelled, "interrupted by a signal");
    }
    if (left.count() <= 0) return Error(ErrorCode::kDeadline, "the time allowed ran out");
    HttpRequest http;
    http.method = request.method;
    http.url = request.url;
    http.headers = request.headers;
    http.answer_bytes_max = kAnswerBytesMax;
    http.direct = !request.through_proxy;
    http.timeout = std::min(request.timeout, left);
    http.settings = context.http_settings ? &*context.http_settings : nullptr;
    outcome = attempt(http, context);
    if (is_final(outcome)) break;
  }
  return outcome;
}

}  // namespace ksv::aws
