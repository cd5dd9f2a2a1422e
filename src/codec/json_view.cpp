// JSON to values and back; the table is in the header.
#include "codec/json_view.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "ksv/limits.h"

#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "codec/edn.h"
#include "codec/edn_lexer.h"
#include "codec/edn_number.h"
#include "codec/inst_text.h"
#include "data/decimal.h"
#include "data/java_number_text.h"

namespace ksv {

namespace {

std::string char_text(std::uint16_t unit) {
  std::string text;
  append_utf8(text, unit);
  return text;
}

// The content of the JSON string that a value is, if it is one.
std::optional<std::string> string_form(const Value& value) {
  switch (value.kind()) {
    case Kind::kString:
    case Kind::kRegex:
    case Kind::kUri: return value.as_string();
    case Kind::kKeyword:
    case Kind::kSymbol: return value.as_name().text();
    case Kind::kChar: return char_text(value.as_char());
    case Kind::kInst: return instant_text(value.as_inst());
    case Kind::kUuid: return uuid_text(value.as_uuid());
    case Kind::kBytes: return to_base64(value.as_bytes());
    case Kind::kRatio:
    case Kind::kFunction: return print_edn(value);
    case Kind::kDouble:
      if (std::isfinite(value.as_double())) return std::nullopt;
      return java_double_text(value.as_double());
    case Kind::kFloat:
      if (std::isfinite(value.as_float())) return std::nullopt;
      return java_float_text(value.as_float());
    default: return std::nullopt;
  }
}

// nil, booleans and finite numbers.
std::string plain_form(const Value& value) {
  switch (value.kind()) {
    case Kind::kBoolean: return value.as_boolean() ? "true" : "false";
    case Kind::kLong: return std::to_string(value.as_long());
    case Kind::kBigInt: return value.as_bigint().to_string();
    case Kind::kDouble: return java_double_text(value.as_double());
    case Kind::kFloat: return java_float_text(value.as_float());
    case Kind::kDecimal: return java_decimal_text(value.as_decimal());
    default: return "null";
  }
}

class JsonPrinter {
 public:
  enum class Layout { kOneLine, kIndented };
  explicit JsonPrinter(Layout layout) : indented_(layout == Layout::kIndented) {}

  void print(const Value& value) {
    if (const std::optional<std::string> text = string_form(value)) {
      append_json_string(text_, *text);
      return;
    }
    switch (value.kind()) {
      case Kind::kList:
      case Kind::kVector:
      case Kind::kSeq:
      case Kind::kArray: print_items(value.items()); break;
      case Kind::kSet: print_elements(value.table()); break;
      case Kind::kMap: print_object(value.table()); break;
      case Kind::kRecord: print(value.form()); break;
      case Kind::kTagged: print_wrapped(value.tag().text(), [&] { print(value.form()); }); break;
      case Kind::kStruct:
        print_wrapped(key_text(value.struct_tag()), [&] { print_items(value.items()); });
        break;
      default: text_ += plain_form(value); break;
    }
  }

  std::string take() { return std::move(text_); }

 private:
  static std::string key_text(const Value& key) {
    std::optional<std::string> text = string_form(key);
    return text ? *std::move(text) : print_edn(key);
  }

  void open(char bracket) {
    text_ += bracket;
    ++level_;
    first_ = true;
  }
  void close(char bracket) {
    --level_;
    if (!first_) start_line();
    text_ += bracket;
    first_ = false;
  }
  void separate() {
    if (!first_) text_ += ',';
    first_ = false;
    start_line();
  }
  void start_line() {
    if (!indented_) return;
    text_ += '\n';
    text_.append(level_ * 2, ' ');
  }
  void print_name(std::string_view name) {
    separate();
    append_json_string(text_, name);
    text_ += indented_ ? ": " : ":";
  }

  void print_items(const Values& items) {
    open('[');
    for (const Value& item : items) {
      separate();
      print(item);
    }
    close(']');
  }

  void print_elements(const Table& elements) {
    open('[');
    for (const Table::Entry& entry : elements) {
      separate();
      print(entry.key);
    }
    close(']');
  }

  void print_object(const Table& entries) {
    // Keys of one kind differ in JSON as they do in EDN.
    const bool mixed = std::any_of(entries.begin(), entries.end(), [&](const Table::Entry& entry) {
      return entry.key.kind() != entries.begin()->key.kind();
    });
    std::set<std::string> names;
    open('{');
    for (const Table::Entry& entry : entries) {
      std::string name = key_text(entry.key);
      if (mixed && !names.insert(name).second) name = print_edn(entry.key);
      print_name(name);
      print(entry.value);
    }
    close('}');
  }

  template <typename PrintContent>
  void print_wrapped(const std::string& tag, PrintContent print_content) {
    open('{');
    print_name("#" + tag);
    print_content();
    close('}');
  }

  bool indented_;
  bool first_ = true;  // nothing has been printed within the innermost brackets
  std::size_t level_ = 0;
  std::string text_;
};

// What the caller of read_json asked for.
struct JsonForm {
  JsonKeys keys;
  JsonNumbers numbers;
};

Result<Value> decimal_from_json(const std::string& text) {
  auto decimal = parse_decimal(text);
  if (!decimal.has_value()) return std::move(decimal).error().with_context("JSON");
  return Value::decimal(*std::move(decimal));
}

Result<Value> number_from_json(const std::string& text, const JsonForm& form) {
  if (text.find_first_of(".eE") == std::string::npos) {
    Result<Value> whole = parse_number(text);
    if (!whole) return std::move(whole).error().with_context("JSON");
    return whole;
  }
  if (form.numbers == JsonNumbers::kExact) return decimal_from_json(text);
  const double value = text.size() <= limits::kNumberDigitsMax ? parse_double_text(text) : HUGE_VAL;
  if (!std::isfinite(value)) {
    return Error(ErrorCode::kUsage,
                 "JSON: number " + text.substr(0, 40) + " is beyond the range of a double");
  }
  return Value::real(value);
}

Result<Value> value_from_json(const Json& json, const JsonForm& form);

Result<Value> object_from_json(const Json::Object& object, const JsonForm& form) {
  Table table;
  table.reserve(object.size());
  for (const auto& [name, content] : object) {
    Value key =
        form.keys == JsonKeys::kKeywords ? Value::keyword(split_name(name)) : Value::string(name);
    Value value = KSV_TRY(value_from_json(content, form));
    table.put(std::move(key), std::move(value));
  }
  return Value::map(std::move(table));
}

Result<Value> array_from_json(const Json::Array& array, const JsonForm& form) {
  Values items;
  items.reserve(array.size());
  for (const Json& item : array) items.push_back(KSV_TRY(value_from_json(item, form)));
  return Value::vector(std::move(items));
}

Result<Value> value_from_json(const Json& json, const JsonForm& form) {
  if (const bool* boolean = std::get_if<bool>(&json.content)) return Value::boolean(*boolean);
  if (const auto* number = std::get_if<Json::Number>(&json.content)) {
    return number_from_json(number->text, form);
  }
  if (const auto* text = std::get_if<std::string>(&json.content)) return Value::string(*text);
  if (const auto* array = std::get_if<Json::Array>(&json.content)) {
    return array_from_json(*array, form);
  }
  if (const auto* object = std::get_if<Json::Object>(&json.content)) {
    return object_from_json(*object, form);
  }
  return Value();
}

}  // namespace

Result<Value> read_json(std::string_view text, JsonKeys keys, JsonNumbers numbers) {
  const Json json = KSV_TRY(parse_json(text, limits::kDepthMax));
  return value_from_json(json, {keys, numbers});
}

std::string print_json(const Value& value) {
  JsonPrinter printer(JsonPrinter::Layout::kOneLine);
  printer.print(value);
  return printer.take();
}

std::string print_json_pretty(const Value& value) {
  JsonPrinter printer(JsonPrinter::Layout::kIndented);
  printer.print(value);
  return printer.take();
}

}  // namespace ksv
