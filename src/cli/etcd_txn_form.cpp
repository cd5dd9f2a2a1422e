// Reading transactions, and writing what came of them.
#include "cli/etcd_txn_form.h"

#include <array>
#include <charconv>

#include "cli/etcd_key.h"
#include "cli/etcd_node.h"

#include "backend/etcd/etcd_v3_keys.h"
#include "backend/etcd/etcd_v3_txn.h"
#include "codec/edn.h"
#include "core/plain_store.h"

namespace ksv::cli {
namespace {

using etcd::Compare;

Error wrong(const Value& part, const std::string& why) {
  return Error(ErrorCode::kUsage, edn_excerpt(part) + ": " + why)
      .with_hint("ksv help txn shows the form");
}

// Words are keywords or symbols, and strings in JSON. Empty: it is none.
std::string word_of(const Value& value) {
  if (value.is(Kind::kKeyword) || value.is(Kind::kSymbol)) return value.as_name().text();
  return value.is(Kind::kString) ? value.as_string() : std::string();
}

// A vector that begins with a word; empty: it does not.
std::string first_word(const Value& value) {
  const bool has_items = value.is_sequential() && !value.items().empty();
  return has_items ? word_of(value.items()[0]) : std::string();
}

struct KeyRange {
  std::string key;
  std::optional<std::string> end{};
};

bool is_directory_key(const Value& key) {
  if (key.is_sequential()) return !key.items().empty() && is_directory_key(key.items().back());
  return key.is(Kind::kString) && key.as_string().ends_with('/');
}

Result<KeyRange> read_key(const Value& key, const etcd::EtcdPlace& place) {
  const std::string inner = KSV_TRY(etcd_path_of(key));
  const std::string path = KSV_TRY(place.path_of(inner));
  if (!is_directory_key(key)) {
    if (inner == "/") return wrong(key, "the store itself is no key; \"/\" is all that is in it");
    return KeyRange{path};
  }
  const std::string directory = etcd::directory_key(path);
  return KeyRange{directory, etcd::range_end_of(directory)};
}

// The versions of keys are strings on the command line, and so are ids of leases.
Result<std::int64_t> read_number(const Value& value) {
  if (value.is(Kind::kLong) && value.as_long() >= 0) return value.as_long();
  if (value.is(Kind::kString)) {
    const std::string& text = value.as_string();
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && rest == end && number >= 0) return number;
  }
  return wrong(value, "it is not a whole number from 0");
}

struct TargetRow {
  std::string_view word;
  Compare::Target target;
};
constexpr std::array kTargets = {TargetRow{"value", Compare::Target::kValue},
                                 TargetRow{"version", Compare::Target::kWrites},
                                 TargetRow{"create-revision", Compare::Target::kCreated},
                                 TargetRow{"mod-revision", Compare::Target::kModified},
                                 TargetRow{"lease", Compare::Target::kLease}};

struct RelationRow {
  std::string_view word;
  Compare::Relation relation;
};
constexpr std::array kRelations = {
    RelationRow{"=", Compare::Relation::kEqual}, RelationRow{">", Compare::Relation::kGreater},
    RelationRow{"<", Compare::Relation::kLess}, RelationRow{"not=", Compare::Relation::kNotEqual},
    RelationRow{"!=", Compare::Relation::kNotEqual}};

// [:absent KEY], [:present KEY].
Result<Compare> read_presence(const Value& form, bool present, const etcd::EtcdPlace& place) {
  if (form.items().size() != 2) return wrong(form, "it takes one key");
  const KeyRange key = KSV_TRY(read_key(form.items()[1], place));
  if (key.end) {
    return present ? etcd::range_is_not_empty(key.key, *key.end)
                   : etcd::range_is_empty(key.key, *key.end);
  }
  return present ? etcd::key_is_there(key.key) : etcd::key_is_absent(key.key);
}

// [= [:value KEY] "1"].
Result<Compare> read_compare(const Value& form, const etcd::EtcdPlace& place) {
  const std::string word = first_word(form);
  if (word == "absent" || word == "present") return read_presence(form, word == "present", place);
  Compare compare;
  bool known = false;
  for (const RelationRow& row : kRelations) {
    if (row.word != word) continue;
    compare.relation = row.relation;
    known = true;
  }
  if (!known) return wrong(form, "it begins with none of = > < not= :absent :present");
  if (form.items().size() != 3) return wrong(form, "it compares two things");
  const Value& left = form.items()[1];
  const std::string target = first_word(left);
  known = false;
  for (const TargetRow& row : kTargets) {
    if (row.word != target) continue;
    compare.target = row.target;
    known = true;
  }
  if (!known || left.items().size() != 2) {
    return wrong(left,
                 "it is none of [:value KEY] [:version KEY] [:create-revision KEY] "
                 "[:mod-revision KEY] [:lease KEY]");
  }
  const KeyRange key = KSV_TRY(read_key(left.items()[1], place));
  compare.key = key.key;
  compare.range_end = key.end;
  if (compare.target == Compare::Target::kValue) {
    compare.value = plain_text_of(form.items()[2]);
  } else {
    compare.number = KSV_TRY(read_number(form.items()[2]));
  }
  return compare;
}

// What an operation is told beside its operands, in a map at its end.
struct Extras {
  std::int64_t lease = 0;
  std::int64_t limit = 0;
  bool previous = false;
};

Result<Extras> read_extras(const Value& form, std::size_t operands, std::string_view allowed) {
  Extras extras;
  if (form.items().size() == operands) return extras;
  const Value& map = form.items().back();
  if (form.items().size() != operands + 1 || !map.is(Kind::kMap)) {
    return wrong(form, "its operands are too few or too many");
  }
  for (const Table::Entry& entry : map.table()) {
    const std::string word = word_of(entry.key);
    if (word.empty() || allowed.find(word) == allowed.npos) {
      return wrong(map, "of options it has " + std::string(allowed));
    }
    if (word == "prev") extras.previous = entry.value.is_truthy();
    if (word == "lease") extras.lease = KSV_TRY(read_number(entry.value));
    if (word == "limit") extras.limit = KSV_TRY(read_number(entry.value));
  }
  return extras;
}

Result<etcd::Op> read_put(const Value& form, const etcd::EtcdPlace& place) {
  if (form.items().size() < 3) return wrong(form, "it takes a key and a value");
  const KeyRange key = KSV_TRY(read_key(form.items()[1], place));
  if (key.end) return wrong(form, "a key to write does not end with a slash");
  const Extras extras = KSV_TRY(read_extras(form, 3, "lease, prev"));
  etcd::PutOp put{.key = key.key, .value = plain_text_of(form.items()[2])};
  put.lease = extras.lease;
  put.previous = extras.previous;
  return etcd::Op(std::move(put));
}

Result<etcd::Op> read_op(const Value& form, const etcd::EtcdPlace& place) {
  const std::string word = first_word(form);
  if (word == "put") return read_put(form, place);
  if (word != "get" && word != "delete") {
    return wrong(form, "it is none of [:put KEY VALUE] [:delete KEY] [:get KEY]");
  }
  if (form.items().size() < 2) return wrong(form, "it takes a key");
  const KeyRange key = KSV_TRY(read_key(form.items()[1], place));
  if (word == "get") {
    const Extras extras = KSV_TRY(read_extras(form, 2, "limit"));
    return etcd::Op(etcd::RangeOp{.key = key.key, .range_end = key.end, .limit = extras.limit});
  }
  const Extras extras = KSV_TRY(read_extras(form, 2, "prev"));
  return etcd::Op(
      etcd::DeleteOp{.key = key.key, .range_end = key.end, .previous = extras.previous});
}

template <typename Part, typename Read>
Status read_list(const Value& list, const Read& read, std::vector<Part>* parts) {
  if (list.is_nil()) return ok();
  if (!list.is_sequential()) return wrong(list, "it is no vector of vectors");
  for (const Value& each : list.items()) parts->push_back(KSV_TRY(read(each)));
  return ok();
}

std::string shown_key(const std::string& key, bool is_range, const etcd::EtcdPlace& place) {
  if (!is_range) return "/" + place.key_of(key);
  const std::string path = key.size() > 1 ? key.substr(0, key.size() - 1) : key;
  return path == place.root() ? "/" : "/" + place.key_of(path) + "/";
}

void put_state(Value& map, const etcd::Node& node) {
  map.put(Value::keyword("value"), value_of_node(node));
  map.put(Value::keyword("version"), Value::string(std::to_string(node.modified)));
}

Value entries_of(const std::vector<etcd::Node>& nodes, const etcd::EtcdPlace& place) {
  Values entries;
  for (const etcd::Node& node : nodes) {
    const bool is_marker = node.path.size() > 1 && node.path.ends_with('/');
    Value map = Value::map();
    map.put(Value::keyword("key"), Value::string(shown_key(node.path, is_marker, place)));
    put_state(map, node);
    entries.push_back(std::move(map));
  }
  return Value::vector(std::move(entries));
}

Value value_of_op(const etcd::Op& op, const etcd::OpReply& reply, const etcd::EtcdPlace& place) {
  Value map = Value::map();
  if (const auto* put = std::get_if<etcd::PutOp>(&op)) {
    map.put(Value::keyword("put"), Value::string(shown_key(put->key, false, place)));
    if (!reply.nodes.empty()) {
      Value previous = Value::map();
      put_state(previous, reply.nodes.front());
      map.put(Value::keyword("prev"), std::move(previous));
    }
    return map;
  }
  if (const auto* removal = std::get_if<etcd::DeleteOp>(&op)) {
    const bool is_range = removal->range_end.has_value();
    map.put(Value::keyword("delete"), Value::string(shown_key(removal->key, is_range, place)));
    map.put(Value::keyword("count"), Value::integer(reply.count));
    if (removal->previous) map.put(Value::keyword("prev"), entries_of(reply.nodes, place));
    return map;
  }
  const auto& range = *std::get_if<etcd::RangeOp>(&op);
  const bool is_range = range.range_end.has_value();
  map.put(Value::keyword("get"), Value::string(shown_key(range.key, is_range, place)));
  if (is_range) {
    map.put(Value::keyword("count"), Value::integer(reply.count));
    map.put(Value::keyword("entries"), entries_of(reply.nodes, place));
  } else if (!reply.nodes.empty()) {
    put_state(map, reply.nodes.front());
  }
  return map;
}

}  // namespace

Result<etcd::Transaction> read_transaction(const Value& form, const etcd::EtcdPlace& place) {
  if (!form.is(Kind::kMap)) return wrong(form, "a transaction is a map of :if, :then and :else");
  etcd::Transaction transaction;
  const auto op = [&](const Value& each) { return read_op(each, place); };
  const auto compare = [&](const Value& each) { return read_compare(each, place); };
  for (const Table::Entry& entry : form.table()) {
    const std::string word = word_of(entry.key);
    if (word == "if") {
      KSV_CHECK(read_list(entry.value, compare, &transaction.compares));
    } else if (word == "then") {
      KSV_CHECK(read_list(entry.value, op, &transaction.then));
    } else if (word == "else") {
      KSV_CHECK(read_list(entry.value, op, &transaction.otherwise));
    } else {
      return wrong(entry.key, "a transaction has :if, :then and :else");
    }
  }
  if (transaction.then.empty() && transaction.otherwise.empty()) {
    return wrong(form, "it has nothing to do");
  }
  return transaction;
}

Value value_of_reply(const etcd::TransactionReply& reply, const etcd::Transaction& transaction,
                     const etcd::EtcdPlace& place) {
  const std::vector<etcd::Op>& ops = reply.succeeded ? transaction.then : transaction.otherwise;
  Value map = Value::map();
  map.put(Value::keyword("succeeded"), Value::boolean(reply.succeeded));
  map.put(Value::keyword("revision"), Value::integer(reply.meta.index));
  Values responses;
  for (std::size_t i = 0; i < reply.replies.size() && i < ops.size(); ++i) {
    responses.push_back(value_of_op(ops[i], reply.replies[i], place));
  }
  map.put(Value::keyword("responses"),
          reply.settled ? Value() : Value::vector(std::move(responses)));
  return map;
}

}  // namespace ksv::cli
