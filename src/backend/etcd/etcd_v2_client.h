// The client of v2's keys.
#pragma once

#include "backend/etcd/etcd_client.h"
#include "backend/etcd/etcd_wire.h"

namespace ksv::etcd {

// The server has directories and conditions itself. What it lacks is made up for: the present state
// with a refusal is one more read, an empty value is compared by read and index, an index of 0,
// which the server ignores, is refused.
class V2Client final : public Client {
 public:
  explicit V2Client(Wire& wire) : wire_(wire) {}

  Api api() const override { return Api::kV2; }
  Result<Reply> get(const std::string& path, const ReadOptions& options) override;
  Result<WriteReply> put(const std::string& path, BytesView value,
                         const WriteOptions& options) override;
  Result<Reply> create_in_order(const std::string& directory, BytesView value,
                                std::optional<std::int64_t> ttl) override;
  Result<WriteReply> remove(const std::string& path, const RemoveOptions& options) override;
  Result<WatchEnd> watch(const std::string& path, const WatchOptions& options,
                         const EventSink& sink) override;
  Result<std::optional<Event>> first_event(const std::string& path, std::int64_t from) override;
  Result<std::vector<Member>> members() override;
  Result<std::vector<Health>> health() override;
  Result<Release> release() override;
  Status compact(std::int64_t revision, bool physical) override;
  Result<TransactionReply> transact(const Transaction& transaction) override;
  Result<std::int64_t> grant_lease(std::int64_t seconds) override;
  Result<std::int64_t> keep_alive(std::int64_t lease) override;
  Status revoke_lease(std::int64_t lease) override;

 private:
  // etcd_v2_write.cpp
  struct Write;
  Error doubted(Error refusal, const std::string& path);
  Result<WriteReply> send_write(const Write& write, bool is_quick);
  Result<WriteReply> write_at_value(Write write, const Bytes& value, bool is_quick);

  // etcd_v2_watch.cpp
  struct Poll {
    std::optional<Event> event{};
    bool cleared = false;
    std::int64_t oldest = 0;
    bool silent = false;  // nothing came within the time
    std::optional<Error> trouble{};
  };
  Result<Poll> poll(const std::string& path, bool recursive, std::int64_t from,
                    std::chrono::milliseconds time);
  Result<std::int64_t> next_index(const std::string& path, std::int64_t from);

  Wire& wire_;
};

}  // namespace ksv::etcd
