// The text of v3's transactions and of what they are made of, and what their answers say.
#pragma once

#include <string>
#include <vector>

#include "backend/etcd/etcd_txn.h"
#include "backend/etcd/etcd_v3_json.h"

namespace ksv::etcd {

struct RangeQuery {
  std::string key;
  std::optional<std::string> range_end{};
  std::int64_t limit = 0;
  std::int64_t revision = 0;
  bool stale = false;
  bool keys_only = false;
  bool newest_first = false;  // by key, the last one first
};
std::string range_text(const RangeQuery& query);
std::string delete_text(const DeleteOp& op);
// With `keeps_value` the key's value stays as it is, whatever the op says.
std::string put_text(const PutOp& op, bool keeps_value = false);
std::string compare_text(const Compare& compare);

// Whether one of them does more than read.
bool has_write(const std::vector<Op>& ops);

// The three parts of a transaction, already as text.
struct TxnText {
  std::vector<std::string> compares{};
  std::vector<std::string> then{};
  std::vector<std::string> otherwise{};

  static std::string range(const RangeQuery& query);
  static std::string put(const PutOp& op, bool keeps_value = false);
  static std::string remove(const DeleteOp& op);
  static std::string nested(const TxnText& txn);
  std::string take() const;
};

struct OpAnswer {
  std::vector<Node> nodes{};
  std::int64_t count = 0;
  bool more = false;
};
struct TxnAnswer {
  Meta meta;
  bool succeeded = false;
  std::vector<OpAnswer> ops{};
};
TxnAnswer read_txn(const Json& answer, FieldReader* reader);
OpAnswer read_range(const Json& answer, FieldReader* reader);

// Conditions on one key, or on all keys of a range; those of a range hold of an empty one when they
// hold of a key that never was (revisions and writes of 0).
Compare key_is_absent(const std::string& key);
Compare key_is_there(const std::string& key);
Compare key_was_modified_at(const std::string& key, std::int64_t revision);
Compare key_has_value(const std::string& key, BytesView value);
Compare range_is_empty(const std::string& from, const std::string& end);
Compare range_is_not_empty(const std::string& from, const std::string& end);

}  // namespace ksv::etcd
