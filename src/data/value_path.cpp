// Paths into values.
#include "data/value_path.h"

#include "ksv/limits.h"

#include "base/utf8.h"
#include "data/numbers.h"

namespace ksv {
namespace {

// The key of a vector: an integer. A double is none, even if it is whole.
std::optional<std::size_t> integer_index(const Value& key, std::size_t count) {
  std::optional<std::int64_t> index;
  if (key.is(Kind::kLong)) index = key.as_long();
  if (key.is(Kind::kBigInt)) index = key.as_bigint().to_long();
  if (!index || *index < 0 || static_cast<std::uint64_t>(*index) >= count) return std::nullopt;
  return static_cast<std::size_t>(*index);
}

// The key of a string or array: any number, cut down to an integer.
std::optional<std::size_t> number_index(const Value& key, std::size_t count) {
  if (!key.is_number()) return std::nullopt;
  const Result<Value> index = to_long(key);
  return index ? integer_index(*index, count) : std::nullopt;
}

std::optional<Value> find_in(const Table& table, const Value& key) {
  const Value* value = table.value_of(key);
  return value == nullptr ? std::nullopt : std::optional<Value>(*value);
}

std::optional<Value> item_at(const Values& items, std::optional<std::size_t> index) {
  return index ? std::optional<Value>(items[*index]) : std::nullopt;
}

std::optional<Value> tagged_part(const Value& tagged, const Value& key) {
  if (key == Value::keyword("tag")) return Value::symbol(tagged.tag());
  if (key == Value::keyword("form")) return tagged.form();
  return std::nullopt;
}

// The elements of a set are the keys of its table.
std::optional<Value> element_of(const Value& set, const Value& key) {
  const Table::Entry* entry = set.table().find(key);
  return entry == nullptr ? std::nullopt : std::optional<Value>(entry->key);
}

std::optional<Value> char_at(const std::string& text, const Value& key) {
  // A text has at most as many units as bytes, so most keys that miss cost no conversion.
  const auto index = number_index(key, text.size());
  if (!index) return std::nullopt;
  const std::u16string units = to_utf16(text);
  if (*index >= units.size()) return std::nullopt;
  return Value::character(units[*index]);
}

std::optional<Value> byte_at(const Bytes& bytes, const Value& key) {
  const auto index = number_index(key, bytes.size());
  if (!index) return std::nullopt;
  return Value::integer(static_cast<std::int8_t>(bytes[*index]));
}

// A key in a message: in full where that is short and plain, else by its kind.
std::string key_text(const Value& key) {
  switch (key.kind()) {
    case Kind::kNil: return "nil";
    case Kind::kBoolean: return key.as_boolean() ? "true" : "false";
    case Kind::kLong: return std::to_string(key.as_long());
    case Kind::kString: return '"' + key.as_string() + '"';
    case Kind::kKeyword: return ':' + key.as_name().text();
    case Kind::kSymbol: return key.as_name().text();
    default: return '<' + std::string(kind_name(key.kind())) + '>';
  }
}

Error cannot_hold(const Value& collection, const Value& key) {
  return {ErrorCode::kFunction,
          kind_phrase(collection.kind()) + " cannot hold the key " + key_text(key)};
}

// Says where in the path the error arose: the part that leads to the collection at fault.
Error at_part(Error error, const Values& path, std::size_t length) {
  if (length == 0) return error;
  const Values part(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(length));
  return std::move(error).with_context("at " + path_text(part));
}

Result<Value> assoc_index(Value vector, const Value& key, Value value) {
  const std::size_t count = vector.items().size();
  const auto index = integer_index(key, count + 1);
  if (!index) {
    return Error(ErrorCode::kFunction, key_text(key) + " is no index into a vector of " +
                                           std::to_string(count) + ", where 0 to " +
                                           std::to_string(count) + " can be set");
  }
  if (*index == count) {
    vector.push_item(std::move(value));
  } else {
    vector.set_item(*index, std::move(value));
  }
  return vector;
}

Error too_deep() {
  return {ErrorCode::kFunction,
          "the value would nest deeper than " + std::to_string(limits::kDepthMax) + " levels"};
}

}  // namespace

std::optional<Value> get_value(const Value& collection, const Value& key) {
  switch (collection.kind()) {
    case Kind::kMap: return find_in(collection.table(), key);
    case Kind::kRecord: return find_in(collection.form().table(), key);
    case Kind::kSet: return element_of(collection, key);
    case Kind::kVector: {
      const Values& items = collection.items();
      return item_at(items, integer_index(key, items.size()));
    }
    case Kind::kArray: {
      const Values& items = collection.items();
      return item_at(items, number_index(key, items.size()));
    }
    case Kind::kTagged: return tagged_part(collection, key);
    case Kind::kString: return char_at(collection.as_string(), key);
    case Kind::kBytes: return byte_at(collection.as_bytes(), key);
    default: return std::nullopt;
  }
}

std::optional<Value> get_in(const Value& root, const Values& path) {
  Value value = root;
  for (const Value& key : path) {
    std::optional<Value> next = get_value(value, key);
    if (!next) return std::nullopt;
    value = *std::move(next);
  }
  return value;
}

Result<Value> assoc_value(Value collection, const Value& key, Value value) {
  if (value.depth() >= limits::kDepthMax) return too_deep();
  switch (collection.kind()) {
    case Kind::kNil: return Value::map({{key, std::move(value)}});
    case Kind::kMap: collection.put(key, std::move(value)); return collection;
    case Kind::kVector: return assoc_index(std::move(collection), key, std::move(value));
    case Kind::kRecord: {
      Value fields = collection.form();
      fields.put(key, std::move(value));
      return Value::record(collection.tag(), std::move(fields));
    }
    default: return cannot_hold(collection, key);
  }
}

Result<Value> assoc_in(Value root, const Values& path, Value value) {
  return update_in(std::move(root), path,
                   [&value](const Value&) -> Result<Value> { return std::move(value); });
}

// Down the path collecting what stands on it, then up again putting each into the one above.
Result<Value> update_in(Value root, const Values& path,
                        const std::function<Result<Value>(Value)>& update) {
  Values on_the_way;
  Value value = std::move(root);
  for (const Value& key : path) {
    Value next = get_value(value, key).value_or(Value());
    on_the_way.push_back(std::move(value));
    value = std::move(next);
  }
  value = KSV_TRY(update(std::move(value)));
  for (std::size_t i = path.size(); i-- > 0;) {
    Result<Value> above = assoc_value(std::move(on_the_way[i]), path[i], std::move(value));
    if (!above.has_value()) return at_part(std::move(above).error(), path, i);
    value = *std::move(above);
  }
  return value;
}

Result<Value> dissoc_in(Value root, const Values& path) {
  KSV_ASSERT(!path.empty());
  const Values way(path.begin(), path.end() - 1);
  std::optional<Value> holder = get_in(root, way);
  if (!holder || holder->is_nil()) return root;
  const Value& key = path.back();
  switch (holder->kind()) {
    case Kind::kMap:
    case Kind::kSet:
      if (!holder->erase(key)) return root;
      break;
    case Kind::kRecord: {
      Value fields = holder->form();
      if (!fields.erase(key)) return root;
      // Whether the field was a declared one, whose loss makes a plain map of a record in Clojure,
      // cannot be known here: it stays a record, which Clojure reads back with that field nil.
      holder = Value::record(holder->tag(), std::move(fields));
      break;
    }
    default:
      return at_part(
          {ErrorCode::kFunction, "cannot take a key out of " + kind_phrase(holder->kind())}, path,
          way.size());
  }
  return assoc_in(std::move(root), way, *std::move(holder));
}

std::string path_text(const Values& path) {
  std::string text = "[";
  for (const Value& key : path) {
    if (text.size() > 1) text += ' ';
    text += key_text(key);
  }
  text += ']';
  if (text.size() > limits::kExcerptChars) {
    std::size_t end = limits::kExcerptChars;
    while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
    text += "...";
  }
  return text;
}

}  // namespace ksv
