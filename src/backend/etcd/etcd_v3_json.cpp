// v3's JSON as the gateway reads and writes it (protobuf's JSON mapping).
#include "backend/etcd/etcd_v3_json.h"

#include <charconv>

#include "base/hex.h"

namespace ksv::etcd {
namespace {

// mod_revision and modRevision are one name.
bool is_same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    while (i < one.size() && one[i] == '_') ++i;
    while (j < other.size() && other[j] == '_') ++j;
    if (i == one.size() || j == other.size()) return i == one.size() && j == other.size();
    if (lower(one[i++]) != lower(other[j++])) return false;
  }
}

const std::string* text_of_scalar(const Json& json) {
  if (const auto* text = std::get_if<std::string>(&json.content)) return text;
  const auto* number = std::get_if<Json::Number>(&json.content);
  return number == nullptr ? nullptr : &number->text;
}

}  // namespace

const Json* FieldReader::find(const Json& of, std::string_view name) const {
  const auto* object = std::get_if<Json::Object>(&of.content);
  if (object == nullptr) return nullptr;
  for (const auto& [field, value] : *object) {
    if (!is_same_name(field, name)) continue;
    return std::holds_alternative<std::nullptr_t>(value.content) ? nullptr : &value;
  }
  return nullptr;
}

std::int64_t FieldReader::number(const Json& of, std::string_view name) {
  const Json* field = find(of, name);
  if (field == nullptr) return 0;
  const std::string* text = text_of_scalar(*field);
  if (text == nullptr) {
    is_bad_ = true;
    return 0;
  }
  std::int64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (error == std::errc() && rest == end) return value;
  is_bad_ = true;
  return 0;
}

std::string FieldReader::text(const Json& of, std::string_view name) {
  const Json* field = find(of, name);
  if (field == nullptr) return {};
  const std::string* text = text_of_scalar(*field);
  is_bad_ = is_bad_ || text == nullptr;
  return text == nullptr ? std::string() : *text;
}

Bytes FieldReader::bytes(const Json& of, std::string_view name) {
  const Json* field = find(of, name);
  if (field == nullptr) return {};
  const auto* text = std::get_if<std::string>(&field->content);
  auto bytes = text == nullptr ? std::nullopt : from_base64(*text);
  is_bad_ = is_bad_ || !bytes;
  return bytes ? *std::move(bytes) : Bytes();
}

bool FieldReader::flag(const Json& of, std::string_view name) {
  const Json* field = find(of, name);
  if (field == nullptr) return false;
  const auto* flag = std::get_if<bool>(&field->content);
  is_bad_ = is_bad_ || flag == nullptr;
  return flag != nullptr && *flag;
}

const Json::Array& FieldReader::list(const Json& of, std::string_view name) {
  static const Json::Array kNone;
  const Json* field = find(of, name);
  if (field == nullptr) return kNone;
  const auto* list = std::get_if<Json::Array>(&field->content);
  is_bad_ = is_bad_ || list == nullptr;
  return list == nullptr ? kNone : *list;
}

std::vector<std::string> FieldReader::texts(const Json& of, std::string_view name) {
  std::vector<std::string> texts;
  for (const Json& each : list(of, name)) {
    const std::string* text = text_of_scalar(each);
    is_bad_ = is_bad_ || text == nullptr;
    if (text != nullptr) texts.push_back(*text);
  }
  return texts;
}

Meta FieldReader::meta(const Json& answer) {
  Meta meta;
  const Json* header = find(answer, "header");
  if (header == nullptr) return meta;
  meta.index = number(*header, "revision");
  meta.raft_term = number(*header, "raft_term");
  meta.cluster_id = text(*header, "cluster_id");
  meta.member_id = text(*header, "member_id");
  return meta;
}

Node FieldReader::node(const Json& kv) {
  Node node;
  const Bytes key = bytes(kv, "key");
  node.path = std::string(text_of(key));
  node.value = bytes(kv, "value");
  node.created = number(kv, "create_revision");
  node.modified = number(kv, "mod_revision");
  node.writes = number(kv, "version");
  node.lease = number(kv, "lease");
  return node;
}

std::vector<Node> FieldReader::nodes(const Json& answer, std::string_view name) {
  std::vector<Node> nodes;
  const Json::Array& kvs = list(answer, name);
  nodes.reserve(kvs.size());
  for (const Json& kv : kvs) nodes.push_back(node(kv));
  return nodes;
}

void ObjectText::begin(std::string_view name) {
  if (text_.size() > 1) text_ += ",";
  text_.append("\"").append(name).append("\":");
}

ObjectText& ObjectText::bytes(std::string_view name, BytesView value) {
  begin(name);
  text_.append("\"").append(to_base64(value)).append("\"");
  return *this;
}

ObjectText& ObjectText::bytes(std::string_view name, std::string_view value) {
  return bytes(name, bytes_of(value));
}

ObjectText& ObjectText::number(std::string_view name, std::int64_t value) {
  if (value == 0) return *this;
  begin(name);
  text_.append("\"").append(std::to_string(value)).append("\"");
  return *this;
}

ObjectText& ObjectText::flag(std::string_view name, bool value) {
  if (!value) return *this;
  begin(name);
  text_ += "true";
  return *this;
}

ObjectText& ObjectText::word(std::string_view name, std::string_view value) {
  begin(name);
  append_json_string(text_, value);
  return *this;
}

ObjectText& ObjectText::json(std::string_view name, std::string_view value) {
  begin(name);
  text_ += value;
  return *this;
}

ObjectText& ObjectText::list(std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return *this;
  begin(name);
  text_ += "[";
  for (const std::string& value : values) {
    if (text_.back() != '[') text_ += ",";
    text_ += value;
  }
  text_ += "]";
  return *this;
}

}  // namespace ksv::etcd
