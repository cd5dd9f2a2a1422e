// From options to CreateTable and UpdateTable (Amazon DynamoDB API Reference).
#include "cli/dynamo_table_form.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "cli/input.h"

#include "ksv/limits.h"

#include "backend/dynamodb/dynamo_json.h"
#include "backend/dynamodb/dynamo_table_life.h"
#include "base/read_source.h"
#include "codec/edn.h"
#include "codec/json_view.h"

namespace ksv::cli {
namespace {

using dynamodb::array_text;
using dynamodb::KeyAttribute;
using dynamodb::ObjectText;

constexpr std::uint64_t kUnitsMax = 1'000'000'000;

// Attributes of keys are defined once, by name.
using Definitions = std::map<std::string, std::string>;

Status define(const KeyAttribute& key, Definitions* definitions) {
  const auto [at, is_new] = definitions->insert({key.name, key.type});
  if (is_new || at->second == key.type) return ok();
  return Error(ErrorCode::kUsage, "the attribute " + key.name + " has two types");
}

std::string definitions_text(const Definitions& definitions) {
  std::vector<std::string> texts;
  for (const auto& [name, type] : definitions) {
    texts.push_back(ObjectText().text("AttributeName", name).text("AttributeType", type).take());
  }
  return array_text(texts);
}

Result<std::string> schema_text(const std::string& hash, const std::string& range,
                                Definitions* definitions) {
  std::vector<std::string> texts;
  for (const auto& [text, kind] : {std::pair{hash, "HASH"}, std::pair{range, "RANGE"}}) {
    if (text.empty()) continue;
    const KeyAttribute key = KSV_TRY(dynamodb::parse_key_attribute(text));
    KSV_CHECK(define(key, definitions));
    texts.push_back(ObjectText().text("AttributeName", key.name).text("KeyType", kind).take());
  }
  return array_text(texts);
}

Result<std::string> throughput_text(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) {
    return Error(ErrorCode::kUsage,
                 "--throughput: \"" + std::string(text) + "\" is not READ:WRITE, such as 5:5");
  }
  const std::string_view write = text.substr(colon + 1);
  const std::uint64_t reads = KSV_TRY(read_count(text.substr(0, colon), "--throughput", kUnitsMax));
  const std::uint64_t writes = KSV_TRY(read_count(write, "--throughput", kUnitsMax));
  if (reads == 0 || writes == 0) {
    return Error(ErrorCode::kUsage, "--throughput: at least 1 unit of each, as 5:5");
  }
  return ObjectText()
      .number("ReadCapacityUnits", static_cast<std::int64_t>(reads))
      .number("WriteCapacityUnits", static_cast<std::int64_t>(writes))
      .take();
}

std::string upper_word(std::string_view word) {
  std::string text(word);
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == '-') c = '_';
  }
  return text;
}

std::string stream_text(const std::string& view) {
  if (view == "off") return R"({"StreamEnabled":false})";
  return ObjectText().flag("StreamEnabled", true).text("StreamViewType", upper_word(view)).take();
}

std::string text_of(const Value* value) {
  if (value == nullptr) return "";
  if (value->is(Kind::kString)) return value->as_string();
  if (value->is(Kind::kKeyword) || value->is(Kind::kSymbol)) return value->as_name().text();
  return "";
}

Result<std::string> projection_text(const Value* projection) {
  if (projection != nullptr && projection->is(Kind::kVector)) {
    std::vector<std::string> names;
    for (const Value& item : projection->items()) {
      std::string name;
      append_json_string(name, text_of(&item));
      names.push_back(std::move(name));
    }
    return ObjectText()
        .text("ProjectionType", "INCLUDE")
        .json("NonKeyAttributes", array_text(names))
        .take();
  }
  const std::string word = projection == nullptr ? "all" : text_of(projection);
  if (word != "all" && word != "keys-only") {
    return Error(ErrorCode::kUsage, "--index: :projection is :all, :keys-only or a vector");
  }
  return ObjectText().text("ProjectionType", upper_word(word)).take();
}

Result<Values> indexes_of(Session& session, const Arguments& arguments) {
  const std::string* text = arguments.find("index");
  if (text == nullptr) return Values();
  Value given = KSV_TRY(read_value(session.env(), *text, ValueSyntax::kEdn, "--index"));
  Values indexes;
  if (given.is(Kind::kVector)) {
    indexes = given.items();
  } else {
    indexes.push_back(std::move(given));
  }
  for (const Value& index : indexes) {
    const std::string name = index.is(Kind::kMap) ? text_of(field(index, "name")) : "";
    if (dynamodb::check_table_name(name).has_value()) continue;
    return Error(ErrorCode::kUsage, "--index: " + edn_excerpt(index) + " has no good :name")
        .with_hint("A name has 3 to 255 of A-Z a-z 0-9 _ - and the dot");
  }
  return indexes;
}

// The body of an index that is to be made. `hash` is the table's, which local ones share.
Result<std::string> index_text(const Value& index, const std::string& hash,
                               Definitions* definitions) {
  ObjectText body;
  const std::string schema =
      KSV_TRY(schema_text(hash, text_of(field(index, "range-key")), definitions));
  const std::string projection = KSV_TRY(projection_text(field(index, "projection")));
  body.text("IndexName", text_of(field(index, "name")))
      .json("KeySchema", schema)
      .json("Projection", projection);
  if (const Value* units = field(index, "throughput")) {
    const std::string throughput = KSV_TRY(throughput_text(text_of(units)));
    body.json("ProvisionedThroughput", throughput);
  }
  return body.take();
}

// The members of `from` that are named, those that are there.
Value part_of(const Value& from, std::initializer_list<const char*> names) {
  Value part = Value::map();
  for (const char* name : names) {
    if (const Value* value = field(from, name)) part.put(Value::keyword(name), *value);
  }
  return part;
}

// The same units in all that have some; none where the table is billed by request.
void put_throughput(const Value& from, bool is_provisioned, Value* to) {
  const Value* units = field(from, "ProvisionedThroughput");
  if (!is_provisioned || units == nullptr) return;
  to->put(Value::keyword("ProvisionedThroughput"),
          part_of(*units, {"ReadCapacityUnits", "WriteCapacityUnits"}));
}

// A description is what CreateTable takes, and more.
Result<std::string> body_of_description(const Value& given, const std::string& table) {
  const Value* inner = given.is(Kind::kMap) ? field(given, "Table") : nullptr;
  const Value& description = inner != nullptr ? *inner : given;
  if (!description.is(Kind::kMap) || field(description, "KeySchema") == nullptr) {
    return Error(ErrorCode::kUsage, "--from: there is no description of a table")
        .with_hint("table describe prints one");
  }
  const Value* billing = field(description, "BillingModeSummary");
  const bool is_provisioned =
      billing == nullptr || text_of(field(*billing, "BillingMode")) != "PAY_PER_REQUEST";
  Value body = part_of(description, {"AttributeDefinitions", "KeySchema", "StreamSpecification",
                                     "DeletionProtectionEnabled"});
  body.put(Value::keyword("TableName"), Value::string(table));
  body.put(Value::keyword("BillingMode"),
           Value::string(is_provisioned ? "PROVISIONED" : "PAY_PER_REQUEST"));
  put_throughput(description, is_provisioned, &body);
  for (const char* kind : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
    const Value* indexes = field(description, kind);
    if (indexes == nullptr || !indexes->is(Kind::kVector) || indexes->items().empty()) continue;
    Values made;
    for (const Value& index : indexes->items()) {
      if (!index.is(Kind::kMap)) continue;
      Value one = part_of(index, {"IndexName", "KeySchema", "Projection"});
      if (kind[0] == 'G') put_throughput(index, is_provisioned, &one);
      made.push_back(std::move(one));
    }
    body.put(Value::keyword(kind), Value::vector(std::move(made)));
  }
  return print_json(body);
}

// The description in a file or on standard input, JSON or EDN.
Result<NewTable> read_from(Session& session, const std::string& path, const std::string& table) {
  auto source = open_source(session.env(), path);
  if (!source.has_value()) return std::move(source).error().with_context("--from");
  const Bytes bytes = KSV_TRY(read_source(*source, limits::kValueBytesMax, "a description"));
  const std::string_view text = ksv::text_of(BytesView(bytes));
  auto description = read_json(text, JsonKeys::kKeywords);
  if (!description.has_value()) description = read_edn(text);
  if (!description.has_value()) return std::move(description).error().with_context("--from");
  NewTable made;
  made.body = KSV_TRY(body_of_description(*description, table));
  const Value* ttl = field(*description, "TimeToLiveDescription");
  if (ttl != nullptr && ttl->is(Kind::kMap))
    made.ttl_attribute = text_of(field(*ttl, "AttributeName"));
  return made;
}

// Throughput and billing: what both requests say alike.
Status add_billing(const Arguments& arguments, ObjectText* body) {
  const std::string* throughput = arguments.find("throughput");
  const std::string* billing = arguments.find("billing");
  const bool on_demand = billing != nullptr && *billing == "pay-per-request";
  if (throughput != nullptr && on_demand) {
    return Error(ErrorCode::kUsage, "--throughput says nothing to a table that pays per request");
  }
  if (billing != nullptr) body->text("BillingMode", upper_word(*billing));
  if (throughput == nullptr) return ok();
  const std::string units = KSV_TRY(throughput_text(*throughput));
  body->json("ProvisionedThroughput", units);
  return ok();
}

bool is_same_throughput(const Arguments& arguments, const Value& description) {
  const Value* now = field(description, "ProvisionedThroughput");
  const std::string* wanted = arguments.find("throughput");
  if (now == nullptr || wanted == nullptr || arguments.has("billing")) return false;
  const Value* reads = field(*now, "ReadCapacityUnits");
  const Value* writes = field(*now, "WriteCapacityUnits");
  if (reads == nullptr || writes == nullptr) return false;
  return *wanted == print_edn(*reads) + ":" + print_edn(*writes);
}

Result<std::string> index_change(const Value& index, Definitions* definitions) {
  const std::string name = text_of(field(index, "name"));
  const std::string operation = text_of(field(index, "operation"));
  if (operation == "delete") {
    return "{\"Delete\":" + ObjectText().text("IndexName", name).take() + "}";
  }
  if (operation == "update") {
    const std::string units = KSV_TRY(throughput_text(text_of(field(index, "throughput"))));
    return "{\"Update\":" +
           ObjectText().text("IndexName", name).json("ProvisionedThroughput", units).take() + "}";
  }
  if (operation != "create") {
    return Error(ErrorCode::kUsage, "--index: :operation is :create, :update or :delete");
  }
  const std::string hash = text_of(field(index, "hash-key"));
  if (hash.empty()) {
    return Error(ErrorCode::kUsage,
                 "--index: a table that is there takes no more local indexes, "
                 "and a global one needs a :hash-key");
  }
  const std::string body = KSV_TRY(index_text(index, hash, definitions));
  return "{\"Create\":" + body + "}";
}

// The body of CreateTable by the options.
Result<std::string> create_table_body(Session& session, const Arguments& arguments,
                                      const std::string& table) {
  const std::string* hash = arguments.find("hash-key");
  if (hash == nullptr) {
    return Error(ErrorCode::kUsage, "a table needs to know what its key is")
        .with_hint("Say --hash-key NAME:TYPE, such as id:n, or --from FILE");
  }
  const std::string* range = arguments.find("range-key");
  Definitions definitions;
  const std::string schema =
      KSV_TRY(schema_text(*hash, range == nullptr ? "" : *range, &definitions));
  std::vector<std::string> local;
  std::vector<std::string> global;
  const Values indexes = KSV_TRY(indexes_of(session, arguments));
  for (const Value& index : indexes) {
    const std::string own_hash = text_of(field(index, "hash-key"));
    std::string text =
        KSV_TRY(index_text(index, own_hash.empty() ? *hash : own_hash, &definitions));
    (own_hash.empty() ? local : global).push_back(std::move(text));
  }
  ObjectText body;
  body.text("TableName", table).json("KeySchema", schema);
  body.json("AttributeDefinitions", definitions_text(definitions));
  if (!local.empty()) body.json("LocalSecondaryIndexes", array_text(local));
  if (!global.empty()) body.json("GlobalSecondaryIndexes", array_text(global));
  if (!arguments.has("throughput") && !arguments.has("billing")) {
    body.text("BillingMode", "PAY_PER_REQUEST");
  }
  KSV_CHECK(add_billing(arguments, &body));
  if (const std::string* stream = arguments.find("stream")) {
    body.json("StreamSpecification", stream_text(*stream));
  }
  return body.take();
}

// A table that becomes provisioned needs units for each global index, too: the same, where --index
// names no others.
Status add_index_units(const Arguments& arguments, const Value& now, const Values& named,
                       std::vector<std::string>* changes) {
  const std::string* billing = arguments.find("billing");
  const std::string* throughput = arguments.find("throughput");
  const Value* present = field(now, "GlobalSecondaryIndexes");
  const bool is_wanted = billing != nullptr && *billing == "provisioned" && throughput != nullptr;
  if (!is_wanted || present == nullptr || !present->is(Kind::kVector)) return ok();
  const std::string units = KSV_TRY(throughput_text(*throughput));
  for (const Value& index : present->items()) {
    const std::string name = text_of(field(index, "IndexName"));
    const bool is_named = std::any_of(named.begin(), named.end(), [&](const Value& other) {
      return text_of(field(other, "name")) == name;
    });
    if (is_named) continue;
    changes->push_back(
        "{\"Update\":" +
        ObjectText().text("IndexName", name).json("ProvisionedThroughput", units).take() + "}");
  }
  return ok();
}

}  // namespace

Result<NewTable> read_new_table(Session& session, const Arguments& arguments,
                                const std::string& table) {
  const std::string* ttl = arguments.find("ttl-attr");
  if (const std::string* path = arguments.find("from")) {
    for (const char* other :
         {"hash-key", "range-key", "throughput", "billing", "index", "stream"}) {
      if (!arguments.has(other)) continue;
      return Error(ErrorCode::kUsage,
                   "--from says all of the table, so --" + std::string(other) + " cannot be given");
    }
    NewTable made = KSV_TRY(read_from(session, *path, table));
    if (ttl != nullptr) made.ttl_attribute = *ttl;
    return made;
  }
  NewTable made;
  made.body = KSV_TRY(create_table_body(session, arguments, table));
  if (ttl != nullptr) made.ttl_attribute = *ttl;
  return made;
}

Result<std::string> update_table_body(Session& session, const Arguments& arguments,
                                      const std::string& table, const std::string& description) {
  const Value now = KSV_TRY(read_json(description, JsonKeys::kKeywords));
  const std::string nothing = ObjectText().text("TableName", table).take();
  ObjectText body;
  body.text("TableName", table);
  if (!is_same_throughput(arguments, now)) KSV_CHECK(add_billing(arguments, &body));
  const Values indexes = KSV_TRY(indexes_of(session, arguments));
  Definitions definitions;
  std::vector<std::string> changes;
  for (const Value& index : indexes) {
    std::string change = KSV_TRY(index_change(index, &definitions));
    changes.push_back(std::move(change));
  }
  KSV_CHECK(add_index_units(arguments, now, indexes, &changes));
  if (!changes.empty()) body.json("GlobalSecondaryIndexUpdates", array_text(changes));
  if (!definitions.empty()) body.json("AttributeDefinitions", definitions_text(definitions));
  if (const std::string* stream = arguments.find("stream")) {
    body.json("StreamSpecification", stream_text(*stream));
  }
  std::string text = body.take();
  return text == nothing ? std::string() : text;
}

std::string ttl_body(const std::string& table, const std::string& attribute, bool enabled) {
  const std::string specification = "{\"AttributeName\":" +
                                    [&] {
                                      std::string name;
                                      append_json_string(name, attribute);
                                      return name;
                                    }() +
                                    ",\"Enabled\":" + (enabled ? "true" : "false") + "}";
  return ObjectText()
      .text("TableName", table)
      .json("TimeToLiveSpecification", specification)
      .take();
}

}  // namespace ksv::cli
