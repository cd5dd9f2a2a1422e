// Exchanges that succeed: what goes out, what comes back, which connections are used.
#include <atomic>
#include <thread>

#include "unit/net/curl_fixture.h"

namespace ksv::testing {

TEST_CASE("the status, headers in lower case and the body of an answer come back") {
  CurlFixture f;
  f.server.reply(200, {{"ETag", "\"abc\""}, {"X-Twice", "1"}, {"X-Twice", "2"}}, "hello");
  const HttpAnswer answer = answer_of(f.send("GET"));
  CHECK(answer.status == 200);
  CHECK(text_of(answer.body) == "hello");
  REQUIRE(find_header(answer.headers, "ETag") != nullptr);
  CHECK(*find_header(answer.headers, "etag") == "\"abc\"");
  std::size_t twice = 0;
  for (const HttpHeader& header : answer.headers) {
    twice += header.name == "x-twice" ? 1 : 0;
  }
  CHECK(twice == 2);
  CHECK(find_header(answer.headers, "absent") == nullptr);
}

TEST_CASE("a request goes out as it was given, with nothing of libcurl's own") {
  CurlFixture f;
  f.server.reply(200);
  HttpRequest request = f.request("PUT", "/a/../b//c%2Fd?x=%20y&z");
  const std::string body(3000, 'v');
  request.body = bytes_of(body);
  request.headers = {{"Host", "other.example"}, {"X-Meta", "1"}, {"X-Empty", ""}};
  CHECK(answer_of(f.http->exchange(request)).status == 200);
  const ServedRequest served = f.server.requests()[0];
  CHECK(served.method == "PUT");
  CHECK(served.target == "/a/../b//c%2Fd?x=%20y&z");
  CHECK(served.body == body);
  CHECK(served.headers.size() == 4);
  CHECK(served.header("host") == "other.example");
  CHECK(served.header("x-meta") == "1");
  CHECK(find_header(served.headers, "x-empty") != nullptr);
  CHECK(served.header("content-length") == "3000");
}

TEST_CASE("writes without a body say so, and deletes announce none") {
  CurlFixture f;
  for (const char* method : {"PUT", "POST", "DELETE"}) {
    f.server.reply(200);
    CHECK(answer_of(f.send(method)).status == 200);
    const ServedRequest served = f.server.requests().back();
    CHECK(served.method == method);
    CHECK(served.header("content-length") == (std::string(method) == "DELETE" ? "" : "0"));
    CHECK(find_header(served.headers, "transfer-encoding") == nullptr);
  }
}

TEST_CASE("a POST and a DELETE can have a body") {
  CurlFixture f;
  for (const char* method : {"POST", "DELETE", "GET"}) {
    f.server.reply(200, {}, "ok");
    CHECK(body_of(f.send(method, "/", "{}")) == "ok");
    CHECK(f.server.requests().back().method == method);
    CHECK(f.server.requests().back().body == "{}");
  }
}

TEST_CASE("HEAD has headers and no body, whatever length is announced") {
  CurlFixture f;
  f.server.reply(200, {{"Content-Length", "999999999999"}});
  f.server.reply(200, {}, "next");
  const HttpAnswer answer = answer_of(f.send("HEAD"));
  CHECK(*find_header(answer.headers, "content-length") == "999999999999");
  CHECK(answer.body.empty());
  CHECK(body_of(f.send("GET")) == "next");
  CHECK(f.server.connections() == 1);
}

TEST_CASE("one connection serves requests of all methods, good answers and bad ones") {
  CurlFixture f;
  for (const int status : {200, 404, 412, 503, 204, 304}) f.server.reply(status, {}, "body");
  CHECK(answer_of(f.send("GET")).status == 200);
  CHECK(answer_of(f.send("PUT", "/k", "v")).status == 404);
  CHECK(answer_of(f.send("DELETE")).status == 412);
  CHECK(answer_of(f.send("POST")).status == 503);
  CHECK(answer_of(f.send("PUT", "/k", "v")).body.empty());
  CHECK(answer_of(f.send("GET")).status == 304);
  CHECK(f.server.connections() == 1);
}

TEST_CASE("a redirect is an answer like others") {
  CurlFixture f;
  f.server.reply(307, {{"Location", f.server.url("/elsewhere")}}, "moved");
  CHECK(answer_of(f.send("GET")).status == 307);
  CHECK(f.server.request_count() == 1);
}

TEST_CASE("a chunked answer is put together, and its trailers are no headers") {
  CurlFixture f;
  f.server.then({.body = "0123456789", .chunked = true});
  f.server.then({.kind = ServerAction::Kind::kRaw,
                 .body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Real: 1\r\n\r\n"
                         "2\r\nab\r\n0\r\nX-Trailer: 1\r\n\r\n"});
  CHECK(body_of(f.send("GET")) == "0123456789");
  const HttpAnswer answer = answer_of(f.send("GET"));
  CHECK(text_of(answer.body) == "ab");
  CHECK(find_header(answer.headers, "x-real") != nullptr);
  CHECK(find_header(answer.headers, "x-trailer") == nullptr);
}

TEST_CASE("an interim answer is not the answer") {
  CurlFixture f;
  f.server.then({.kind = ServerAction::Kind::kRaw,
                 .body = "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n"
                         "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"});
  const HttpAnswer answer = answer_of(f.send("PUT", "/k", "v"));
  CHECK(answer.status == 201);
  CHECK(find_header(answer.headers, "x-interim") == nullptr);
  CHECK(text_of(answer.body) == "ok");
}

TEST_CASE("a sink takes the body of a good answer, and of a bad one nothing") {
  CurlFixture f;
  std::string body(300'000, 'x');
  body[299'999] = 'y';
  f.server.reply(200, {}, body);
  f.server.reply(404, {}, "<Error/>");
  std::string taken;
  HttpRequest request = f.request("GET");
  request.answer_bytes_max = 100;  // binds what is kept, not what flows through
  request.sink = [&taken](BytesView bytes) {
    taken += text_of(bytes);
    return ok();
  };
  CHECK(answer_of(f.http->exchange(request)).body.empty());
  CHECK(taken == body);
  taken.clear();
  CHECK(text_of(answer_of(f.http->exchange(request)).body) == "<Error/>");
  CHECK(taken.empty());
}

TEST_CASE("an answer that comes before the request's body was sent is the answer") {
  CurlFixture f;
  f.server.then({.status = 403, .body = "no", .before_body = true, .stall = true});
  const std::string body(8'000'000, 'v');  // more than the sockets hold
  const HttpAnswer answer = answer_of(f.send("PUT", "/k", body));
  CHECK(answer.status == 403);
  CHECK(text_of(answer.body) == "no");
}

TEST_CASE("a body as large as sockets do not hold arrives whole") {
  CurlFixture f;
  std::string body(8'000'000, 'v');
  body.back() = 'w';
  f.server.otherwise(
      [](const ServedRequest& request) { return ServerAction{.body = request.body}; });
  CHECK(body_of(f.send("POST", "/", body)) == body);
}

TEST_CASE("many threads exchange at once, each its own") {
  CurlFixture f;
  f.server.otherwise(
      [](const ServedRequest& request) { return ServerAction{.body = request.path}; });
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&f, &right, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string path = "/" + std::to_string(i) + "-" + std::to_string(j);
        const HttpOutcome outcome = f.send("GET", path);
        const auto* answer = std::get_if<HttpAnswer>(&outcome);
        if (answer != nullptr && text_of(answer->body) == path) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 160);
  CHECK(f.server.connections() <= 8);
}

}  // namespace ksv::testing
