// Writing and removing several keys in one step, by a transaction of v3.
#include "backend/etcd/etcd_backend.h"
#include "backend/etcd/etcd_txn.h"

namespace ksv::etcd {
namespace {

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
