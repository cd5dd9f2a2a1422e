// Sends DynamoDB's requests: each attempt is signed anew, since a signature holds for one set of
// credentials and one time.
#include "backend/dynamodb/dynamo_wire.h"

#include <charconv>
#include <iterator>

#include "base/crc32.h"
#include "net/aws/sigv4.h"

namespace ksv::dynamodb {
namespace {

// BatchGetItem brings up to 16 MB of items, which JSON and base64 make longer.
constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20;
// The SDKs' settings for DynamoDB: throttling passes quickly, so pauses begin short and there are
// many.
constexpr std::uint32_t kAttemptsMax = 10;
constexpr std::chrono::milliseconds kPauseFirst{50};
// Streams are read for as long as there is time, and only ever read.
constexpr std::uint32_t kStreamsAttemptsMax = 1000;

bool is_success(int status) { return status >= 200 && status < 300; }

// Whether the body is the one that the service sent, as far as it says.
bool is_intact(const HttpAnswer& answer) {
  const std::string* text = find_header(answer.headers, "x-amz-crc32");
  if (text == nullptr) return true;
  std::uint32_t expected = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, expected);
  if (error != std::errc() || rest != end) return true;
  return crc32(answer.body) == expected;
}

bool is_object(std::string_view body) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '{';
}

net::Verdict verdict_of(const HttpAnswer& answer) {
  if (!is_intact(answer)) return net::Verdict::kTransient;
  return is_success(answer.status) ? net::Verdict::kUse : read_refusal(answer).traits.verdict;
}

// To streams it is no limit of the account's, but too many requests at a time (Amazon DynamoDB API
// Reference, DynamoDB Streams: GetRecords, "Errors").
net::Verdict verdict_of_streams(const HttpAnswer& answer) {
  const net::Verdict verdict = verdict_of(answer);
  if (verdict != net::Verdict::kUse || is_success(answer.status)) return verdict;
  const bool is_limit = read_refusal(answer).type == "LimitExceededException";
  return is_limit ? net::Verdict::kThrottled : verdict;
}

std::string code_of(const HttpAnswer& answer) {
  if (!is_intact(answer)) return "with a wrong checksum";
  return is_success(answer.status) ? "" : read_refusal(answer).type;
}

std::string name_of(const Request& request) {
  return request.operation + (request.table.empty() ? "" : " " + table_text(request.table));
}

std::string denial_hint(const Request& request, const ServiceError& refusal) {
  if (refusal.type == "AccessDeniedException") {
    return "The credentials lack the permission dynamodb:" + request.operation +
           "; -v tells where they come from.";
  }
  if (refusal.type == "UnrecognizedClientException") {
    return "The access key or the session token is not known there; -v tells where they come from.";
  }
  return {};
}

}  // namespace

std::string table_text(std::string_view table) { return "dynamodb://" + std::string(table); }

struct Wire::Course {
  std::string hash{};      // of the body
  std::string url{};       // of the last attempt
  std::string trace_id{};  // empty: not traced
  std::int64_t start_ms = 0;
  // What was mended, each once at most.
  bool credentials = false;
  bool clock = false;
};

Wire::Wire(Settings settings, Endpoint endpoint, Env& env, Call& call)
    : settings_(std::move(settings)),
      endpoint_(std::move(endpoint)),
      env_(env),
      call_(call),
      credentials_(settings_.credentials, env.http(), env, call) {
  if (settings_.x_ray) trace_ = std::make_unique<aws::XRayTrace>(env, "ksv");
}

Wire::~Wire() {
  if (trace_) trace_->finish();
}

Result<HttpRequest> Wire::sign(const Request& request, const Course& course) {
  const aws::Credentials credentials = KSV_TRY(credentials_.get());
  const bool is_streams = request.service == Service::kStreams;
  const std::string& authority = is_streams ? endpoint_.streams_authority : endpoint_.authority;
  const std::string_view version = is_streams ? "DynamoDBStreams_20120810." : "DynamoDB_20120810.";
  HttpRequest http;
  http.method = "POST";
  http.url = endpoint_.scheme + "://" + authority + endpoint_.path;
  http.headers = {{"content-type", "application/x-amz-json-1.0"},
                  {"x-amz-target", std::string(version) + request.operation}};
  http.body = bytes_of(request.body);
  http.answer_bytes_max = kAnswerBytesMax;
  http.settings = &settings_.http;
  const net::Query no_query;
  const aws::SigningInput input{.service = "dynamodb",
                                .region = endpoint_.region,
                                .method = http.method,
                                .scheme = endpoint_.scheme,
                                .authority = authority,
                                .path = endpoint_.path,
                                .query = &no_query,
                                .headers = &http.headers,
                                .payload_hash = course.hash,
                                .now_ms = clock_.now_ms(env_)};
  aws::Signature signature = aws::sign_v4(input, credentials);
  std::move(signature.headers.begin(), signature.headers.end(), std::back_inserter(http.headers));
  // Unsigned, since proxies on the way may write into it.
  if (!course.trace_id.empty()) {
    http.headers.push_back({"X-Amzn-Trace-Id", trace_->header(course.trace_id)});
  }
  return http;
}

Result<bool> Wire::amend(const HttpAnswer& answer, Course* course) {
  if (!course->clock && clock_.learn(answer, env_)) {
    course->clock = true;
    return true;
  }
  const bool is_expired = read_refusal(answer).type.starts_with("Expired");
  if (course->credentials || !is_expired) return false;
  course->credentials = true;
  credentials_.forget();
  return true;
}

void Wire::trace(const Request& request, const Course& course, const net::Reply* reply) {
  aws::XRaySubsegment part{.id = course.trace_id, .service = "DynamoDB"};
  part.start_ms = course.start_ms;
  part.end_ms = env_.wall_ms();
  part.method = "POST";
  part.url = course.url;
  part.operation = request.operation;
  part.region = endpoint_.region;
  part.table_name = request.table;
  if (reply != nullptr) {
    const HttpAnswer& answer = reply->answer;
    part.status = answer.status;
    part.content_length = answer.body.size();
    part.retries = reply->attempts - 1;
    if (const auto* id = find_header(answer.headers, "x-amzn-requestid")) part.request_id = *id;
  }
  trace_->record(std::move(part));
}

Result<Answer> Wire::send(const Request& request) {
  Course course{.hash = aws::payload_hash(bytes_of(request.body))};
  if (trace_) {
    course.trace_id = trace_->new_id();
    course.start_ms = env_.wall_ms();
  }
  net::Job job;
  job.name = name_of(request);
  job.repeat = request.repeat;
  const bool is_streams = request.service == Service::kStreams;
  job.attempts_max = is_streams ? kStreamsAttemptsMax : kAttemptsMax;
  job.throttled_pause = kPauseFirst;
  job.prepare = [&]() -> Result<HttpRequest> {
    HttpRequest http = KSV_TRY(sign(request, course));
    course.url = http.url;
    return http;
  };
  job.judge = is_streams ? verdict_of_streams : verdict_of;
  job.amend = [&](const HttpAnswer& answer) { return amend(answer, &course); };
  job.code_of = code_of;
  auto reply_or_error = net::run_job(job, env_.http(), env_, call_);
  if (trace_) trace(request, course, reply_or_error ? &*reply_or_error : nullptr);
  net::Reply reply = KSV_TRY(std::move(reply_or_error));
  if (!is_intact(reply.answer)) {
    return nonsense(request, Error(ErrorCode::kUnavailable, "the answer's checksum is wrong"));
  }
  Answer answer;
  answer.doubtful = reply.doubtful;
  if (!is_success(reply.answer.status)) {
    answer.refusal = read_refusal(reply.answer);
    return answer;
  }
  answer.body.assign(text_of(reply.answer.body));
  if (is_object(answer.body)) return answer;
  return nonsense(request, Error(ErrorCode::kUnavailable, "the answer is not DynamoDB's"));
}

Error Wire::nonsense(const Request& request, const Error& why) const {
  const bool is_read = request.repeat == net::Repeat::kRead;
  return Error(ErrorCode::kUnavailable, why.message())
      .with_context(name_of(request))
      .with_effect(is_read ? Effect::kNone : Effect::kUnknown);
}

Error Wire::refused(const Request& request, const Answer& answer) const {
  const ServiceError& refusal = *answer.refusal;
  Error error = make_error(refusal).with_context(name_of(request));
  const bool is_table = refusal.traits.meaning == Meaning::kNotFound &&
                        request.service == Service::kTables && !request.table.empty();
  if (is_table) {
    error = Error(ErrorCode::kState,
                  "no table at " + table_text(request.table) + ", or it is not ready")
                .with_hint("Create it with create-store.");
  }
  if (request.repeat != net::Repeat::kRead) {
    if (answer.doubtful) error = std::move(error).with_effect(Effect::kUnknown);
    error = std::move(error).with_refused_write(true);
  }
  const std::string hint = denial_hint(request, refusal);
  return hint.empty() ? error : std::move(error).with_hint(hint);
}

}  // namespace ksv::dynamodb
