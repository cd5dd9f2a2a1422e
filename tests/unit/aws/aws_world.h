// A world for tests of credentials: environment, home folder, fake services.
#pragma once

#include <doctest/doctest.h>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ksv/call.h"
#include "ksv/http.h"

#include "net/aws/credentials.h"
#include "support/fake_env.h"
#include "support/result_checks.h"
#include "support/temp_folder.h"

namespace ksv::aws {

// Keeps what was asked and answers by a function.
class FakeHttp final : public Http {
 public:
  struct Seen {
    std::string method, url, body;
    HttpHeaders headers;
    std::chrono::milliseconds timeout;
    bool direct;
  };
  using Answer = std::function<HttpOutcome(const Seen&)>;

  HttpOutcome exchange(const HttpRequest& request) override {
    seen.push_back({request.method, request.url, std::string(text_of(request.body)),
                    request.headers, request.timeout, request.direct});
    return answer ? answer(seen.back()) : silence();
  }

  static HttpOutcome silence() {
    return HttpFailure{.kind = HttpFailure::Kind::kConnect, .sent = false, .text = "no route"};
  }
  static HttpOutcome text(int status, std::string_view body, HttpHeaders headers = {}) {
    return HttpAnswer{status, std::move(headers), copy_of(bytes_of(body))};
  }

  Answer answer;
  std::vector<Seen> seen;
};

// The secrets that stand in for real ones: none of them may be in any message or log.
inline constexpr const char* kSecret = "sEcReT/of+the0000key";
inline constexpr const char* kToken = "tOkEn/of+the0000session";

struct AwsWorld {
  AwsWorld() {
    env.use_http(http);
    env.variables["HOME"] = home.path();
    std::filesystem::create_directories(home / ".aws/sso/cache");
    std::filesystem::create_directories(home / ".aws/login/cache");
    call.log = [this](const std::string& line) { log += line + "\n"; };
  }

  Result<Credentials> get() {
    CredentialSource source(settings, http, env, call);
    return source.get();
  }

  // The whole of an error, and the log so far; neither may hold a secret.
  std::string text_of_error(const Result<Credentials>& result) const {
    REQUIRE_FALSE(result.has_value());
    std::string text = result.error().message() + "\n" + result.error().hint();
    for (const ErrorDetail& each : result.error().details()) text += "\n" + each.name + each.text;
    CHECK(text.find(kSecret) == std::string::npos);
    CHECK(text.find(kToken) == std::string::npos);
    CHECK(log.find(kSecret) == std::string::npos);
    CHECK(log.find(kToken) == std::string::npos);
    return text;
  }

  testing::TempFolder home;
  testing::FakeEnv env;
  FakeHttp http;
  CredentialSettings settings;
  Call call{Deadline(env, std::chrono::seconds(30))};
  std::string log;
};

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace ksv::aws
