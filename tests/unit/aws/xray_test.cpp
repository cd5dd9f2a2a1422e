// Traces: headers, segment documents, and the datagrams that a daemon gets.
#include "net/aws/xray.h"

#include <arpa/inet.h>
#include <array>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "support/fake_env.h"
#include "support/result_checks.h"
#include "unit/aws/json_field.h"

namespace ksv::aws {
namespace {

using testing::json_member;
using testing::json_text;

constexpr const char* kRoot = "1-5759e988-bd862e3fe1be46a994272793";

// A UDP socket on 127.0.0.1 that stands in for the daemon.
class Daemon {
 public:
  Daemon() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const int space = 4 << 20;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &space, sizeof space);
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Daemon() { ::close(socket_); }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // The datagrams that have come: on loopback they are there when the sender is done.
  std::vector<std::string> received() const {
    std::vector<std::string> texts;
    std::vector<char> buffer(70'000);
    while (true) {
      const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (size < 0) return texts;
      texts.emplace_back(buffer.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

Json document_of(const std::string& datagram) {
  constexpr std::string_view kPreamble = "{\"format\": \"json\", \"version\": 1}\n";
  REQUIRE(datagram.starts_with(kPreamble));
  CHECK(datagram.size() <= 64'000);
  const auto json = parse_json(std::string_view(datagram).substr(kPreamble.size()), 16);
  REQUIRE_OK(json);
  return *json;
}

const Json& member(const Json& json, std::string_view name) {
  const Json* found = json_member(json, name);
  REQUIRE(found != nullptr);
  return *found;
}

bool is_true(const Json& json, std::string_view name) {
  const Json* found = json_member(json, name);
  const bool* flag = found == nullptr ? nullptr : std::get_if<bool>(&found->content);
  return flag != nullptr && *flag;
}

XRaySubsegment request(std::string id, int status) {
  XRaySubsegment part;
  part.id = std::move(id);
  part.service = "S3";
  part.start_ms = 1'700'000'000'005;
  part.end_ms = 1'700'000'000'250;
  part.method = "PUT";
  part.url = "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Signature=5ecret";
  part.status = status;
  return part;
}

}  // namespace

TEST_CASE("a header gives root, parent and the decision about sampling") {
  const auto all = parse_xray_header(std::string("Root=") + kRoot +
                                     "; Parent=53995c3f42cd8ad8;Sampled=1;Lineage=x");
  REQUIRE(all.has_value());
  CHECK(all->root == kRoot);
  CHECK(all->parent == "53995c3f42cd8ad8");
  CHECK(all->sampled == true);
  const auto undecided = parse_xray_header(std::string("Sampled=?;Root=") + kRoot + ";Parent=zz");
  REQUIRE(undecided.has_value());
  CHECK(undecided->parent.empty());
  CHECK_FALSE(undecided->sampled.has_value());
  CHECK(parse_xray_header(std::string("Root=") + kRoot + ";Sampled=0")->sampled == false);
  for (const char* text : {"", "Root=", "Root=1-5759e988-bd862e3fe1be46a99427279",
                           "Root=1-5759E988-bd862e3fe1be46a994272793", "Sampled=1", ";;=;"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_xray_header(text).has_value());
  }
}

TEST_CASE("the daemon's address has several forms") {
  for (const char* text : {"h:1", "udp:h:1", "tcp:g:2 udp:h:1", "udp:h:1 tcp:g:2", " h:1"}) {
    CAPTURE(text);
    const auto address = parse_xray_address(text);
    REQUIRE(address.has_value());
    CHECK(address->host == "h");
    CHECK(address->port == 1);
  }
  CHECK(parse_xray_address("[::1]:2000")->host == "::1");
  for (const char* text : {"", "h", "h:", ":1", "h:0", "h:65536", "h:1x", "tcp:g:2"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_xray_address(text).has_value());
  }
}

TEST_CASE("a trace of one's own begins with the time, and each request has an id of its own") {
  testing::FakeEnv env;
  XRayTrace trace(env, "ksv");
  const std::string first = trace.new_id();
  CHECK(first.size() == 16);
  CHECK(first != trace.new_id());
  const std::string header = trace.header(first);
  CHECK(header.starts_with("Root=1-6553f100-"));
  CHECK(header.ends_with(";Parent=" + first + ";Sampled=1"));
  CHECK(parse_xray_header(header).has_value());
}

TEST_CASE("the daemon gets the segment and its requests in one datagram") {
  const Daemon daemon;
  testing::FakeEnv env;
  env.variables["_X_AMZN_TRACE_ID"] = std::string("Root=") + kRoot + ";Parent=53995c3f42cd8ad8";
  env.variables["AWS_XRAY_DAEMON_ADDRESS"] = "tcp:127.0.0.1:1 udp:" + daemon.address();
  XRayTrace trace(env, "ksv<script>");
  env.sleep(std::chrono::milliseconds(1500));
  XRaySubsegment good = request("00000000000000aa", 200);
  good.operation = "PutObject";
  good.bucket_name = "b";
  good.key = "k";
  good.request_id = "r";
  good.retries = 2;
  good.content_length = 7;
  trace.record(good);
  for (const int status : {412, 429, 503, 0}) trace.record(request("00000000000000bb", status));
  trace.finish();
  trace.finish();
  const auto datagrams = daemon.received();
  REQUIRE(datagrams.size() == 1);
  CHECK(datagrams[0].find("5ecret") == std::string::npos);
  const Json segment = document_of(datagrams[0]);
  CHECK(json_text(segment, "name") == "ksvscript");
  CHECK(json_text(segment, "trace_id") == kRoot);
  CHECK(json_text(segment, "parent_id") == "53995c3f42cd8ad8");
  CHECK(json_text(segment, "start_time") == "1700000000.000");
  CHECK(json_text(segment, "end_time") == "1700000001.500");
  const auto& parts = *std::get_if<Json::Array>(&member(segment, "subsegments").content);
  REQUIRE(parts.size() == 5);
  CHECK(json_text(parts[0], "name") == "S3");
  CHECK(json_text(parts[0], "id") == "00000000000000aa");
  CHECK(json_text(parts[0], "namespace") == "aws");
  CHECK(json_text(parts[0], "start_time") == "1700000000.005");
  const Json& aws = member(parts[0], "aws");
  CHECK(json_text(aws, "operation") == "PutObject");
  CHECK(json_text(aws, "bucket_name") == "b");
  CHECK(json_text(aws, "retries") == "2");
  const Json& http = member(parts[0], "http");
  CHECK(json_text(member(http, "request"), "method") == "PUT");
  CHECK(json_text(member(http, "response"), "status") == "200");
  CHECK(json_text(member(http, "response"), "content_length") == "7");
  const std::array<std::array<bool, 3>, 5> expected = {{{false, false, false},
                                                        {true, false, false},
                                                        {true, true, false},
                                                        {false, false, true},
                                                        {false, false, true}}};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CAPTURE(i);
    CHECK(is_true(parts[i], "error") == expected[i][0]);
    CHECK(is_true(parts[i], "throttle") == expected[i][1]);
    CHECK(is_true(parts[i], "fault") == expected[i][2]);
  }
}

TEST_CASE("what does not fit into 64 kB goes on its own, and past a thousand is counted") {
  const Daemon daemon;
  testing::FakeEnv env;
  env.variables["AWS_XRAY_DAEMON_ADDRESS"] = daemon.address();
  XRayTrace trace(env, "ksv");
  XRaySubsegment part = request("00000000000000aa", 200);
  part.key = std::string(2000, '\x01');
  for (int i = 0; i < 20; ++i) trace.record(part);
  part.key.clear();
  for (int i = 0; i < 1000; ++i) trace.record(part);
  trace.finish();
  const auto datagrams = daemon.received();
  REQUIRE(datagrams.size() > 1);
  const Json segment = document_of(datagrams[0]);
  std::size_t count = std::get_if<Json::Array>(&member(segment, "subsegments").content)->size();
  for (std::size_t i = 1; i < datagrams.size(); ++i) {
    const Json alone = document_of(datagrams[i]);
    CHECK(json_text(alone, "type") == "subsegment");
    CHECK(json_text(alone, "trace_id") == json_text(segment, "trace_id"));
    CHECK(json_text(alone, "parent_id") == json_text(segment, "id"));
    ++count;
  }
  CHECK(count == 1000);
  CHECK(json_text(member(member(segment, "metadata"), "ksv"), "requests_left_out") == "20");
}

TEST_CASE("a trace that is not sampled sends its header and nothing else") {
  const Daemon daemon;
  testing::FakeEnv env;
  env.variables["_X_AMZN_TRACE_ID"] = std::string("Root=") + kRoot + ";Sampled=0";
  env.variables["AWS_XRAY_DAEMON_ADDRESS"] = daemon.address();
  XRayTrace trace(env, "ksv");
  CHECK(trace.header("00000000000000aa").ends_with(";Sampled=0"));
  trace.record(request("00000000000000aa", 200));
  trace.finish();
  CHECK(daemon.received().empty());
}

TEST_CASE("no daemon, and an address that is none, are no errors") {
  testing::FakeEnv env;
  for (const char* address : {"127.0.0.1:1", "nonsense", "udp::::0", "[::1]:1"}) {
    env.variables["AWS_XRAY_DAEMON_ADDRESS"] = address;
    XRayTrace trace(env, "ksv");
    trace.record(request("00000000000000aa", 200));
    trace.finish();
  }
}

}  // namespace ksv::aws
