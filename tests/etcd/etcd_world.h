// A client of the etcd that the environment names (tests/servers/run.py), and a place of its own
// there.
#pragma once

#include <doctest/doctest.h>
#include <memory>
#include <string>

#include "backend/etcd/etcd_open.h"
#include "backend/etcd/etcd_txn.h"
#include "base/hex.h"
#include "base/real_env.h"
#include "net/curl_http.h"
#include "support/result_checks.h"

namespace ksv::testing {

class EtcdWorld {
 public:
  explicit EtcdWorld(std::chrono::milliseconds time = std::chrono::seconds(30))
      : call{Deadline(env, time)}, root("/t" + uuid_text(random_uuid(env)).substr(0, 8)) {
    address.backend = "etcd";
    address.location = setting("KSV_TEST_ETCD_ENDPOINTS");
    for (const char* option : {"api", "ca", "cert", "key", "user", "password"}) {
      std::string variable = "KSV_TEST_ETCD_";
      for (const char* c = option; *c != '\0'; ++c) variable += static_cast<char>(*c - 'a' + 'A');
      const std::string value = setting(variable);
      if (!value.empty()) address.options[option] = value;
    }
  }

  std::string setting(const std::string& name) { return env.variable(name).value_or(""); }
  bool is_v2() { return setting("KSV_TEST_ETCD_API") == "v2"; }

  etcd::Client& client() {
    if (!client_) {
      auto opened = etcd::open_client(address, env, call);
      REQUIRE_OK(opened);
      client_ = std::move(*opened);
    }
    return *client_;
  }
  std::unique_ptr<etcd::Client> another_client() {
    auto opened = etcd::open_client(address, env, call);
    REQUIRE_OK(opened);
    return std::move(*opened);
  }

  std::string at(const std::string& path) const { return root + path; }

  // Writes without a condition; the version of what it made. Waits for a cluster that elects, or
  // still takes back a member.
  std::int64_t set(const std::string& path, std::string_view value) {
    auto put = client().put(at(path), bytes_of(value), {});
    for (int i = 0; i < 300 && !put && put.error().code() == ErrorCode::kUnavailable; ++i) {
      env.sleep(std::chrono::milliseconds(100));
      put = client().put(at(path), bytes_of(value), {});
    }
    REQUIRE_OK(put);
    REQUIRE(put->applied);
    return put->reply.node->modified;
  }
  // The value, or "(absent)", or "(directory)".
  std::string value(const std::string& path) {
    auto got = client().get(at(path), {});
    REQUIRE_OK(got);
    if (!got->node) return "(absent)";
    return got->node->is_directory ? "(directory)" : std::string(text_of(got->node->value));
  }
  // "{a:1 b:{}}" of a directory.
  std::string tree(const std::string& path, etcd::ReadOptions options = {}) {
    auto got = client().get(at(path), options);
    REQUIRE_OK(got);
    return got->node ? shape(*got->node) : "(absent)";
  }

  RealEnv env{net::make_curl_http};
  Call call;
  StoreAddress address{};
  std::string root;

 private:
  static std::string shape(const etcd::Node& node) {
    if (!node.is_directory) return std::string(text_of(node.value));
    std::string text = "{";
    for (const etcd::Node& child : node.children) {
      if (text.size() > 1) text += " ";
      text += child.path.substr(child.path.rfind('/') + 1) + ":" + shape(child);
    }
    return text + "}";
  }

  std::unique_ptr<etcd::Client> client_;
};

// The error is etcd's, of that number.
inline void check_error_code(const Error& error, std::int64_t code) {
  std::int64_t told = 0;
  for (const ErrorDetail& detail : error.details()) {
    if (detail.name == "errorCode") told = detail.number.value_or(0);
  }
  CHECK_MESSAGE(told == code, error.message());
  CHECK(error.effect() == Effect::kNone);
}

}  // namespace ksv::testing
