// Proxies, which the environment names as it does for curl.
#include "unit/net/curl_fixture.h"

namespace ksv::testing {

using Kind = HttpFailure::Kind;

TEST_CASE("a plain request goes to the proxy with its whole URL") {
  CurlFixture f;
  const Variable proxy("http_proxy", f.server.url());
  f.server.reply(200, {}, "by proxy");
  HttpRequest request = f.request("GET");
  request.url = "http://far.invalid/a/../b?c";
  CHECK(body_of(f.http->exchange(request)) == "by proxy");
  CHECK(f.server.requests()[0].target == "http://far.invalid/a/../b?c");
  CHECK(f.server.requests()[0].header("host") == "far.invalid");
}

TEST_CASE("NO_PROXY lists the hosts that need none") {
  CurlFixture f;
  const Variable proxy("http_proxy", "http://127.0.0.1:1");
  const Variable without("no_proxy", "127.0.0.1");
  f.server.reply(200, {}, "straight");
  CHECK(body_of(f.send("GET")) == "straight");
}

TEST_CASE("a proxy that refuses a tunnel got nothing of the request") {
  CurlFixture f;
  const Variable proxy("https_proxy", f.server.url());
  f.server.reply(407, {{"Connection", "close"}}, "who are you?");
  HttpRequest request = f.request("PUT");
  request.url = "https://far.invalid/k?secret";
  request.body = bytes_of("value");
  const HttpFailure failure = failure_of(f.http->exchange(request));
  CHECK(failure.kind == Kind::kProxy);
  CHECK_FALSE(failure.sent);
  CHECK(failure.text == "the proxy refused a connection to far.invalid (407)");
  REQUIRE(f.server.request_count() == 1);
  CHECK(f.server.requests()[0].method == "CONNECT");
  CHECK(f.server.requests()[0].target == "far.invalid:443");
}

TEST_CASE("a proxy without an address got nothing of the request") {
  CurlFixture f;
  const Variable proxy("http_proxy", "http://" + std::string(70, 'a') + ".invalid:3128");
  const HttpFailure failure = failure_of(f.send("PUT", "/k", "value"));
  CHECK(failure.kind == Kind::kProxy);
  CHECK_FALSE(failure.sent);
}

TEST_CASE("a request leaves once through a proxy, too") {
  CurlFixture f;
  const Variable proxy("http_proxy", f.server.url());
  f.server.reply(200, {}, "warm");
  f.server.then({.kind = ServerAction::Kind::kClose});
  f.server.reply(200, {}, "again");
  CHECK(body_of(f.send("GET")) == "warm");
  const HttpFailure failure = failure_of(f.send("DELETE"));
  CHECK(failure.kind == Kind::kBroken);
  CHECK(failure.sent);
  CHECK(f.server.request_count() == 2);
}

TEST_CASE("a direct request passes every proxy by, also on a handle that has used one") {
  CurlFixture f;
  ScriptedServer proxy;
  const Variable http_proxy("http_proxy", proxy.url());
  const Variable all_proxy("all_proxy", proxy.url());
  proxy.reply(200, {}, "by proxy");
  proxy.reply(200, {}, "by proxy");
  f.server.reply(200, {}, "straight");
  CHECK(body_of(f.send("GET", "/first")) == "by proxy");
  HttpRequest request = f.request("GET", "/secret");
  request.direct = true;
  CHECK(body_of(f.http->exchange(request)) == "straight");
  CHECK(body_of(f.send("GET", "/last")) == "by proxy");
  CHECK(proxy.request_count() == 2);
  CHECK(f.server.request_count() == 1);
}

}  // namespace ksv::testing
