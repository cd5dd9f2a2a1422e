// Each exchange sends its request once, also on a kept connection that dies: libcurl alone would
// send it again.
#include "unit/net/curl_fixture.h"

namespace ksv::testing {

namespace {

struct Sent {
  const char* method;
  const char* body;
};

constexpr Sent kRequests[] = {{"PUT", "value"}, {"PUT", ""},  {"POST", "value"}, {"POST", ""},
                              {"DELETE", ""},   {"GET", ""},  {"HEAD", ""},      {"PATCH", ""},
                              {"POST", "{}"},   {"GET", "{}"}};

std::size_t count_of(const ScriptedServer& server, std::string_view path) {
  std::size_t count = 0;
  for (const ServedRequest& request : server.requests()) count += request.path == path ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("a request leaves once when a kept connection dies after it was read") {
  for (const Sent& sent : kRequests) {
    for (const auto kind : {ServerAction::Kind::kClose, ServerAction::Kind::kReset}) {
      CAPTURE(std::string(sent.method));
      CAPTURE(std::string(sent.body));
      CurlFixture f;
      f.server.reply(200, {}, "warm");
      f.server.then({.kind = kind});
      f.server.reply(200, {}, "again");
      CHECK(answer_of(f.send("GET", "/warm")).status == 200);
      const HttpFailure failure = failure_of(f.send(sent.method, "/once", sent.body));
      CHECK(failure.kind == HttpFailure::Kind::kBroken);
      CHECK(failure.sent);
      CHECK(count_of(f.server, "/once") == 1);
      // The next exchange is not harmed: it makes a connection of its own.
      CHECK(body_of(f.send("GET", "/next")) == "again");
      CHECK(count_of(f.server, "/once") == 1);
      const auto served = f.server.requests();
      CHECK(served[1].connection == 1);
      CHECK(served[2].connection == 2);
    }
  }
}

TEST_CASE("a request leaves once when a kept connection is closed unread") {
  for (const Sent& sent : kRequests) {
    CAPTURE(std::string(sent.method));
    CAPTURE(std::string(sent.body));
    CurlFixture f;
    f.server.reply(200, {}, "warm");
    f.server.then({.kind = ServerAction::Kind::kCloseUnread});
    CHECK(answer_of(f.send("GET", "/warm")).status == 200);
    const HttpFailure failure = failure_of(f.send(sent.method, "/once", sent.body));
    CHECK(failure.kind == HttpFailure::Kind::kBroken);
    CHECK(failure.sent);
    CHECK(count_of(f.server, "/once") == 0);
  }
}

TEST_CASE("a body that the server read in part leaves once") {
  CurlFixture f;
  const std::string body(8'000'000, 'v');
  f.server.reply(200, {}, "warm");
  f.server.then({.kind = ServerAction::Kind::kReset, .before_body = true});
  CHECK(answer_of(f.send("GET", "/warm")).status == 200);
  const HttpFailure failure = failure_of(f.send("PUT", "/once", body));
  CHECK(failure.kind == HttpFailure::Kind::kBroken);
  CHECK(failure.sent);
  CHECK(count_of(f.server, "/once") == 1);
}

TEST_CASE("a connection that was closed while it was idle is replaced unseen") {
  for (const Sent& sent : kRequests) {
    CAPTURE(std::string(sent.method));
    CAPTURE(std::string(sent.body));
    CurlFixture f;
    f.server.then({.body = "warm", .close_after = true});
    f.server.reply(200);
    CHECK(answer_of(f.send("GET", "/warm")).status == 200);
    while (f.server.connections_closed() == 0) std::this_thread::yield();
    CHECK(answer_of(f.send(sent.method, "/once", sent.body)).status == 200);
    CHECK(count_of(f.server, "/once") == 1);
  }
}

TEST_CASE("a kept connection carries the write that follows a read") {
  CurlFixture f;
  for (const Sent& sent : kRequests) {
    f.server.reply(200, {}, "");
    CHECK(answer_of(f.send(sent.method, "/k", sent.body)).status == 200);
  }
  CHECK(f.server.connections() == 1);
}

}  // namespace ksv::testing
