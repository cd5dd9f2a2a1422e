// v3's transactions as data: compares, and what is done when all hold or when one does not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "backend/etcd/etcd_client.h"

namespace ksv::etcd {

// The most that a server takes in one list (its --max-txn-ops).
constexpr std::size_t kTransactionOpsMax = 128;

struct Compare {
  enum class Target { kValue, kModified, kCreated, kWrites, kLease };
  enum class Relation { kEqual, kGreater, kLess, kNotEqual };
  std::string key;
  std::optional<std::string> range_end{};  // every key of the range must satisfy it
  Target target = Target::kModified;
  Relation relation = Relation::kEqual;
  Bytes value{};            // for kValue
  std::int64_t number = 0;  // for the others
};

struct PutOp {
  std::string key;
  Bytes value{};
  std::int64_t lease = 0;
  bool previous = false;
};
struct RangeOp {
  std::string key;
  std::optional<std::string> range_end{};
  std::int64_t limit = 0;
};
struct DeleteOp {
  std::string key;
  std::optional<std::string> range_end{};
  bool previous = false;
};
using Op = std::variant<PutOp, RangeOp, DeleteOp>;

// Keys are v3's own, byte for byte, without the reading of paths and directories.
struct Transaction {
  std::vector<Compare> compares{};  // none: they hold
  std::vector<Op> then{};
  std::vector<Op> otherwise{};
  // A key of its own, which goes along with what is written and so proves it where the answer is
  // lost (etcd_v3_proof.cpp). Empty: nothing does.
  std::string proof{};
};

// What one op did: the previous states of a put or delete, what a range found.
struct OpReply {
  std::vector<Node> nodes{};
  std::int64_t count = 0;  // deleted, or found
};
struct TransactionReply {
  Meta meta;
  bool succeeded = false;
  std::vector<OpReply> replies{};  // in the order of the list that was done
  bool settled = false;            // by the proof; `replies` were lost with the answer
};

}  // namespace ksv::etcd
