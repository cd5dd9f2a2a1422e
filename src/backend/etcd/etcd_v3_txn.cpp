// Writes v3's transactions, and reads their answers.
#include "backend/etcd/etcd_v3_txn.h"

namespace ksv::etcd {
namespace {

std::string_view target_word(Compare::Target target) {
  switch (target) {
    case Compare::Target::kValue: return "VALUE";
    case Compare::Target::kModified: return "MOD";
    case Compare::Target::kCreated: return "CREATE";
    case Compare::Target::kWrites: return "VERSION";
    case Compare::Target::kLease: return "LEASE";
  }
  return "";
}

std::string_view target_field(Compare::Target target) {
  switch (target) {
    case Compare::Target::kValue: return "value";
    case Compare::Target::kModified: return "mod_revision";
    case Compare::Target::kCreated: return "create_revision";
    case Compare::Target::kWrites: return "version";
    case Compare::Target::kLease: return "lease";
  }
  return "";
}

std::string_view relation_word(Compare::Relation relation) {
  switch (relation) {
    case Compare::Relation::kEqual: return "EQUAL";
    case Compare::Relation::kGreater: return "GREATER";
    case Compare::Relation::kLess: return "LESS";
    case Compare::Relation::kNotEqual: return "NOT_EQUAL";
  }
  return "";
}

Compare number_compare(const std::string& key, Compare::Target target, Compare::Relation relation,
                       std::int64_t number) {
  Compare compare;
  compare.key = key;
  compare.target = target;
  compare.relation = relation;
  compare.number = number;
  return compare;
}

std::string wrapped(std::string_view name, std::string_view text) {
  return ObjectText().json(name, text).take();
}

}  // namespace

std::string range_text(const RangeQuery& query) {
  ObjectText text;
  text.bytes("key", query.key);
  if (query.range_end) text.bytes("range_end", *query.range_end);
  text.number("limit", query.limit).number("revision", query.revision);
  if (query.newest_first) text.word("sort_order", "DESCEND").word("sort_target", "KEY");
  return text.flag("serializable", query.stale).flag("keys_only", query.keys_only).take();
}

std::string delete_text(const DeleteOp& op) {
  ObjectText text;
  text.bytes("key", op.key);
  if (op.range_end) text.bytes("range_end", *op.range_end);
  return text.flag("prev_kv", op.previous).take();
}

std::string put_text(const PutOp& op, bool keeps_value) {
  ObjectText text;
  text.bytes("key", op.key);
  if (!keeps_value) text.bytes("value", op.value);
  text.number("lease", op.lease).flag("prev_kv", op.previous);
  return text.flag("ignore_value", keeps_value).take();
}

std::string compare_text(const Compare& compare) {
  ObjectText text;
  text.bytes("key", compare.key);
  if (compare.range_end) text.bytes("range_end", *compare.range_end);
  text.word("target", target_word(compare.target));
  text.word("result", relation_word(compare.relation));
  const std::string_view field = target_field(compare.target);
  if (compare.target == Compare::Target::kValue) {
    text.bytes(field, compare.value);
  } else {
    // Written even when it is zero: of the kinds of what is compared, one has to be there.
    text.json(field, "\"" + std::to_string(compare.number) + "\"");
  }
  return text.take();
}

bool has_write(const std::vector<Op>& ops) {
  for (const Op& op : ops) {
    if (std::get_if<RangeOp>(&op) == nullptr) return true;
  }
  return false;
}

std::string TxnText::range(const RangeQuery& query) {
  return wrapped("request_range", range_text(query));
}

std::string TxnText::put(const PutOp& op, bool keeps_value) {
  return wrapped("request_put", put_text(op, keeps_value));
}

std::string TxnText::remove(const DeleteOp& op) {
  return wrapped("request_delete_range", delete_text(op));
}

std::string TxnText::nested(const TxnText& txn) { return wrapped("request_txn", txn.take()); }

std::string TxnText::take() const {
  ObjectText text;
  return text.list("compare", compares).list("success", then).list("failure", otherwise).take();
}

OpAnswer read_range(const Json& answer, FieldReader* reader) {
  OpAnswer op;
  op.nodes = reader->nodes(answer, "kvs");
  op.count = reader->number(answer, "count");
  op.more = reader->flag(answer, "more");
  return op;
}

TxnAnswer read_txn(const Json& answer, FieldReader* reader) {
  TxnAnswer txn;
  txn.meta = reader->meta(answer);
  txn.succeeded = reader->flag(answer, "succeeded");
  for (const Json& each : reader->list(answer, "responses")) {
    OpAnswer op;
    if (const Json* range = reader->find(each, "response_range")) {
      op = read_range(*range, reader);
    } else if (const Json* put = reader->find(each, "response_put")) {
      if (const Json* previous = reader->find(*put, "prev_kv")) {
        op.nodes.push_back(reader->node(*previous));
      }
    } else if (const Json* removed = reader->find(each, "response_delete_range")) {
      op.nodes = reader->nodes(*removed, "prev_kvs");
      op.count = reader->number(*removed, "deleted");
    }
    txn.ops.push_back(std::move(op));
  }
  return txn;
}

Compare key_is_absent(const std::string& key) {
  return number_compare(key, Compare::Target::kCreated, Compare::Relation::kEqual, 0);
}

Compare key_is_there(const std::string& key) {
  return number_compare(key, Compare::Target::kCreated, Compare::Relation::kGreater, 0);
}

Compare key_was_modified_at(const std::string& key, std::int64_t revision) {
  return number_compare(key, Compare::Target::kModified, Compare::Relation::kEqual, revision);
}

Compare key_has_value(const std::string& key, BytesView value) {
  Compare compare = number_compare(key, Compare::Target::kValue, Compare::Relation::kEqual, 0);
  compare.value = copy_of(value);
  return compare;
}

Compare range_is_empty(const std::string& from, const std::string& end) {
  Compare compare = number_compare(from, Compare::Target::kWrites, Compare::Relation::kEqual, 0);
  compare.range_end = end;
  return compare;
}

Compare range_is_not_empty(const std::string& from, const std::string& end) {
  Compare compare = number_compare(from, Compare::Target::kWrites, Compare::Relation::kGreater, 0);
  compare.range_end = end;
  return compare;
}

}  // namespace ksv::etcd
