// A store in etcd: keys are paths under a prefix, versions are modified indexes and revisions.
#pragma once

#include <atomic>
#include <string>

#include "ksv/backend.h"
#include "ksv/env.h"

#include "backend/etcd/etcd_path.h"
#include "backend/etcd/etcd_settings.h"

namespace ksv::etcd {

// Settles by history: v3's, back to what was compacted; v2's, the last 1000 events of all keys.
// With settle=sidecar (v3, native layout) each write and removal of a key also puts its WriteId
// under a key of ksv's own, in the same transaction, whose history tells writes of equal bytes
// apart.
class EtcdBackend final : public Backend {
 public:
  // `client` and `env` must outlive it.
  EtcdBackend(Client& client, const Settings& settings, Env& env);

  const Capabilities& capabilities() const override;
  Result<std::optional<Stored>> read(const std::string& key) override;
  // v3: in transactions (etcd_many.cpp).
  Result<std::vector<std::optional<Stored>>> read_many(
      const std::vector<std::string>& keys) override;
  Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                          std::uint64_t length) override;
  Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                             const ByteSink& sink) override;
  Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                             const Precondition& precondition, const WriteId& id) override;
  Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                    const Precondition& precondition, const WriteId& id) override;
  Result<RemoveOutcome> remove(const std::string& key, const Precondition& precondition) override;
  // One page, of which the keys begin with a slash where `prefix` does.
  Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) override;
  // v3: one transaction (etcd_many.cpp).
  Result<std::vector<Version>> write_many(const std::vector<KeyWrite>& writes) override;
  Result<std::vector<bool>> remove_many(const std::vector<std::string>& keys) override;

  // etcd_settle.cpp
  std::string history_mark() override;
  Result<Settled> settle(const KeyWrite& write, const Precondition& precondition,
                         const std::string& mark) override;

  const Paths& paths() const { return paths_; }

 private:
  bool uses_sidecar() const { return sidecar_ && client_.api() == Api::kV3; }
  // v2 holds text alone, so konserve's blobs lie there in base64.
  bool is_base64() const { return is_konserve_ && client_.api() == Api::kV2; }
  Bytes packed(BytesView bytes) const;
  Result<Stored> unpacked(Node node) const;
  Result<std::optional<Stored>> unpacked(const std::optional<Node>& node) const;
  void note(const Meta& meta);
  // The leaf, or nothing; kState for a directory.
  Result<std::optional<Node>> find_leaf(const std::string& path, bool stale);
  // The same of what the server told.
  Result<std::optional<Node>> leaf_of(const std::string& path, Reply reply);
  Result<std::optional<Stored>> stored_of(std::optional<Node> leaf) const;
  Result<WriteOutcome> refused(const WriteReply& reply, std::int64_t base, const WriteId& id) const;

  // etcd_settle.cpp
  struct Search;
  Result<bool> search(const std::string& path, std::int64_t from, Search* search);
  Result<Settled> settle_by_value(const std::string& path, const KeyWrite& write,
                                  const Precondition& precondition, std::int64_t from);
  Result<Settled> settle_by_sidecar(const std::string& path, const KeyWrite& write,
                                    const Precondition& precondition, std::int64_t from);

  // etcd_remove.cpp
  enum class Removal {
    kOurs,    // by this command
    kGone,    // by this or by another
    kOther,   // another state is there
    kAbsent,  // nothing is there: another write came first, and a removal after it
  };
  Result<Removal> remove_version(const std::string& path, std::int64_t version);
  Result<std::optional<Removal>> settle_removal(const std::string& path, std::int64_t version,
                                                const std::string& id);
  Result<RemoveOutcome> remove_any(const std::string& path);

  Client& client_;
  Env& env_;
  Paths paths_;
  bool is_konserve_;
  bool stale_;
  bool sidecar_;
  std::optional<std::int64_t> ttl_;
  std::size_t operations_max_;
  Capabilities v2_can_;
  Capabilities v3_can_;
  std::atomic<std::int64_t> seen_{0};  // the highest index or revision of any answer
};

// The index that a version stands for; nothing for what never was a version.
std::optional<std::int64_t> find_index(const Version& version);

}  // namespace ksv::etcd
