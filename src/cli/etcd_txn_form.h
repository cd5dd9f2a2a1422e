// The readable form of etcd's transactions (doc/etcd.md, "Transactions").
#pragma once

#include "ksv/value.h"

#include "backend/etcd/etcd_place.h"
#include "backend/etcd/etcd_txn.h"

namespace ksv::cli {

// {:if [[= [:value "/a"] "1"] [:absent "/b"]] :then [[:put "/a" "2"]] :else [[:get "/a"]]}, or the
// same as JSON. Keys are paths within the store, those with a slash at their end all that is below.
// kUsage, with the part that is wrong.
Result<etcd::Transaction> read_transaction(const Value& form, const etcd::EtcdPlace& place);

// {:succeeded true, :revision 7, :responses [...]}: for each operation that was done a map of its
// word and key, and of what it found. Responses that were lost with the answer are nil.
Value value_of_reply(const etcd::TransactionReply& reply, const etcd::Transaction& transaction,
                     const etcd::EtcdPlace& place);

}  // namespace ksv::cli
