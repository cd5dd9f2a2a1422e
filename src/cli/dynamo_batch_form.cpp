// Reads the items and keys of a batch, and checks them.
#include "cli/dynamo_batch_form.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "ksv/limits.h"

#include "backend/dynamodb/dynamo_item_place.h"
#include "backend/dynamodb/dynamo_item_text.h"
#include "backend/dynamodb/dynamo_json.h"
#include "base/json_slice.h"
#include "base/read_source.h"
#include "codec/dynamo_item.h"
#include "codec/edn.h"

namespace ksv::cli {
namespace {

using dynamodb::TableState;

// A scalar is that of a key, and has no type.
Result<Value> read_typed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool is_object = start != text.npos && text[start] == '{';
  return is_object ? read_typed_json(text) : read_plain_json(text);
}

// An object or a scalar a line.
Result<Values> read_lines(std::string_view text, bool typed) {
  Values values;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    auto value = typed ? read_typed(line) : read_plain_json(line);
    if (!value.has_value()) {
      return std::move(value).error().with_context("line " + std::to_string(number));
    }
    values.push_back(*std::move(value));
  }
  return values;
}

Result<Values> read_forms(std::string_view text) {
  Values values;
  EdnStream stream(text);
  for (;;) {
    auto next = stream.next();
    if (!next.has_value()) return std::move(next).error();
    if (!*next) return values;
    values.push_back(**std::move(next));
  }
}

bool is_list(const Value& value) {
  return value.is(Kind::kVector) || value.is(Kind::kList) || value.is(Kind::kSeq);
}

// One task as it was written, before it is checked against the table.
struct Written {
  Value shown;
  Value content;  // an item or a key
  bool is_removal = false;
};

Result<Written> read_task(const Value& value, bool removes) {
  Written task{.shown = value, .content = value, .is_removal = removes};
  const bool is_pair =
      value.is(Kind::kVector) && value.items().size() == 2 && value.items()[0].is(Kind::kKeyword);
  if (!is_pair) return task;
  const std::string word = value.items()[0].as_name().text();
  if (word != "put" && word != "delete") {
    return Error(ErrorCode::kUsage, edn_excerpt(value) + " is neither :put nor :delete");
  }
  task.is_removal = word == "delete";
  task.content = value.items()[1];
  return task;
}

Status expand_into(const Written& task, std::vector<Written>* tasks) {
  for (Value& one : KSV_TRY(expand_multi_values(task.content))) {
    Written expanded{.shown = one, .content = one, .is_removal = task.is_removal};
    if (task.shown.is(Kind::kVector)) {
      expanded.shown = Value::vector({task.shown.items()[0], std::move(one)});
    }
    tasks->push_back(std::move(expanded));
  }
  return ok();
}

// The table, where the user may look at its description.
Result<std::optional<TableState>> find_table(dynamodb::ItemPlace& place) {
  auto table = place.items().table();
  if (table.has_value()) return std::optional<TableState>(*std::move(table));
  if (table.error().code() == ErrorCode::kDenied) return std::optional<TableState>();
  return std::move(table).error();
}

// The key attributes of an item.
Result<std::string> key_of(const TableState& table, const std::string& item, const Value& shown) {
  const JsonMembers members = KSV_TRY(json_members(item));
  dynamodb::ObjectText key;
  for (const auto& [name, type] :
       {std::pair{table.hash_key, table.hash_type}, std::pair{table.range_key, table.range_type}}) {
    if (name.empty()) continue;
    const auto value = find_member(members, name);
    if (!value) {
      return Error(ErrorCode::kUsage,
                   edn_excerpt(shown) + " has no " + name + ", which is of the table's key");
    }
    const JsonMembers typed = KSV_TRY(json_members(*value));
    if (!type.empty() && (typed.empty() || typed[0].first != type)) {
      return Error(ErrorCode::kUsage,
                   edn_excerpt(shown) + ": the table's key has a " + name + " of the type " + type);
    }
    if (*value == R"({"S":""})" || *value == R"({"B":""})") {
      return Error(ErrorCode::kUsage,
                   edn_excerpt(shown) + ": " + name + " is empty, but it is of the table's key");
    }
    key.json(name, *value);
  }
  return dynamodb::canonical_item(key.take());
}

// Puts the task into the batch, in the place of one with the same key.
Status add_task(Session& session, const std::optional<TableState>& table, Written task,
                std::map<std::string, std::size_t>* known, std::vector<BatchTask>* tasks) {
  if (task.is_removal && !task.content.is(Kind::kMap)) {
    task.content = KSV_TRY(session.key(print_edn(task.content)));
  }
  if (!task.content.is(Kind::kMap)) {
    return Error(ErrorCode::kUsage, "an item is a map, got " + edn_excerpt(task.content));
  }
  std::string json = KSV_TRY(write_item(task.content));
  BatchTask made{.shown = std::move(task.shown), .write = {}};
  std::size_t at = tasks->size();
  if (table) {
    std::string key = KSV_TRY(key_of(*table, json, made.shown));
    if (task.is_removal) json = key;
    at = known->insert({std::move(key), at}).first->second;
  }
  (task.is_removal ? made.write.key : made.write.item) = std::move(json);
  if (at == tasks->size()) {
    tasks->push_back(std::move(made));
  } else {
    (*tasks)[at] = std::move(made);
  }
  return ok();
}

// Says of which of several something is wrong.
Status of_number(Status status, std::size_t number, std::size_t count) {
  if (status.has_value() || count == 1) return status;
  return std::move(status).error().with_context("number " + std::to_string(number));
}

}  // namespace

Result<Values> read_batch(Session& session, const Arguments& arguments) {
  KSV_CHECK(session.find_spec());  // which decides how JSON is read
  const bool is_json = session.typed_json() || session.syntax() == ValueSyntax::kExactJson;
  Values all;
  for (const std::string& operand : arguments.operands) {
    if (operand != "-" && !operand.starts_with('@')) {
      Value value =
          KSV_TRY(session.typed_json() ? read_typed(operand) : session.value(operand, "ITEM"));
      all.push_back(std::move(value));
      continue;
    }
    const std::string name = operand == "-" ? "standard input" : operand.substr(1);
    const ByteSource source =
        KSV_TRY(open_source(session.env(), operand == "-" ? operand : operand.substr(1)));
    const Bytes bytes = KSV_TRY(read_source(source, limits::kValueBytesMax, "a batch"));
    const std::string_view text = text_of(BytesView(bytes));
    auto values = is_json ? read_lines(text, session.typed_json()) : read_forms(text);
    if (!values.has_value()) return std::move(values).error().with_context(name);
    std::move(values->begin(), values->end(), std::back_inserter(all));
  }
  return all;
}

Result<Values> expand_multi_values(const Value& map) {
  if (!map.is(Kind::kMap)) return Values{map};
  Value single = Value::map();
  const Table::Entry* several = nullptr;
  for (const Table::Entry& entry : map.table()) {
    const bool has_list = is_list(entry.value);
    const std::size_t count = has_list ? entry.value.items().size() : 1;
    if (count == 0) {
      return Error(ErrorCode::kUsage, edn_excerpt(map) + ": a list without values names no item");
    }
    if (count > 1 && several != nullptr) {
      return Error(ErrorCode::kUsage,
                   edn_excerpt(map) + ": only one attribute can have several values");
    }
    if (count > 1) several = &entry;
    single.put(entry.key, has_list ? entry.value.items()[0] : entry.value);
  }
  if (several == nullptr) return Values{std::move(single)};
  Values expanded;
  for (const Value& value : several->value.items()) {
    Value one = single;
    one.put(several->key, value);
    expanded.push_back(std::move(one));
  }
  return expanded;
}

Result<std::vector<BatchTask>> read_batch_tasks(Session& session, const Arguments& arguments) {
  dynamodb::ItemPlace* place = KSV_TRY(session.dynamo());
  const bool removes = arguments.has("delete");
  std::vector<Written> written;
  {
    const Values values = KSV_TRY(read_batch(session, arguments));
    std::size_t number = 0;
    for (const Value& value : values) {
      const auto read = [&]() -> Status {
        Written task = KSV_TRY(read_task(value, removes));
        if (arguments.has("multi-values")) return expand_into(task, &written);
        written.push_back(std::move(task));
        return ok();
      };
      KSV_CHECK(of_number(read(), ++number, values.size()));
    }
  }
  std::vector<BatchTask> tasks;
  if (written.empty()) return tasks;
  const std::optional<TableState> table = KSV_TRY(find_table(*place));
  std::map<std::string, std::size_t> known;
  std::size_t number = 0;
  for (Written& task : written) {
    KSV_CHECK(of_number(add_task(session, table, std::move(task), &known, &tasks), ++number,
                        written.size()));
  }
  for (BatchTask& task : tasks) task.write.table = place->table();
  return tasks;
}

Result<std::vector<std::string>> read_batch_keys(Session& session, const Arguments& arguments) {
  std::set<std::string> keys;  // the service refuses one that is named twice
  const Values values = KSV_TRY(read_batch(session, arguments));
  std::size_t number = 0;
  for (const Value& value : values) {
    const auto read = [&]() -> Status {
      Values expanded{value};
      if (arguments.has("multi-values")) expanded = KSV_TRY(expand_multi_values(value));
      for (const Value& one : expanded) {
        const Value key = one.is(Kind::kMap) ? one : KSV_TRY(session.key(print_edn(one)));
        const std::string json = KSV_TRY(write_item(key));
        keys.insert(KSV_TRY(dynamodb::canonical_item(json)));
      }
      return ok();
    };
    KSV_CHECK(of_number(read(), ++number, values.size()));
  }
  return std::vector<std::string>(keys.begin(), keys.end());
}

OptionSpec multi_values_option() {
  return {.name = "multi-values",
          .help = "a list stands for several: {:id [1 2]} is {:id 1} and {:id 2}, as in faraday"};
}

}  // namespace ksv::cli
