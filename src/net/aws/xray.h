// Traces for AWS X-Ray (AWS X-Ray Developer Guide, "Segment documents", "Tracing header").
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ksv/env.h"

namespace ksv::aws {

// One request to a service, as a part of the trace.
struct XRaySubsegment {
  std::string id;       // that of the header which went with the request
  std::string service;  // "S3", "DynamoDB"
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::string method{};
  std::string url{};
  int status = 0;  // 0: no answer came
  std::optional<std::uint64_t> content_length{};
  // What the service's own description has; empty texts are left out.
  std::string operation{};
  std::string region{};
  std::string request_id{};
  std::string id_2{};
  std::string bucket_name{};
  std::string key{};
  std::string table_name{};
  std::uint32_t retries = 0;
};

// What the variable _X_AMZN_TRACE_ID, or a header X-Amzn-Trace-Id, says.
struct XRayHeader {
  std::string root;               // "1-5759e988-bd862e3fe1be46a994272793"
  std::string parent{};           // 16 hexadecimal digits; may be empty
  std::optional<bool> sampled{};  // nothing: the receiver decides
};
// Nothing when there is no valid root.
std::optional<XRayHeader> parse_xray_header(std::string_view text);

struct XRayAddress {
  std::string host;
  std::uint16_t port = 0;
};
// "HOST:PORT", "udp:HOST:PORT", or both protocols with a blank between, of AWS_XRAY_DAEMON_ADDRESS.
std::optional<XRayAddress> parse_xray_address(std::string_view text);

// The trace of one command: a segment of its own, a subsegment for each request. May be used from
// several threads.
class XRayTrace {
 public:
  // Goes on with the trace in _X_AMZN_TRACE_ID, or begins one. The segment has the name in
  // AWS_XRAY_TRACING_NAME, else `name`.
  XRayTrace(Env& env, const std::string& name);

  // A fresh identifier for the subsegment of one request.
  std::string new_id();
  // The value of X-Amzn-Trace-Id for that request.
  std::string header(const std::string& subsegment_id) const;
  void record(XRaySubsegment subsegment);
  // Sends the segment to the daemon (AWS_XRAY_DAEMON_ADDRESS, else 127.0.0.1:2000), unless the
  // trace is not sampled. Does not wait; a daemon that is not there is no error. Only the first
  // call counts.
  void finish();

 private:
  std::vector<std::string> documents(std::int64_t end_ms) const;
  std::string segment(std::int64_t end_ms, const std::string& subsegments) const;
  std::string fresh_hex(std::size_t bytes);

  Env& env_;
  std::string name_;
  XRayHeader trace_;  // its parent is that of our segment
  std::string id_;
  std::int64_t start_ms_;
  mutable std::mutex mutex_;  // of what follows, and of the Env's randomness
  std::vector<XRaySubsegment> subsegments_;
  std::uint64_t left_out_ = 0;
  bool finished_ = false;
};

}  // namespace ksv::aws
