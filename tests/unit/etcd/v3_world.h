// A client of v3 on answers that a test prepares.
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

// The header that answers begin with, at the store's revision 7.
inline constexpr const char* kHeader =
    R"({"header":{"cluster_id":"1","member_id":"18446744073709551615","revision":"7","raft_term":"2"})";

class V3World {
 public:
  explicit V3World(const std::string& location = "a:1") {
    env.use_http(http);
    address.backend = "etcd";
    address.location = location;
  }

  etcd::Client& client() {
    if (!client_) {
      auto settings = etcd::read_settings(address, env);
      REQUIRE_OK(settings);
      wire_ = std::make_unique<etcd::Wire>(*settings, env, call);
      client_ = etcd::make_v3_client(*wire_);
    }
    return *client_;
  }
  etcd::Wire& wire() {
    client();
    return *wire_;
  }

  // The next answer: the header, and `rest` after it.
  void tell(const std::string& rest) { http.answer(200, {}, std::string(kHeader) + rest + "}"); }
  void refuse(int status, const std::string& body) { http.answer(status, {}, body); }
  const FakeHttp::Asked& asked(std::size_t n) const { return http.asked[n]; }
  std::string sent_header(std::size_t n, std::string_view name) const {
    const std::string* value = find_header(http.asked[n].headers, name);
    return value == nullptr ? "" : *value;
  }

  FakeEnv env;
  FakeHttp http;
  Call call{Deadline(env, std::chrono::seconds(30))};
  StoreAddress address{};

 private:
  std::unique_ptr<etcd::Wire> wire_;
  std::unique_ptr<etcd::Client> client_;
};

inline constexpr const char* kNoKeys = R"({"response_range":{"header":{"revision":"7"}}})";

}  // namespace ksv::testing
