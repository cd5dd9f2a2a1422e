// A store in etcd as something that is created, deleted, listed and examined.
#pragma once

#include <memory>

#include "ksv/catalog.h"
#include "ksv/checkup.h"

#include "backend/etcd/etcd_backend.h"

namespace ksv::etcd {

// A native store is the directory of its prefix, and may be used without being created: a write
// makes the directories that it needs. A store of konserve's layout has a marker beside its blobs.
class EtcdPlace final : public StorePlace {
 public:
  EtcdPlace(Settings settings, Env& env, Call& call);
  // With a client that is there already, which must outlive the place.
  EtcdPlace(Client& client, Settings settings, Env& env);

  Result<bool> exists() override;
  Result<CreateOutcome> create() override;
  Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) override;
  Backend& backend() override { return backend_; }
  bool backend_checks() const override { return !settings_.konserve; }

  Client& client() { return client_; }
  // A key of the store ("/" for its directory) on the server, and back. kUsage.
  Result<std::string> path_of(const std::string& key) const {
    return key == "/" ? backend_.paths().root() : backend_.paths().path_of(key);
  }
  std::string root() const { return backend_.paths().root(); }
  std::string key_of(const std::string& path) const { return backend_.paths().key_of(path); }
  bool is_stale() const { return settings_.stale; }
  std::optional<std::int64_t> ttl() const { return settings_.ttl; }
  std::size_t operations_max() const { return settings_.operations_max; }
  // With settle=sidecar a new key beside the store's own, for Transaction::proof; else "".
  std::string proof_path();

 private:
  Result<std::optional<Node>> find(const std::string& path);
  Result<CreateOutcome> create_marker();
  Result<CreateOutcome> create_directory();
  Status remove_tree(const std::string& path);

  Settings settings_;
  Env& env_;
  std::unique_ptr<Client> own_client_;
  Client& client_;
  EtcdBackend backend_;
};

// The options are those of etcd_settings.h.
Result<std::unique_ptr<StorePlace>> open_etcd_place(const StoreAddress& address, Env& env,
                                                    Call& call);
// The directories directly under the prefix; in konserve's layout those that hold a store.
Result<std::vector<StoreEntry>> list_etcd_stores(const StoreAddress& address, bool figures,
                                                 Env& env, Call& call);
// etcd_checkup.cpp
Status examine_etcd(const StoreAddress& address, Env& env, Call& call, const Report& report);

}  // namespace ksv::etcd
