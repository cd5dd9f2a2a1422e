// Reads DynamoDB's attributes as values, from typed JSON and from plain JSON.
#include <algorithm>
#include <array>

#include "ksv/limits.h"

#include "base/hex.h"
#include "base/json.h"
#include "codec/dynamo_item.h"
#include "codec/dynamo_number.h"
#include "codec/edn_lexer.h"
#include "codec/json_view.h"

namespace ksv {
namespace {

// A keyword, or a string for a name that no reader of EDN would take back as a keyword.
Value attribute_key(const std::string& name) {
  constexpr std::string_view kNotInNames = " \t\n\r\f\v,;\"()[]{}@^`~\\";
  const bool is_plain = !name.empty() && name.front() != ':' && name.front() != '/' &&
                        name.back() != '/' && name.find_first_of(kNotInNames) == name.npos;
  return is_plain ? Value::keyword(split_name(name)) : Value::string(name);
}

Error damaged(const std::string& message) { return Error(ErrorCode::kCorrupt, message); }

class AttributeReader {
 public:
  explicit AttributeReader(const ItemReading& reading) : reading_(reading) {}

  Result<Value> read(const Json& json) {
    const auto* object = std::get_if<Json::Object>(&json.content);
    if (object == nullptr || object->size() != 1) {
      return damaged("an attribute's value is an object with one type, such as {\"N\":\"1\"}");
    }
    const auto& [type, content] = object->front();
    struct Row {
      std::string_view type;
      Result<Value> (AttributeReader::*read)(const Json&);
    };
    static constexpr std::array kRows = {
        Row{"S", &AttributeReader::read_text},        Row{"N", &AttributeReader::read_number},
        Row{"B", &AttributeReader::read_bytes},       Row{"BOOL", &AttributeReader::read_boolean},
        Row{"NULL", &AttributeReader::read_null},     Row{"M", &AttributeReader::read_map},
        Row{"L", &AttributeReader::read_list},        Row{"SS", &AttributeReader::read_text_set},
        Row{"NS", &AttributeReader::read_number_set}, Row{"BS", &AttributeReader::read_bytes_set}};
    const std::string& name = type;
    const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                   [&](const Row& each) { return each.type == name; });
    if (row == kRows.end()) return damaged("\"" + type.substr(0, 20) + "\" is no type of DynamoDB");
    return (this->*row->read)(content);
  }

  Result<Value> read_map(const Json& json) {
    const auto* object = std::get_if<Json::Object>(&json.content);
    if (object == nullptr) return damaged("a map of attributes is an object");
    Table table;
    table.reserve(object->size());
    for (const auto& [name, content] : *object) {
      auto value = read(content);
      if (!value.has_value()) return std::move(value).error().with_context(name.substr(0, 100));
      table.put(attribute_key(name), *std::move(value));
    }
    return Value::map(std::move(table));
  }

 private:
  static Result<const std::string*> text_of_json(const Json& json, std::string_view type) {
    const auto* text = std::get_if<std::string>(&json.content);
    if (text == nullptr) return damaged(std::string(type) + " holds no string");
    return text;
  }

  Result<Value> read_text(const Json& json) {
    const std::string* text = KSV_TRY(text_of_json(json, "S"));
    return Value::string(*text);
  }

  // DynamoDB Local takes bare numbers, too.
  Result<Value> read_number(const Json& json) {
    if (const auto* number = std::get_if<Json::Number>(&json.content)) {
      return read_dynamo_number(number->text);
    }
    const std::string* text = KSV_TRY(text_of_json(json, "N"));
    return read_dynamo_number(*text);
  }

  Result<Value> read_bytes(const Json& json) {
    const std::string* text = KSV_TRY(text_of_json(json, "B"));
    auto bytes = from_base64(*text);
    if (!bytes) return damaged("B holds no base64");
    if (reading_.frozen == Frozen::kBytes || !nippy::is_frozen(*bytes)) {
      return Value::bytes(*std::move(bytes));
    }
    auto value = nippy::thaw(*bytes, reading_.thaw);
    if (!value.has_value()) return std::move(value).error().with_context("frozen bytes");
    if (reading_.frozen == Frozen::kValue) return value;
    return Value::tagged(frozen_tag(), *std::move(value));
  }

  Result<Value> read_boolean(const Json& json) {
    const auto* boolean = std::get_if<bool>(&json.content);
    if (boolean == nullptr) return damaged("BOOL is true or false");
    return Value::boolean(*boolean);
  }

  Result<Value> read_null(const Json& json) {
    const auto* boolean = std::get_if<bool>(&json.content);
    if (boolean == nullptr || !*boolean) return damaged("NULL is true");
    return Value();
  }

  Result<Value> read_list(const Json& json) {
    const auto* array = std::get_if<Json::Array>(&json.content);
    if (array == nullptr) return damaged("L holds no array");
    Values items;
    items.reserve(array->size());
    for (const Json& item : *array) items.push_back(KSV_TRY(read(item)));
    return Value::vector(std::move(items));
  }

  Result<Value> read_set(const Json& json,
                         Result<Value> (AttributeReader::*read_one)(const Json&)) {
    const auto* array = std::get_if<Json::Array>(&json.content);
    if (array == nullptr || array->empty()) return damaged("a set holds no array, or an empty one");
    Table elements;
    elements.reserve(array->size());
    for (const Json& item : *array) {
      Value element = KSV_TRY((this->*read_one)(item));
      elements.put(std::move(element), Value());
    }
    return Value::set(std::move(elements));
  }
  Result<Value> read_text_set(const Json& json) {
    return read_set(json, &AttributeReader::read_text);
  }
  Result<Value> read_number_set(const Json& json) {
    return read_set(json, &AttributeReader::read_number);
  }
  Result<Value> read_bytes_set(const Json& json) {
    return read_set(json, &AttributeReader::read_bytes);
  }

  const ItemReading& reading_;
};

// A frozen value brings a depth of its own.
Result<Value> checked(Result<Value> value) {
  if (value.has_value() && value->depth() > limits::kDepthMax) {
    return Error(ErrorCode::kUnsupported, "collections nest too deep");
  }
  return value;
}

Result<Json> parse(std::string_view json) {
  auto parsed = parse_json(json, limits::kDepthMax);
  if (!parsed.has_value()) return damaged(parsed.error().message());
  return parsed;
}

}  // namespace

Result<Value> read_item(std::string_view json, const ItemReading& reading) {
  const Json parsed = KSV_TRY(parse(json));
  return checked(AttributeReader(reading).read_map(parsed));
}

Result<Value> read_attribute(std::string_view json, const ItemReading& reading) {
  const Json parsed = KSV_TRY(parse(json));
  return checked(AttributeReader(reading).read(parsed));
}

Result<Value> read_typed_json(std::string_view json) {
  auto item = read_item(json, {.frozen = Frozen::kBytes});
  if (!item.has_value()) return Error(ErrorCode::kUsage, item.error().message());
  return item;
}

Result<Value> read_plain_json(std::string_view json) {
  return read_json(json, JsonKeys::kKeywords, JsonNumbers::kExact);
}

}  // namespace ksv
