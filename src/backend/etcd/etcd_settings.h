// What the address of an etcd store says, and etcdctl's variables where it says nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ksv/catalog.h"
#include "ksv/env.h"
#include "ksv/http.h"

#include "backend/etcd/etcd_client.h"

namespace ksv::etcd {

struct Settings {
  std::vector<std::string> endpoints;  // "http://127.0.0.1:2379", "https://[::1]:2379"; never empty
  std::string prefix{};                // "" or "/a/b": decoded, without a slash at its end
  std::optional<Api> api{};            // absent: v3, unless the server has v2 alone
  bool stale = false;                  // reads by the member alone
  bool sidecar = false;                // settle=sidecar
  bool konserve = false;               // layout=konserve
  std::optional<std::int64_t> ttl{};   // of what is written
  std::string user{};
  std::string password{};
  std::size_t request_bytes_max = 0;  // v3: keys and values of one request (--max-request-bytes)
  std::size_t operations_max = 0;     // v3: of one list of a transaction (--max-txn-ops)
  HttpSettings http{};
};

// The options are api (v2, v3), tls (true, false), ca, cert, key (PEM files), user, password,
// layout (native, konserve), settle (history, sidecar), stale, ttl, connect-timeout,
// max-request-bytes, max-txn-ops; others are left to whoever knows them. kUsage for what cannot be.
Result<Settings> read_settings(const StoreAddress& address, Env& env);

}  // namespace ksv::etcd
