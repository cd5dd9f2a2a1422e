// The real HTTP against a scripted server: what the tests of libcurl begin with.
#pragma once

#include <cstdlib>
#include <doctest/doctest.h>
#include <string>
#include <variant>

#include "net/curl_http.h"
#include "support/fake_env.h"
#include "support/scripted_server.h"

namespace ksv::testing {

// A variable of the environment for as long as it lives. Nobody else may look at the environment
// while it comes or goes.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

struct CurlFixture {
  // The environment of the tests' run may name a proxy.
  CurlFixture() {
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                             "no_proxy", "NO_PROXY"}) {
      unsetenv(name);
    }
  }

  ScriptedServer server;
  FakeEnv env;
  std::unique_ptr<Http> http = net::make_curl_http(env);

  HttpRequest request(std::string method, std::string_view path = "/k") const {
    HttpRequest made;
    made.method = std::move(method);
    made.url = server.url(path);
    made.timeout = std::chrono::seconds(20);
    return made;
  }
  HttpOutcome send(std::string method, std::string_view path = "/k", std::string_view body = {}) {
    HttpRequest made = request(std::move(method), path);
    made.body = bytes_of(body);
    return http->exchange(made);
  }
};

inline HttpAnswer answer_of(HttpOutcome outcome) {
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) FAIL(failure->text);
  return std::move(*std::get_if<HttpAnswer>(&outcome));
}

inline HttpFailure failure_of(HttpOutcome outcome) {
  REQUIRE(std::holds_alternative<HttpFailure>(outcome));
  return std::move(*std::get_if<HttpFailure>(&outcome));
}

inline std::string body_of(HttpOutcome outcome) {
  return std::string(text_of(answer_of(std::move(outcome)).body));
}

}  // namespace ksv::testing
