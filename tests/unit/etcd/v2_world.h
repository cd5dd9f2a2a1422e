// A client of v2 on answers that a test prepares, in the form in which etcd 3.4.23 gave them.
#pragma once

#include <doctest/doctest.h>
#include <memory>
#include <string>

#include "backend/etcd/etcd_open.h"
#include "backend/etcd/etcd_txn.h"
#include "support/fake_env.h"
#include "support/fake_http.h"
#include "support/result_checks.h"

namespace ksv::testing {

class V2World {
 public:
  V2World() {
    env.use_http(http);
    etcd::Settings settings;
    settings.endpoints = {"http://a:1"};
    settings.api = etcd::Api::kV2;
    wire_ = std::make_unique<etcd::Wire>(settings, env, call);
    client_ = etcd::make_v2_client(*wire_);
  }
  etcd::Client& client() { return *client_; }

  void tell(int status, const std::string& body, int index = 100) {
    http.answer(status,
                {{"x-etcd-cluster-id", "28bd3701d02db528"},
                 {"x-etcd-index", std::to_string(index)},
                 {"x-raft-index", "34"},
                 {"x-raft-term", "2"}},
                body + "\n");
  }
  // "PUT /v2/keys/atom body" of the n-th request.
  std::string asked(std::size_t n) const {
    REQUIRE(n < http.asked.size());
    const FakeHttp::Asked& asked = http.asked[n];
    const std::string line =
        asked.method + " " + asked.url.substr(std::string("http://a:1").size());
    return asked.body.empty() ? line : line + " " + asked.body;
  }

  FakeEnv env;
  FakeHttp http;
  Call call{Deadline(env, std::chrono::seconds(300))};

 private:
  std::unique_ptr<etcd::Wire> wire_;
  std::unique_ptr<etcd::Client> client_;
};

}  // namespace ksv::testing
