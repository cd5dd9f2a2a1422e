// Reading several keys in few requests, and writing and removing them in one step, by transactions
// of v3.
#include <algorithm>

#include "backend/etcd/etcd_backend.h"
#include "backend/etcd/etcd_txn.h"
#include "base/parallel.h"

namespace ksv::etcd {
namespace {

// The server takes up what one answer holds in memory, as we do.
constexpr std::size_t kTogetherBytes = std::size_t{4} << 20;
// A server reads the keys of one transaction one after the other.
constexpr std::size_t kTransactionsAtOnce = 4;

Status check_count(std::size_t count, std::size_t most) {
  if (count <= most) return ok();
  return Error(ErrorCode::kUsage, std::to_string(count) +
                                      " keys are more than etcd changes in one "
                                      "transaction (" +
                                      std::to_string(most) + ")")
      .with_hint(
          "The server's --max-txn-ops sets the number, and the option max-txn-ops tells "
          "ksv of it.");
}

}  // namespace

// The first transaction tells how large values are here, and with that how many of them the further
// ones ask for.
Result<std::vector<std::optional<Stored>>> EtcdBackend::read_many(
    const std::vector<std::string>& keys) {
  std::vector<std::string> paths;
  for (const std::string& key : keys) paths.push_back(KSV_TRY(paths_.path_of(key)));
  std::vector<std::optional<Stored>> found(keys.size());
  const auto read = [&](std::size_t begin, std::size_t count) -> Status {
    const auto from = paths.begin() + static_cast<std::ptrdiff_t>(begin);
    std::vector<Reply> replies =
        KSV_TRY(client_.get_each({from, from + static_cast<std::ptrdiff_t>(count)}, stale_));
    for (std::size_t i = 0; i < count; ++i) {
      auto leaf = KSV_TRY(leaf_of(paths[begin + i], std::move(replies[i])));
      found[begin + i] = KSV_TRY(stored_of(std::move(leaf)));
    }
    return ok();
  };
  if (keys.empty()) return found;
  const std::size_t first = std::min(keys.size(), operations_max_);
  KSV_CHECK(read(0, first));
  std::size_t bytes = first;
  for (std::size_t i = 0; i < first; ++i) bytes += found[i] ? found[i]->bytes.size() : 0;
  const std::size_t each = std::clamp(kTogetherBytes * first / bytes, std::size_t{1}, first);
  const std::size_t rest = keys.size() - first;
  KSV_CHECK(for_each_parallel((rest + each - 1) / each, kTransactionsAtOnce, [&](std::size_t i) {
    return read(first + i * each, std::min(each, rest - i * each));
  }));
  return found;
}

Result<std::vector<Version>> EtcdBackend::write_many(const std::vector<KeyWrite>& writes) {
  if (!capabilities().many_atomic) return Backend::write_many(writes);
  KSV_CHECK(check_count(writes.size(), operations_max_));
  Transaction transaction;
  std::int64_t lease = 0;
  for (const KeyWrite& write : writes) {
    const std::string path = KSV_TRY(paths_.path_of(write.key));
    transaction.then.push_back(PutOp{.key = path, .value = packed(write.bytes)});
  }
  if (ttl_) lease = KSV_TRY(client_.grant_lease(*ttl_));
  for (Op& op : transaction.then) std::get_if<PutOp>(&op)->lease = lease;
  const TransactionReply reply = KSV_TRY(client_.transact(transaction));
  note(reply.meta);
  return std::vector<Version>(writes.size(), Version{std::to_string(reply.meta.index)});
}

Result<std::vector<bool>> EtcdBackend::remove_many(const std::vector<std::string>& keys) {
  if (!capabilities().many_atomic) return Backend::remove_many(keys);
  KSV_CHECK(check_count(keys.size(), operations_max_));
  Transaction transaction;
  for (const std::string& key : keys) {
    const std::string path = KSV_TRY(paths_.path_of(key));
    transaction.then.push_back(DeleteOp{.key = path});
  }
  const TransactionReply reply = KSV_TRY(client_.transact(transaction));
  note(reply.meta);
  std::vector<bool> removed;
  for (const OpReply& each : reply.replies) removed.push_back(each.count > 0);
  return removed;
}

}  // namespace ksv::etcd
