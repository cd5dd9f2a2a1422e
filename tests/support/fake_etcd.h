// An etcd in memory, as its clients see it, that loses answers and lets rivals in.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "backend/etcd/etcd_client.h"

namespace ksv::testing {

// What becomes of a write. After it, `meanwhile` runs: a rival's chance.
struct EtcdFault {
  enum class Kind {
    kNone,
    kLostRequest,  // nothing is done, and the answer is missing
    kLostAnswer,   // it is done, and the answer is missing
    kTwice,        // it is done twice, and the second answer comes
    kRefused,      // nothing is done; somebody answers 403
    kRefusedDone,  // it is done; somebody answers 403
  };
  Kind kind = Kind::kNone;
  std::function<void()> meanwhile{};
};

// Keeps leaves, each of which makes the directories above it, and every change of them. Not for
// several threads.
class FakeEtcd final : public etcd::Client {
 public:
  explicit FakeEtcd(etcd::Api api = etcd::Api::kV3) : api_(api) {}

  // For the writes and removals to come, in order.
  void then(EtcdFault fault) { faults_.push_back(std::move(fault)); }
  // What others do: no faults, and no marks beside the key.
  void set(const std::string& path, std::string_view value);
  void erase(const std::string& path);
  // Nothing of the history before the index is kept.
  void forget_before(std::int64_t index) { oldest_ = index; }
  // Reads fail from now on.
  void go_dark() { is_dark_ = true; }

  std::string value_of(const std::string& path) const;
  int writes_of(const std::string& path) const;  // changes but those of others
  int requests = 0;
  std::vector<std::size_t> read_together{};  // how many paths each get_each had

  etcd::Api api() const override { return api_; }
  Result<etcd::Reply> get(const std::string& path, const etcd::ReadOptions& options) override;
  // This one may be called from several threads.
  Result<std::vector<etcd::Reply>> get_each(const std::vector<std::string>& paths,
                                            bool stale) override;
  Result<etcd::WriteReply> put(const std::string& path, BytesView value,
                               const etcd::WriteOptions& options) override;
  Result<etcd::Reply> create_in_order(const std::string& directory, BytesView value,
                                      std::optional<std::int64_t> ttl) override;
  Result<etcd::WriteReply> remove(const std::string& path,
                                  const etcd::RemoveOptions& options) override;
  Result<etcd::WatchEnd> watch(const std::string& path, const etcd::WatchOptions& options,
                               const etcd::EventSink& sink) override;
  Result<std::optional<etcd::Event>> first_event(const std::string& path,
                                                 std::int64_t from) override;
  Result<std::vector<etcd::Member>> members() override;
  Result<std::vector<etcd::Health>> health() override;
  Result<etcd::Release> release() override;
  Status compact(std::int64_t revision, bool physical) override;
  Result<etcd::TransactionReply> transact(const etcd::Transaction& transaction) override;
  Result<std::int64_t> grant_lease(std::int64_t seconds) override;
  Result<std::int64_t> keep_alive(std::int64_t lease) override;
  Status revoke_lease(std::int64_t lease) override;

 private:
  struct Change {
    etcd::Event event;
    bool is_ours = false;
  };
  // Carries a write out through the fault that is due.
  Result<etcd::WriteReply> strike(const std::function<etcd::WriteReply()>& work);
  bool holds(const std::string& path, const etcd::Condition& condition) const;
  etcd::WriteReply refused(const std::string& path,
                           const std::optional<etcd::Companion>& companion) const;
  etcd::Node put_leaf(const std::string& path, BytesView value, bool is_ours);
  void erase_leaf(const std::string& path, bool is_ours);
  etcd::Meta meta() const;
  etcd::Node directory(const std::string& path, bool recursive) const;

  etcd::Api api_;
  std::mutex reads_;
  std::map<std::string, etcd::Node> leaves_;
  std::vector<Change> changes_;
  std::deque<EtcdFault> faults_;
  std::int64_t index_ = 10;
  std::int64_t oldest_ = 0;
  bool is_dark_ = false;
};

}  // namespace ksv::testing
