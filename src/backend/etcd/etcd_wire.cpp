// Sends etcd's requests: picks the member, finds the version prefix, keeps the token fresh.
//
// Nothing that may have left is sent again, but for reads. A write goes to another member only when
// no connection could be made, or when the member said that it did nothing: it knows no leader
// (the header hasleader), it does not take the token, it has no such path.
#include "backend/etcd/etcd_wire.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "base/hex.h"
#include "base/json.h"
#include "net/url.h"

namespace ksv::etcd {
namespace {

using std::chrono::milliseconds;

// 3.4 and later; 3.3; 3.0 to 3.2.
constexpr std::array<std::string_view, 3> kV3Prefixes = {"/v3", "/v3beta", "/v3alpha"};
// The listener without TLS looks into the first bytes to tell protocols apart, and resets the
// connection when the request line does not end in them (3.4.23).
constexpr std::size_t kRequestLineMax = 4096;
// A member itself gives up after five seconds and two elections; then another one may do better.
constexpr milliseconds kMemberTimeMax{8'000};
constexpr milliseconds kStatusTime{1'000};
constexpr int kCertificateRounds = 3;
constexpr const char* kCertificateHint =
    "The options ca, cert and key name the files of the authority and of our certificate.";
constexpr std::size_t kSmallAnswerMax = std::size_t{1} << 20;

bool is_write(const Request& request) { return request.repeat != net::Repeat::kRead; }
bool is_success(int status) { return status / 100 == 2; }

// "3.4.23" of {"etcdserver":"3.4.23",...}; the oldest servers say "etcd 0.4.6". Empty: no etcd's.
std::string read_version(std::string_view body) {
  constexpr std::string_view kOld = "etcd ";
  if (body.starts_with(kOld)) return std::string(body.substr(kOld.size(), 20));
  const auto json = parse_json(body, 8);
  const auto* object = json.has_value() ? std::get_if<Json::Object>(&json->content) : nullptr;
  if (object == nullptr) return {};
  for (const auto& [name, value] : *object) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (name == "etcdserver" && text != nullptr) return text->substr(0, 40);
  }
  return {};
}

bool is_before_v3(std::string_view version) {
  return version.starts_with("0.") || version.starts_with("1.") || version.starts_with("2.");
}

}  // namespace

struct Wire::Course {
  std::size_t endpoint = 0;
  std::size_t v3_prefix = 0;
  bool is_first = true;
  bool stays = false;                  // the next attempt goes to the same member
  std::string location{};              // where a redirection led
  std::optional<std::string> token{};  // of the last attempt
  bool has_renewed = false;
  bool has_sought_leader = false;
};

std::string Answer::header(std::string_view name) const {
  const std::string* value = find_header(headers, name);
  return value == nullptr ? std::string() : *value;
}

std::int64_t Answer::number_header(std::string_view name) const {
  const std::string text = header(name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

Wire::Wire(Settings settings, Env& env, Call& call)
    : settings_(std::move(settings)), env_(env), call_(call) {}

Wire::~Wire() = default;

std::string Wire::v3_prefix() const { return std::string(kV3Prefixes[v3_prefix_]); }

void Wire::turn_away(std::size_t endpoint) {
  const std::size_t next = (endpoint + 1) % settings_.endpoints.size();
  preferred_.compare_exchange_strong(endpoint, next);
}

bool Wire::forget_token() {
  if (settings_.user.empty()) return false;
  const std::lock_guard<std::mutex> guard(token_mutex_);
  is_authentication_off_ = false;
  token_.reset();
  return true;
}

Result<HttpRequest> Wire::prepare(const Request& request, Course* course) {
  if (!course->is_first && !course->stays) {
    course->location.clear();
    if (!request.endpoint) course->endpoint = (course->endpoint + 1) % settings_.endpoints.size();
  }
  course->is_first = false;
  course->stays = false;
  HttpRequest http;
  http.method = request.method;
  http.url = settings_.endpoints[course->endpoint];
  if (request.resource == Resource::kV3) http.url += kV3Prefixes[course->v3_prefix];
  http.url += request.path;
  if (!course->location.empty()) http.url = course->location;
  KSV_CHECK(check_line(http));
  http.headers = request.headers;
  http.body = request.body;
  http.sink = request.sink;
  http.stall_is_failure = request.stall_is_failure;
  http.settings = &settings_.http;
  http.timeout = request.timeout;
  if (http.timeout.count() == 0 && !http.sink && settings_.endpoints.size() > 1) {
    http.timeout = kMemberTimeMax;
    http.stall_is_failure = false;  // it may be silent for all of that time, and answer then
  }
  KSV_CHECK(add_headers(request, course, &http));
  return http;
}

Status Wire::check_line(const HttpRequest& http) const {
  const auto host = http.url.find("://") + 3;
  const std::size_t target = http.url.size() - std::min(http.url.find('/', host), http.url.size());
  const std::size_t line = http.method.size() + target + std::string_view("  HTTP/1.1\r\n").size();
  if (line <= kRequestLineMax || http.url.starts_with("https:")) return ok();
  Error error(ErrorCode::kUsage,
              fmt::format("the key is too long: its request line has {} bytes, and etcd's listener "
                          "without TLS takes {}",
                          line, kRequestLineMax));
  return std::move(error).with_hint("With TLS there is no such limit.");
}

Status Wire::add_headers(const Request& request, Course* course, HttpRequest* http) {
  HttpHeaders& headers = http->headers;
  if (request.resource == Resource::kV2) {
    const bool is_ours = http->url.starts_with(settings_.endpoints[course->endpoint] + "/");
    if (settings_.user.empty() || !is_ours) return ok();
    const std::string login = settings_.user + ":" + settings_.password;
    headers.push_back({"Authorization", "Basic " + to_base64(bytes_of(login))});
    return ok();
  }
  if (request.resource == Resource::kOther) return ok();
  headers.push_back({"Content-Type", "application/json"});
  if (request.needs_leader) headers.push_back({"Grpc-Metadata-hasleader", "true"});
  if (request.needs_token && !settings_.user.empty()) {
    course->token = KSV_TRY(token());
    if (!course->token->empty()) headers.push_back({"Authorization", *course->token});
  }
  if (http->sink) return ok();
  // Somewhat less than we wait ourselves, so that the server's own word arrives.
  milliseconds left = call_.deadline.left();
  if (http->timeout.count() > 0) left = std::min(left, http->timeout);
  left = std::max(left * (is_write(request) ? 7 : 9) / 10, milliseconds(1));
  constexpr milliseconds kGrpcTimeoutMax{99'999'999};  // eight digits
  headers.push_back({"Grpc-Timeout", fmt::format("{}m", std::min(left, kGrpcTimeoutMax).count())});
  return ok();
}

net::Verdict Wire::judge(const Request& request, const HttpAnswer& answer) const {
  if (is_success(answer.status)) return net::Verdict::kUse;
  const ErrorTraits traits = read_refusal(answer).traits;
  switch (traits.meaning) {
    case Meaning::kMoved: {
      return request.resource == Resource::kV2 ? net::Verdict::kRenew : net::Verdict::kUse;
    }
    case Meaning::kNoRoute:
    case Meaning::kToken: {
      return request.resource == Resource::kV3 ? net::Verdict::kRenew : net::Verdict::kUse;
    }
    default: break;
  }
  // What is open is for send() to say, with the server's own words.
  const bool is_open = !traits.definite && request.repeat == net::Repeat::kOnce;
  // Whether one member is healthy is told by its own answer.
  const bool is_final = request.resource == Resource::kOther;
  return is_open || is_final ? net::Verdict::kUse : traits.verdict;
}

Result<bool> Wire::amend(const Request& request, const HttpAnswer& answer, Course* course) {
  switch (read_refusal(answer).traits.meaning) {
    case Meaning::kNoLeader: return amend_leader(request, course);
    case Meaning::kToken: return request.needs_token && amend_token(course);
    case Meaning::kNoRoute: return amend_prefix(request, course);
    case Meaning::kMoved: return amend_location(answer, course);
    default: return false;
  }
}

// A member without a leader is on the wrong side of a partition, or there is no quorum at all. The
// request goes on to a member that says that it knows a leader; when there is none such, it is said
// at once. A member that does not answer that quickly would not answer the request either.
Result<bool> Wire::amend_leader(const Request& request, Course* course) {
  if (request.endpoint || course->has_sought_leader) return false;
  course->has_sought_leader = true;
  const std::size_t count = settings_.endpoints.size();
  for (std::size_t i = 1; i < count; ++i) {
    const std::size_t endpoint = (course->endpoint + i) % count;
    const bool knows = KSV_TRY(knows_leader(endpoint));
    if (!knows) continue;
    course->endpoint = endpoint;
    course->stays = true;
    return true;
  }
  return false;
}

Result<bool> Wire::knows_leader(std::size_t endpoint) {
  const Request request{.name = "ask for the leader",
                        .path = "/maintenance/status",
                        .body = bytes_of("{}"),
                        .repeat = net::Repeat::kOnce,
                        .needs_leader = false,
                        .needs_token = false,
                        .timeout = kStatusTime,
                        .endpoint = endpoint};
  auto answer = send(request);
  if (!answer.has_value()) {
    if (answer.error().code() == ErrorCode::kCancelled) return std::move(answer).error();
    return false;
  }
  const auto json = parse_json(text_of(answer->body), 8);
  const auto* object = json.has_value() ? std::get_if<Json::Object>(&json->content) : nullptr;
  if (answer->refusal || object == nullptr) return false;
  return std::any_of(object->begin(), object->end(), [](const auto& field) {
    const auto* text = std::get_if<std::string>(&field.second.content);
    return field.first == "leader" && text != nullptr && *text != "0";
  });
}

bool Wire::amend_token(Course* course) {
  if (settings_.user.empty() || course->has_renewed) return false;
  course->has_renewed = true;
  course->stays = true;
  const std::lock_guard<std::mutex> guard(token_mutex_);
  is_authentication_off_ = false;
  if (token_ == course->token) token_.reset();
  return true;
}

Result<bool> Wire::amend_prefix(const Request& request, Course* course) {
  if (v3_prefix_known_) return false;
  course->stays = true;
  if (course->v3_prefix + 1 < kV3Prefixes.size()) {
    ++course->v3_prefix;
    return true;
  }
  const std::string version = KSV_TRY(ask_version(course->endpoint));
  only_v2_ = KSV_TRY(has_v2(version, course->endpoint));
  if (version.empty()) {
    return Error(ErrorCode::kUnavailable,
                 settings_.endpoints[course->endpoint] + " is no endpoint of etcd: it has no v3");
  }
  Error error(ErrorCode::kUnsupported,
              fmt::format("etcd {} at {} has no JSON gateway of v3 ({})", version,
                          settings_.endpoints[course->endpoint], request.path));
  return std::move(error).with_hint("The option api=v2 asks for v2, whose data is another's.");
}

// 0.4 sends writers to the leader; later servers to the clean form of the path. Neither did
// anything.
bool Wire::amend_location(const HttpAnswer& answer, Course* course) {
  const std::string* header = find_header(answer.headers, "location");
  if (header == nullptr || header->empty()) return false;
  const std::string& endpoint = settings_.endpoints[course->endpoint];
  std::string location = *header;
  if (location.starts_with('/')) location.insert(0, endpoint);
  const auto url = net::parse_url(location);
  // Never out of TLS.
  const bool is_fit =
      url.has_value() && (url->scheme == "https" || !endpoint.starts_with("https:"));
  if (!is_fit || location == course->location) return false;
  course->location = location;
  course->stays = true;
  return true;
}

Result<std::string> Wire::ask_version(std::size_t endpoint) {
  const Request request{.name = "GET /version",
                        .resource = Resource::kOther,
                        .method = "GET",
                        .path = "/version",
                        .endpoint = endpoint};
  const Answer answer = KSV_TRY(send(request));
  return answer.refusal ? std::string() : read_version(text_of(answer.body));
}

// Later servers may have v2 switched on, and v3's gateway off.
Result<bool> Wire::has_v2(std::string_view version, std::size_t endpoint) {
  if (version.empty() || is_before_v3(version)) return !version.empty();
  const Request request{.name = "GET /v2/machines",
                        .resource = Resource::kOther,
                        .method = "GET",
                        .path = "/v2/machines",
                        .endpoint = endpoint};
  const Answer answer = KSV_TRY(send(request));
  return !answer.refusal;
}

Result<std::string> Wire::token() {
  const std::lock_guard<std::mutex> guard(token_mutex_);
  if (is_authentication_off_) return std::string();
  if (!token_) token_ = KSV_TRY(authenticate());
  return *token_;
}

// Called with the token's mutex held.
Result<std::string> Wire::authenticate() {
  std::string body = "{\"name\":";
  append_json_string(body, settings_.user);
  body += ",\"password\":";
  append_json_string(body, settings_.password);
  body += "}";
  const Request request{.name = "authenticate " + settings_.user,
                        .path = "/auth/authenticate",
                        .body = bytes_of(body),
                        .needs_token = false};
  const Answer answer = KSV_TRY(send(request));
  if (answer.is(Meaning::kPrecondition)) {
    is_authentication_off_ = true;
    if (call_.log) call_.log("the cluster has authentication switched off: no user is needed");
    return std::string();
  }
  if (answer.refusal) return refused(request, answer);
  const auto json = parse_json(text_of(answer.body), 8);
  const auto* object = json.has_value() ? std::get_if<Json::Object>(&json->content) : nullptr;
  if (object != nullptr) {
    for (const auto& [name, value] : *object) {
      const auto* text = std::get_if<std::string>(&value.content);
      if (name == "token" && text != nullptr) return *text;
    }
  }
  return Error(ErrorCode::kUnavailable, request.name + ": the answer holds no token");
}

// What the answer tells about the cluster, for the requests to come.
void Wire::learn(const Request& request, const Course& course, const HttpAnswer& answer) {
  has_answered_ = true;
  if (!request.endpoint) preferred_ = course.endpoint;
  if (request.resource != Resource::kV3 || v3_prefix_known_) return;
  const bool is_routed =
      is_success(answer.status) || read_refusal(answer).traits.meaning != Meaning::kNoRoute;
  if (!is_routed) return;
  v3_prefix_ = course.v3_prefix;
  v3_prefix_known_ = true;
}

Result<Answer> Wire::send(const Request& request) {
  Course course{.endpoint = request.endpoint.value_or(preferred_), .v3_prefix = v3_prefix_};
  net::Job job;
  job.name = request.name;
  job.repeat = request.repeat;
  job.prepare = [&]() -> Result<HttpRequest> {
    HttpRequest http = KSV_TRY(prepare(request, &course));
    if (request.answer_bytes_max > 0) http.answer_bytes_max = request.answer_bytes_max;
    if (request.resource == Resource::kOther) http.answer_bytes_max = kSmallAnswerMax;
    return http;
  };
  job.judge = [&](const HttpAnswer& answer) { return judge(request, answer); };
  job.amend = [&](const HttpAnswer& answer) { return amend(request, answer, &course); };
  job.code_of = [](const HttpAnswer& answer) {
    const ServiceError refusal = read_refusal(answer);
    return refusal.code ? std::to_string(v2_code_of(refusal)) : std::string();
  };
  auto sent = net::run_job(job, env_.http(), env_, call_);
  if (!sent.has_value()) {
    const ErrorCode code = sent.error().code();
    if (code == ErrorCode::kUnavailable || code == ErrorCode::kDeadline) {
      turn_away(course.endpoint);
    }
    // What could not connect has a hint already.
    const bool is_lost = code == ErrorCode::kUnavailable && sent.error().hint().empty();
    if (is_lost && wants_certificate(request, course.endpoint)) {
      const Effect effect = sent.error().effect();
      return Error(ErrorCode::kDenied, request.name + ": " + settings_.endpoints[course.endpoint] +
                                           " refuses our certificate, or that there is none")
          .with_effect(effect)
          .with_hint(kCertificateHint);
    }
    return explained(std::move(sent).error(), settings_.endpoints[course.endpoint]);
  }
  learn(request, course, sent->answer);
  Answer answer;
  answer.status = sent->answer.status;
  answer.endpoint = course.endpoint;
  if (!is_success(answer.status)) answer.refusal = read_refusal(sent->answer);
  answer.headers = std::move(sent->answer.headers);
  answer.body = std::move(sent->answer.body);
  if (!answer.refusal || answer.refusal->traits.definite) return answer;
  turn_away(course.endpoint);
  if (!is_write(request)) return answer;
  return make_error(*answer.refusal).with_context(request.name).with_effect(Effect::kUnknown);
}

// With TLS 1.3 a server refuses a certificate after we have begun to send, and its alert may be
// lost with the connection. Such a server takes no request at all, so another one finds out. That
// it took none before is likely and not certain: it may have been started anew meanwhile.
bool Wire::wants_certificate(const Request& request, std::size_t endpoint) {
  const bool is_tls = settings_.endpoints[endpoint].starts_with("https:");
  if (!is_tls || has_answered_ || request.resource == Resource::kOther) return false;
  for (int round = 1; round <= kCertificateRounds; ++round) {
    const Request probe{.name = "GET /version",
                        .resource = Resource::kOther,
                        .method = "GET",
                        .path = "/version",
                        .repeat = net::Repeat::kOnce,
                        .timeout = kStatusTime,
                        .endpoint = endpoint};
    const auto answer = send(probe);
    if (answer.has_value()) return false;
    if (answer.error().code() == ErrorCode::kDenied) return true;
  }
  return false;
}

// What may be wrong where etcd cannot say it.
Error Wire::explained(Error error, const std::string& endpoint) const {
  const bool is_tls = endpoint.starts_with("https:");
  if (is_tls && error.code() == ErrorCode::kDenied) {
    return std::move(error).with_hint(kCertificateHint);
  }
  // A connection that ends before an answer, when there has not been one yet.
  const bool has_worked = has_answered_ || error.code() != ErrorCode::kUnavailable;
  if (has_worked || !error.hint().empty()) return error;
  if (!is_tls) return std::move(error).with_hint("If the server speaks TLS, say tls=true.");
  if (!settings_.http.client_certificate.empty()) return error;
  return std::move(error).with_hint(
      "The server may want a certificate of its clients: the options cert and key.");
}

Error Wire::refused(const Request& request, const Answer& answer) const {
  Error error = make_error(*answer.refusal).with_context(request.name);
  // What etcd itself refused, it did not do before: that would have been another answer.
  return std::move(error).with_refused_write(is_write(request) && !answer.refusal->code);
}

}  // namespace ksv::etcd
