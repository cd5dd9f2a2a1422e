// Opens a client: of v3, of v2, or of whichever the first request finds.
#include "backend/etcd/etcd_open.h"

#include <atomic>

#include "backend/etcd/etcd_txn.h"

namespace ksv::etcd {
namespace {

// Asks v3, and v2 from the first request on that finds an etcd without v3. That request was refused
// by a router that knows no such path, so that nothing is done twice.
class FindingClient final : public Client {
 public:
  FindingClient(Settings settings, Env& env, Call& call)
      : wire_(std::move(settings), env, call),
        v3_(make_v3_client(wire_)),
        v2_(make_v2_client(wire_)),
        is_v2_(wire_.settings().api == Api::kV2) {}

  Api api() const override { return is_v2_ ? Api::kV2 : Api::kV3; }

  Result<Reply> get(const std::string& path, const ReadOptions& options) override {
    return with([&](Client& client) { return client.get(path, options); });
  }
  Result<std::vector<Reply>> get_each(const std::vector<std::string>& paths, bool stale) override {
    return with([&](Client& client) { return client.get_each(paths, stale); });
  }
  Result<WriteReply> put(const std::string& path, BytesView value,
                         const WriteOptions& options) override {
    return with([&](Client& client) { return client.put(path, value, options); });
  }
  Result<Reply> create_in_order(const std::string& directory, BytesView value,
                                std::optional<std::int64_t> ttl) override {
    return with([&](Client& client) { return client.create_in_order(directory, value, ttl); });
  }
  Result<WriteReply> remove(const std::string& path, const RemoveOptions& options) override {
    return with([&](Client& client) { return client.remove(path, options); });
  }
  Result<WatchEnd> watch(const std::string& path, const WatchOptions& options,
                         const EventSink& sink) override {
    return with([&](Client& client) { return client.watch(path, options, sink); });
  }
  Result<std::optional<Event>> first_event(const std::string& path, std::int64_t from) override {
    return with([&](Client& client) { return client.first_event(path, from); });
  }
  Result<std::vector<Member>> members() override {
    return with([](Client& client) { return client.members(); });
  }
  Result<std::vector<Health>> health() override {
    return with([](Client& client) { return client.health(); });
  }
  Result<Release> release() override {
    return with([](Client& client) { return client.release(); });
  }
  Result<Meta> state() override {
    return with([](Client& client) { return client.state(); });
  }
  Status compact(std::int64_t revision, bool physical) override {
    return with([&](Client& client) { return client.compact(revision, physical); });
  }
  Result<TransactionReply> transact(const Transaction& transaction) override {
    return with([&](Client& client) { return client.transact(transaction); });
  }
  Result<std::int64_t> grant_lease(std::int64_t seconds) override {
    return with([&](Client& client) { return client.grant_lease(seconds); });
  }
  Result<std::int64_t> keep_alive(std::int64_t lease) override {
    return with([&](Client& client) { return client.keep_alive(lease); });
  }
  Status revoke_lease(std::int64_t lease) override {
    return with([&](Client& client) { return client.revoke_lease(lease); });
  }

 private:
  template <typename Ask>
  auto with(const Ask& ask) -> decltype(ask(std::declval<Client&>())) {
    if (!is_v2_) {
      auto answer = ask(*v3_);
      const bool may_be_v2 = !wire_.settings().api && wire_.has_only_v2();
      if (answer.has_value() || !may_be_v2) return answer;
      is_v2_ = true;
    }
    return ask(*v2_);
  }

  Wire wire_;
  std::unique_ptr<Client> v3_;
  std::unique_ptr<Client> v2_;
  std::atomic<bool> is_v2_;
};

}  // namespace

Result<std::vector<Reply>> Client::get_each(const std::vector<std::string>& paths, bool stale) {
  std::vector<Reply> replies;
  for (const std::string& path : paths) replies.push_back(KSV_TRY(get(path, {.stale = stale})));
  return replies;
}

std::unique_ptr<Client> open_client(Settings settings, Env& env, Call& call) {
  return std::make_unique<FindingClient>(std::move(settings), env, call);
}

Result<std::unique_ptr<Client>> open_client(const StoreAddress& address, Env& env, Call& call) {
  Settings settings = KSV_TRY(read_settings(address, env));
  return open_client(std::move(settings), env, call);
}

}  // namespace ksv::etcd
