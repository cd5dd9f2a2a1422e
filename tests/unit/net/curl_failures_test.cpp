// Exchanges without a usable answer: each kind, and whether anything was sent.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/net/curl_fixture.h"

namespace ksv::testing {

using Kind = HttpFailure::Kind;

namespace {

// A port of 127.0.0.1 that is taken, but where nobody listens.
class DeafPort {
 public:
  DeafPort() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket_, generic, length) == 0);
    REQUIRE(getsockname(socket_, generic, &length) == 0);
    authority_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~DeafPort() { close(socket_); }
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  const std::string& authority() const { return authority_; }

 private:
  int socket_;
  std::string authority_;
};

HttpFailure failure_after(ServerAction action, std::string_view body = {}) {
  CurlFixture f;
  f.server.then(std::move(action));
  return failure_of(f.send(body.empty() ? "GET" : "PUT", "/k", body));
}

}  // namespace

TEST_CASE("a refused connection sent nothing and names the address") {
  CurlFixture f;
  const DeafPort port;
  HttpRequest request = f.request("PUT");
  request.url = "http://" + port.authority() + "/k";
  request.body = bytes_of("v");
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kConnect);
  CHECK_FALSE(failure.sent);
  CHECK(failure.text == "cannot connect to " + port.authority() + " (connection refused)");
}

TEST_CASE("a name without an address sent nothing") {
  CurlFixture f;
  HttpRequest request = f.request("GET");
  // Longer than a label can be, so that no name server is asked.
  const std::string name = std::string(70, 'a') + ".invalid";
  request.url = "http://" + name + "/k";
  // Twice: the handle of the first exchange is used again.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const HttpFailure failure = failure_of(f.http->exchange(request));
    CHECK(failure.kind == Kind::kResolve);
    CHECK_FALSE(failure.sent);
    CHECK(failure.text == "the name " + name + " has no address");
  }
}

TEST_CASE("a TLS handshake that breaks off, or never ends, sent no request through") {
  CurlFixture f;
  HttpRequest request = f.request("GET");
  request.url = "https://" + f.server.authority() + "/k";
  const HttpSettings settings{.connect_timeout = std::chrono::milliseconds(100)};
  SUBCASE("it breaks off") { f.server.then({.kind = ServerAction::Kind::kCloseUnread}); }
  SUBCASE("it never ends") { request.settings = &settings; }
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kConnect);
  CHECK_FALSE(failure.sent);
}

TEST_CASE("a CA bundle that is missing is a failure of TLS") {
  CurlFixture f;
  HttpRequest request = f.request("GET");
  request.url = "https://" + f.server.authority() + "/k";
  const HttpSettings settings{.ca_bundle = "/no/such/bundle.pem"};
  request.settings = &settings;
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kTls);
  CHECK_FALSE(failure.sent);
}

TEST_CASE("requests that cannot be made are not sent") {
  CurlFixture f;
  HttpRequest request = f.request("GET");
  SUBCASE("another scheme") { request.url = "file:///etc/hostname"; }
  SUBCASE("no URL") { request.url = "127.0.0.1"; }
  SUBCASE("a method of two words") { request.method = "GET /other"; }
  SUBCASE("a header that would make two") { request.headers = {{"X-A", "1\r\nX-B: 2"}}; }
  SUBCASE("a header's name that is none") { request.headers = {{"X A:", "1"}}; }
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kRequest);
  CHECK_FALSE(failure.sent);
  CHECK(f.server.connections() == 0);
}

TEST_CASE("a connection that is lost before the answer is broken, and the request may be done") {
  using ActionKind = ServerAction::Kind;
  for (const ActionKind kind : {ActionKind::kClose, ActionKind::kReset, ActionKind::kCloseUnread}) {
    for (const std::string body : {"", "value"}) {
      CAPTURE(static_cast<int>(kind));
      const HttpFailure failure = failure_after({.kind = kind}, body);
      CHECK(failure.kind == Kind::kBroken);
      CHECK(failure.sent);
      CHECK(failure.text.find("was lost before the answer") != std::string::npos);
    }
  }
}

TEST_CASE("an answer that breaks off is broken") {
  SUBCASE("in its status line") { CHECK(failure_after({.cut_at = 6}).kind == Kind::kBroken); }
  SUBCASE("in its body") {
    CHECK(failure_after({.body = "0123456789", .cut_at = 46}).kind == Kind::kBroken);
  }
  SUBCASE("in a chunk") {
    const HttpFailure failure =
        failure_after({.body = "0123456789", .chunked = true, .cut_at = 70});
    CHECK(failure.kind == Kind::kBroken);
  }
  SUBCASE("by announcing more than comes") {
    const HttpFailure failure = failure_after(
        {.headers = {{"Content-Length", "11"}}, .body = "0123456789", .close_after = true});
    CHECK(failure.kind == Kind::kBroken);
    CHECK(failure.text.find("broke off") != std::string::npos);
  }
}

TEST_CASE("an answer without the end of its headers is no answer") {
  for (const char* text : {"HTTP/1.1 200 OK\r\nETa", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK",
                           "HTTP/1.1 200 OK\r\nETag: 1\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
                           "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n"}) {
    CAPTURE(std::string(text));
    for (const char* body : {"", "value"}) {
      const HttpFailure failure =
          failure_after({.kind = ServerAction::Kind::kRaw, .body = text}, body);
      CHECK(failure.kind == Kind::kBroken);
      CHECK(failure.sent);
    }
  }
}

TEST_CASE("what is not HTTP is broken") {
  for (const char* text : {"SSH-2.0-OpenSSH_9.2\r\n", "garbage\r\n\r\n", "HTTP/1.1 what\r\n\r\n"}) {
    CAPTURE(std::string(text));
    const HttpFailure failure =
        failure_after({.kind = ServerAction::Kind::kRaw, .body = text}, "value");
    CHECK(failure.kind == Kind::kBroken);
    CHECK(failure.sent);
  }
}

TEST_CASE("an answer larger than allowed is given up, at its announcement or when it comes") {
  CurlFixture f;
  HttpRequest request = f.request("GET");
  request.answer_bytes_max = 10;
  SUBCASE("just as large") {
    f.server.reply(200, {}, "0123456789");
    CHECK(body_of(f.http->exchange(request)) == "0123456789");
    return;
  }
  SUBCASE("announced") {
    // Nothing of the body ever comes.
    f.server.then({.headers = {{"Content-Length", "11"}}, .stall = true});
  }
  SUBCASE("in chunks") { f.server.then({.body = "0123456789x", .chunked = true}); }
  SUBCASE("in an error's body") { f.server.reply(500, {}, "0123456789x"); }
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kTooLarge);
  CHECK(failure.sent);
}

TEST_CASE("headers without end are given up") {
  CurlFixture f;
  HttpHeaders many;
  for (int i = 0; i < 300; ++i) many.push_back({"X-Many", std::string(1000, 'x')});
  f.server.reply(200, many);
  CHECK(failure_of(f.send("GET")).kind == Kind::kTooLarge);
}

TEST_CASE("a server that falls silent is given up in time") {
  CurlFixture f;
  f.server.then({.body = "0123456789", .cut_at = 0, .stall = true});
  HttpRequest request = f.request("GET");
  SUBCASE("when the time for the exchange ran out") {
    request.stall_is_failure = false;
    request.timeout = std::chrono::milliseconds(150);
  }
  SUBCASE("before that, when silence is a failure") {
    request.timeout = std::chrono::seconds(3);  // silence of one second
  }
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kTimeout);
  CHECK(failure.sent);
}

TEST_CASE("an error of the sink ends the exchange and comes back") {
  CurlFixture f;
  f.server.reply(200, {}, "0123456789");
  f.server.reply(200, {}, "next");
  HttpRequest request = f.request("GET");
  request.sink = [](BytesView) -> Status { return Error(ErrorCode::kUnavailable, "disk is full"); };
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kSink);
  REQUIRE(failure.sink.has_value());
  CHECK(failure.sink->message() == "disk is full");
  CHECK(body_of(f.send("GET")) == "next");
}

TEST_CASE("a signal ends an exchange, and before one nothing is sent") {
  CurlFixture f;
  HttpRequest request = f.request("GET");
  SUBCASE("before") {
    f.env.cancel = true;
    const HttpFailure failure = failure_of(f.http->exchange(request));
    CHECK(failure.kind == Kind::kCancelled);
    CHECK_FALSE(failure.sent);
    CHECK(f.server.connections() == 0);
  }
  SUBCASE("in the midst of an answer") {
    f.server.then({.body = "0123456789", .cut_at = 46, .stall = true});
    request.sink = [&f](BytesView) {
      f.env.cancel = true;
      return ok();
    };
    const HttpFailure failure = failure_of(f.http->exchange(request));
    CHECK(failure.kind == Kind::kCancelled);
    CHECK(failure.sent);
  }
}

}  // namespace ksv::testing
