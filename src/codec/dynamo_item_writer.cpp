// Writes values as DynamoDB's attributes.
#include <set>

#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"
#include "codec/dynamo_item.h"
#include "codec/dynamo_number.h"
#include "codec/edn.h"

namespace ksv {
namespace {

// Amazon DynamoDB Developer Guide, "Item sizes and formats": what a list or map takes beside its
// content, and each element or entry.
constexpr std::uint64_t kCollectionBytes = 3;
constexpr std::uint64_t kElementBytes = 1;

Error usage(const std::string& message) { return Error(ErrorCode::kUsage, message); }

// Text that a string or a keyword is.
const std::string* text_of_string(const Value& value) {
  return value.is(Kind::kString) ? &value.as_string() : nullptr;
}
std::optional<std::string> attribute_text(const Value& value) {
  if (const std::string* text = text_of_string(value)) return *text;
  if (value.is(Kind::kKeyword)) return value.as_name().text();
  return std::nullopt;
}

bool is_frozen_value(const Value& value) {
  return value.is(Kind::kTagged) && value.tag() == frozen_tag();
}

std::string_view hint_for(const Value& value) {
  switch (value.kind()) {
    case Kind::kRatio: return "Write a decimal such as 0.5M, or freeze it: #ksv/frozen 1/3.";
    case Kind::kSymbol:
    case Kind::kChar:
    case Kind::kUuid:
    case Kind::kInst:
    case Kind::kRegex:
    case Kind::kUri: return "Write it as a string, or freeze it: #ksv/frozen VALUE.";
    case Kind::kArray: return "Write a vector, or freeze it: #ksv/frozen VALUE.";
    case Kind::kFunction: return "";
    default: return "Freeze it: #ksv/frozen VALUE.";
  }
}

Error no_form(const Value& value) {
  const std::string hint(hint_for(value));
  Error error = usage(kind_phrase(value.kind()) + " has no form in DynamoDB");
  return hint.empty() ? error : std::move(error).with_hint(hint);
}

Error mixed_set() {
  return usage("a set of DynamoDB holds strings, numbers or bytes, and only one kind of them")
      .with_hint("Write a vector, or freeze the set: #ksv/frozen VALUE.");
}

enum class SetKind { kNone, kStrings, kNumbers, kBytes };

SetKind set_kind_of(const Value& element) {
  if (element.is(Kind::kString) || element.is(Kind::kKeyword)) return SetKind::kStrings;
  if (element.is_number()) return SetKind::kNumbers;
  if (element.is(Kind::kBytes) || is_frozen_value(element)) return SetKind::kBytes;
  return SetKind::kNone;
}

class AttributeWriter {
 public:
  explicit AttributeWriter(const nippy::FreezeOptions& freeze) : freeze_(freeze) {}

  // `depth`: the lists and maps around the value, the item among them.
  Status write(const Value& value, std::uint32_t depth) {
    switch (value.kind()) {
      case Kind::kNil: return put("{\"NULL\":true}");
      case Kind::kBoolean: return put(value.as_boolean() ? "{\"BOOL\":true}" : "{\"BOOL\":false}");
      case Kind::kString:
      case Kind::kKeyword: return write_text(value);
      case Kind::kLong:
      case Kind::kBigInt:
      case Kind::kDouble:
      case Kind::kFloat:
      case Kind::kDecimal: return write_number(value);
      case Kind::kBytes:
      case Kind::kTagged: return write_bytes(value);
      case Kind::kList:
      case Kind::kVector:
      case Kind::kSeq: return write_list(value, depth);
      case Kind::kMap: return write_map(value, depth);
      case Kind::kSet: return write_set(value);
      default: return no_form(value);
    }
  }

  // The entries of a map, which may be an item.
  Status write_entries(const Table& table, std::uint32_t depth) {
    std::set<std::string> names;
    json_ += '{';
    for (const Table::Entry& entry : table) {
      const std::optional<std::string> name = attribute_text(entry.key);
      if (!name) {
        return usage("the key " + edn_excerpt(entry.key) +
                     " of a map: attributes are named by keywords or strings");
      }
      KSV_CHECK(check_text(*name));
      if (name->empty()) return usage("an attribute without a name");
      if (!names.insert(*name).second) {
        return usage("two keys are both named \"" + *name + "\" in DynamoDB");
      }
      if (names.size() > 1) json_ += ',';
      append_json_string(json_, *name);
      json_ += ':';
      auto written = write(entry.value, depth);
      if (!written.has_value()) {
        return std::move(written).error().with_context(edn_excerpt(entry.key));
      }
    }
    json_ += '}';
    return ok();
  }

  std::string take() { return std::move(json_); }

 private:
  Status put(std::string_view text) {
    json_ += text;
    return ok();
  }

  static Status check_text(std::string_view text) {
    if (is_utf8(text)) return ok();
    return usage("a string that is no UTF-8, or holds half of a surrogate pair")
        .with_hint("Freeze it: #ksv/frozen VALUE.");
  }

  static Status check_depth(std::uint32_t depth) {
    if (depth < kItemDepthMax) return ok();
    return usage(
               "lists and maps nest deeper than the 32 levels of DynamoDB, the item being the "
               "first")
        .with_hint("Freeze what is inside: #ksv/frozen VALUE.");
  }

  Status write_text(const Value& value) {
    const std::string text = attribute_text(value).value_or("");
    KSV_CHECK(check_text(text));
    json_ += "{\"S\":";
    append_json_string(json_, text);
    json_ += '}';
    return ok();
  }

  Status write_number(const Value& value) {
    const std::string text = KSV_TRY(dynamo_number_text(value));
    json_.append("{\"N\":\"").append(text).append("\"}");
    return ok();
  }

  Result<Bytes> bytes_of_value(const Value& value) const {
    if (value.is(Kind::kBytes)) return value.as_bytes();
    if (!is_frozen_value(value)) return no_form(value);
    return nippy::freeze(value.form(), freeze_);
  }

  Status write_bytes(const Value& value) {
    const Bytes bytes = KSV_TRY(bytes_of_value(value));
    json_.append("{\"B\":\"").append(to_base64(bytes)).append("\"}");
    return ok();
  }

  Status write_list(const Value& value, std::uint32_t depth) {
    KSV_CHECK(check_depth(depth));
    json_ += "{\"L\":[";
    std::size_t index = 0;
    for (const Value& item : value.items()) {
      if (index > 0) json_ += ',';
      auto written = write(item, depth + 1);
      if (!written.has_value()) {
        return std::move(written).error().with_context(std::to_string(index));
      }
      ++index;
    }
    json_ += "]}";
    return ok();
  }

  Status write_map(const Value& value, std::uint32_t depth) {
    KSV_CHECK(check_depth(depth));
    json_ += "{\"M\":";
    KSV_CHECK(write_entries(value.table(), depth + 1));
    json_ += '}';
    return ok();
  }

  Status write_set(const Value& value) {
    const Table& elements = value.table();
    if (elements.empty()) {
      return usage("an empty set has no form in DynamoDB")
          .with_hint("Leave the attribute out, or write nil or [].");
    }
    const SetKind kind = set_kind_of(elements[0].key);
    if (kind == SetKind::kNone) return mixed_set();
    std::set<std::string> seen;
    json_ += kind == SetKind::kStrings   ? "{\"SS\":["
             : kind == SetKind::kNumbers ? "{\"NS\":["
                                         : "{\"BS\":[";
    for (const Table::Entry& entry : elements) {
      if (set_kind_of(entry.key) != kind) return mixed_set();
      if (!seen.empty()) json_ += ',';
      const std::string identity = KSV_TRY(write_element(entry.key, kind));
      if (!seen.insert(identity).second) {
        return usage(edn_excerpt(entry.key) + " is in a set twice, as DynamoDB sees it");
      }
    }
    json_ += "]}";
    return ok();
  }

  // Writes one element; what tells it from the others.
  Result<std::string> write_element(const Value& element, SetKind kind) {
    if (kind == SetKind::kStrings) {
      std::string text = attribute_text(element).value_or("");
      KSV_CHECK(check_text(text));
      append_json_string(json_, text);
      return text;
    }
    std::string text;
    std::string identity;
    if (kind == SetKind::kNumbers) {
      text = KSV_TRY(dynamo_number_text(element));
      const DecimalDigits digits = parse_decimal_digits(text).value_or(DecimalDigits{});
      identity =
          (digits.is_negative ? "-" : "") + digits.digits + "e" + std::to_string(digits.exponent);
    } else {
      const Bytes bytes = KSV_TRY(bytes_of_value(element));
      text = to_base64(bytes);
      identity = text;
    }
    json_.append("\"").append(text).append("\"");
    return identity;
  }

  const nippy::FreezeOptions& freeze_;
  std::string json_;
};

std::uint64_t number_bytes(const Value& number) {
  const auto text = dynamo_number_text(number);
  if (!text.has_value()) return 0;
  const auto digits = parse_decimal_digits(*text);
  if (!digits || digits->digits.empty()) return 1;
  return 1 + (digits->digits.size() + 1) / 2 + (digits->is_negative ? 1 : 0);
}

std::uint64_t value_bytes(const Value& value);

std::uint64_t entries_bytes(const Table& table) {
  std::uint64_t sum = 0;
  for (const Table::Entry& entry : table) {
    sum += attribute_text(entry.key).value_or("").size() + value_bytes(entry.value);
  }
  return sum;
}

// Frozen values are counted where they are written.
std::uint64_t value_bytes(const Value& value) {
  switch (value.kind()) {
    case Kind::kString:
    case Kind::kKeyword: return attribute_text(value).value_or("").size();
    case Kind::kBytes: return value.as_bytes().size();
    case Kind::kMap:
      return kCollectionBytes + kElementBytes * value.table().size() + entries_bytes(value.table());
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq: {
      std::uint64_t sum = kCollectionBytes;
      for (const Value& item : value.items()) sum += kElementBytes + value_bytes(item);
      return sum;
    }
    case Kind::kSet: {
      std::uint64_t sum = 0;
      for (const Table::Entry& entry : value.table()) sum += value_bytes(entry.key);
      return sum;
    }
    case Kind::kTagged: {
      const auto bytes = nippy::freeze(value.form());
      return bytes.has_value() ? bytes->size() : 0;
    }
    default: return value.is_number() ? number_bytes(value) : 1;
  }
}

}  // namespace

Name frozen_tag() { return {std::string("ksv"), "frozen"}; }

std::uint64_t item_bytes(const Value& item) { return entries_bytes(item.table()); }

Result<std::string> write_item(const Value& item, const nippy::FreezeOptions& freeze) {
  if (!item.is(Kind::kMap)) {
    return usage("an item is a map of its attributes, not " + kind_phrase(item.kind()));
  }
  AttributeWriter writer(freeze);
  KSV_CHECK(writer.write_entries(item.table(), 1));
  std::string json = writer.take();
  // JSON is longer than what the service counts, so short texts need no reckoning.
  if (json.size() <= kItemBytesMax) return json;
  const std::uint64_t bytes = item_bytes(item);
  if (bytes <= kItemBytesMax) return json;
  return usage("the item takes " + std::to_string(bytes) + " bytes; DynamoDB holds " +
               std::to_string(kItemBytesMax))
      .with_hint("Split it, or keep large parts elsewhere and their names in the item.");
}

Result<std::string> write_attribute(const Value& value, const nippy::FreezeOptions& freeze) {
  AttributeWriter writer(freeze);
  KSV_CHECK(writer.write(value, 1));
  return writer.take();
}

}  // namespace ksv
