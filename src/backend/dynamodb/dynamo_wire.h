// One request to DynamoDB: addressed, signed, sent, its answer checked and judged.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ksv/call.h"

#include "backend/dynamodb/dynamo_endpoint.h"
#include "backend/dynamodb/dynamo_errors.h"
#include "net/aws/clock.h"
#include "net/aws/xray.h"
#include "net/request_loop.h"

namespace ksv::dynamodb {

struct Request {
  std::string operation;  // DynamoDB's name of it: "GetItem"
  std::string table{};    // for messages and traces; empty: of no table
  std::string body;       // JSON
  net::Repeat repeat = net::Repeat::kRead;
  Service service = Service::kTables;
};

// An answer of 2xx, whose body is a JSON object, or a refusal; `doubtful` as in net::Reply.
struct Answer {
  std::string body{};
  bool doubtful = false;
  std::optional<ServiceError> refusal{};

  bool is(Meaning meaning) const { return refusal && refusal->traits.meaning == meaning; }
};

// The way to one account's tables in one region. Its methods may be called from several threads.
class Wire {
 public:
  Wire(Settings settings, Endpoint endpoint, Env& env, Call& call);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  // Refusals are answers; see net::run_job for the errors. An answer whose x-amz-crc32 is not that
  // of its body is none: a read is repeated, the effect of a write is unknown.
  Result<Answer> send(const Request& request);
  // The error that a refusal of `request` is.
  Error refused(const Request& request, const Answer& answer) const;
  // That of a 2xx answer which makes no sense: the effect of a write is unknown.
  Error nonsense(const Request& request, const Error& why) const;

  const Settings& settings() const { return settings_; }
  const Endpoint& endpoint() const { return endpoint_; }
  Env& env() { return env_; }
  Call& call() { return call_; }

 private:
  // What one request has that its attempts share.
  struct Course;
  Result<HttpRequest> sign(const Request& request, const Course& course);
  Result<bool> amend(const HttpAnswer& answer, Course* course);
  void trace(const Request& request, const Course& course, const net::Reply* reply);

  Settings settings_;
  Endpoint endpoint_;
  Env& env_;
  Call& call_;
  aws::CredentialSource credentials_;
  aws::Clock clock_;
  std::unique_ptr<aws::XRayTrace> trace_;  // null: not wanted
};

// "dynamodb://TABLE", for messages.
std::string table_text(std::string_view table);

}  // namespace ksv::dynamodb
