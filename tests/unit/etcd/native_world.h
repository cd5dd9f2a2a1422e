// A native store over an etcd in memory, with everything it needs.
#pragma once

#include <string>

#include "backend/etcd/etcd_backend.h"
#include "core/plain_store.h"
#include "core/update.h"
#include "support/fake_env.h"
#include "support/fake_etcd.h"
#include "support/result_checks.h"

namespace ksv::testing {

// Under the prefix "/app".
struct NativeWorld {
  explicit NativeWorld(bool sidecar = false, etcd::Api api = etcd::Api::kV3) : etcd(api) {
    settings.prefix = "/app";
    settings.sidecar = sidecar;
    settings.operations_max = 128;
    backend.emplace(etcd, settings, env);
    store.emplace(*backend, env, &call);
  }

  // An outcome in a word: written, refused, unknown, or the name of an error.
  std::string put(const std::string& key, const std::string& text,
                  const Precondition& precondition = Any{}) {
    PutOptions options;
    options.precondition = precondition;
    return word_of(store->put(Value::string(key), Value::string(text), options));
  }
  std::string word_of(const Result<PutOutcome>& outcome) {
    if (outcome.has_value()) {
      const Put* put = std::get_if<Put>(&*outcome);
      if (put == nullptr) return "refused";
      version = put->version;
      return "written";
    }
    if (outcome.error().effect() == Effect::kUnknown) return "unknown";
    return outcome.error().code() == ErrorCode::kDenied ? "denied" : outcome.error().message();
  }
  // Reads the key first, as an update does; its version.
  Match read(const std::string& key) {
    auto entry = store->get(Value::string(key));
    REQUIRE_OK(entry);
    REQUIRE(entry->has_value());
    return Match{(*entry)->version};
  }

  FakeEnv env;
  Call call{.deadline = Deadline(env, std::chrono::seconds(30))};
  FakeEtcd etcd;
  etcd::Settings settings{};
  std::optional<etcd::EtcdBackend> backend;
  std::optional<PlainStore> store;
  Version version{};  // of the last write
};

}  // namespace ksv::testing
