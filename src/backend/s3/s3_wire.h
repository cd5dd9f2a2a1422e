// One S3 request: addressed, signed, sent, its answer judged.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "ksv/call.h"

#include "backend/s3/s3_endpoint.h"
#include "backend/s3/s3_errors.h"
#include "net/aws/clock.h"
#include "net/aws/xray.h"
#include "net/request_loop.h"

namespace ksv::s3 {

struct Request {
  std::string operation;  // S3's name of it: "GetObject"
  std::string method;
  std::string key{};  // the object's name; empty: the bucket
  net::Query query{};
  HttpHeaders headers{};
  BytesView body{};
  net::Repeat repeat = net::Repeat::kRead;
  bool body_decides = false;  // see is_refusal
  std::size_t answer_bytes_max = std::size_t{64} << 20;
};

// An answer of 2xx, or a refusal; `doubtful` as in net::Reply.
struct Answer {
  HttpHeaders headers{};
  Bytes body{};
  int status = 0;
  bool doubtful = false;
  std::optional<ServiceError> refusal{};

  std::string header(std::string_view name) const;
  bool is(Meaning meaning) const { return refusal && refusal->traits.meaning == meaning; }
};

// The way to one bucket. Its methods may be called from several threads.
class Wire {
 public:
  Wire(Settings settings, Endpoint endpoint, Env& env, Call& call);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Refusals are answers; see net::run_job for the errors.
  Result<Answer> send(const Request& request);
  // The error that a refusal of `request` is.
  Error refused(const Request& request, const Answer& answer) const;

  const Settings& settings() const { return settings_; }
  const Endpoint& endpoint() const { return endpoint_; }
  std::string region() const;
  std::string name_of(std::string_view key) const;  // "s3://bucket/key", for messages
  Env& env() { return env_; }
  Call& call() { return call_; }

 private:
  // What one request has that its attempts share.
  struct Course;
  Result<HttpRequest> sign(const Request& request, const Course& course);
  Result<bool> amend(const HttpAnswer& answer, Course* course);
  void trace(const Request& request, const Course& course, const net::Reply* reply);
  bool amend_region(const ServiceError& refusal);

  Settings settings_;
  Endpoint endpoint_;
  Env& env_;
  Call& call_;
  aws::CredentialSource credentials_;
  aws::Clock clock_;
  std::unique_ptr<aws::XRayTrace> trace_;  // null: not wanted
  mutable std::mutex mutex_;
  std::string region_;  // under the mutex; where the bucket is, as far as is known
};

}  // namespace ksv::s3
