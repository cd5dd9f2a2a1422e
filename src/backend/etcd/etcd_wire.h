// One request to an etcd cluster: which member, over which path, with which credentials.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "ksv/call.h"

#include "backend/etcd/etcd_errors.h"
#include "backend/etcd/etcd_settings.h"
#include "net/request_loop.h"

namespace ksv::etcd {

// What a request's path belongs to.
enum class Resource {
  kV2,     // with v2's Basic authentication; redirections are followed
  kV3,     // after the version prefix that the server has; with v3's token
  kOther,  // "/version", "/health": without credentials
};

struct Request {
  std::string name;  // in messages and logs: "put /a/b"
  Resource resource = Resource::kV3;
  std::string method = "POST";
  std::string path{};  // encoded, with the query: "/v2/keys/a?sorted=true", "/kv/range"
  HttpHeaders headers{};
  BytesView body{};  // outlives the request; v2's form needs its Content-Type among the headers
  // kRead, or kOnce for all that writes: nothing that may have left is sent again. kConditional for
  // what does no more the second time, such as revoking a lease.
  net::Repeat repeat = net::Repeat::kRead;
  bool needs_leader = true;  // v3: refused at once by a member that knows no leader
  bool needs_token = true;   // v3
  ByteSink sink{};           // as HttpRequest::sink
  bool stall_is_failure = true;
  std::size_t answer_bytes_max = 0;       // 0: as HttpRequest has it
  std::chrono::milliseconds timeout{};    // zero: what is left of the call's deadline
  std::optional<std::size_t> endpoint{};  // that one alone, by its index among the settings'
};

// An answer of 2xx, or a refusal that is definite (or, of a read, the last one).
struct Answer {
  int status = 0;
  HttpHeaders headers{};
  Bytes body{};
  std::size_t endpoint = 0;  // who gave it
  std::optional<ServiceError> refusal{};

  std::string header(std::string_view name) const;          // "" where there is none
  std::int64_t number_header(std::string_view name) const;  // 0 where there is none
  bool is(Meaning meaning) const { return refusal && refusal->traits.meaning == meaning; }
};

// The way to one cluster. Its methods may be called from several threads.
class Wire {
 public:
  Wire(Settings settings, Env& env, Call& call);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Sends to the endpoint that answered last; to the next one when no connection could be made,
  // when the member knows no leader, or, a read, when it got no usable answer. A refusal of a write
  // whose effect is open is an Error with Effect::kUnknown and the server's details, as is an
  // answer that was lost. kUsage for what etcd's listener would cut off: a request line of over
  // 4096 bytes without TLS. See net::run_job for the other errors.
  Result<Answer> send(const Request& request);
  // The error that the refusal in an answer to `request` is, with is_refused_write where the
  // answer to a write is none of etcd's own.
  Error refused(const Request& request, const Answer& answer) const;

  // Whether a request was refused because the server has none of v3's paths, but has v2: that is to
  // be tried. Known after the first request to v3.
  bool has_only_v2() const { return only_v2_; }
  // "/v3" unless the server was found to have an older one.
  std::string v3_prefix() const;

  const Settings& settings() const { return settings_; }
  Env& env() { return env_; }
  Call& call() { return call_; }
  // Of the endpoint that answered last.
  const std::string& endpoint_url() const { return settings_.endpoints[preferred_]; }
  // The next request begins at another endpoint.
  void turn_away(std::size_t endpoint);
  // The next request asks for a new token. False when there is no user whose token it would be.
  bool forget_token();

 private:
  // What one request has that its attempts share.
  struct Course;
  Result<HttpRequest> prepare(const Request& request, Course* course);
  Status add_headers(const Request& request, Course* course, HttpRequest* http);
  Status check_line(const HttpRequest& http) const;
  net::Verdict judge(const Request& request, const HttpAnswer& answer) const;
  Result<bool> amend(const Request& request, const HttpAnswer& answer, Course* course);
  bool amend_token(Course* course);
  Result<bool> amend_prefix(const Request& request, Course* course);
  bool amend_location(const HttpAnswer& answer, Course* course);
  Result<bool> amend_leader(const Request& request, Course* course);
  Result<bool> knows_leader(std::size_t endpoint);
  void learn(const Request& request, const Course& course, const HttpAnswer& answer);
  Result<std::string> ask_version(std::size_t endpoint);
  Result<bool> has_v2(std::string_view version, std::size_t endpoint);
  bool wants_certificate(const Request& request, std::size_t endpoint);
  Error explained(Error error, const std::string& endpoint) const;
  Result<std::string> token();
  Result<std::string> authenticate();

  Settings settings_;
  Env& env_;
  Call& call_;
  std::atomic<std::size_t> preferred_{0};
  std::atomic<std::size_t> v3_prefix_{0};
  std::atomic<bool> v3_prefix_known_{false};
  std::atomic<bool> only_v2_{false};
  std::atomic<bool> has_answered_{false};
  std::mutex token_mutex_;  // held while a token is asked for, of the members below
  std::optional<std::string> token_{};
  bool is_authentication_off_ = false;
};

}  // namespace ksv::etcd
