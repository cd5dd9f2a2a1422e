// Gives tagged elements their values.
#include "codec/edn_tags.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/hex.h"
#include "codec/edn_chars.h"
#include "codec/inst_text.h"

namespace ksv {

namespace {

Error expected(const Name& tag, std::string_view what, const Value& form) {
  return Error(ErrorCode::kUsage, "#" + shown_in_message(tag.text()) + " expects " +
                                      std::string(what) + ", not " + a_kind(form));
}

Error invalid(const Name& tag, std::string_view text) {
  return Error(ErrorCode::kUsage,
               "#" + tag.text() + " cannot be \"" + shown_in_message(text) + "\"");
}

// One of the five hexadecimal fields of java.util.UUID/fromString: any number of digits that fits
// 63 bits, of which the low ones count.
std::optional<std::uint64_t> uuid_field(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value, 16);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value >> 63 == 0 ? std::optional(value) : std::nullopt;
}

// What Java accepts: short fields too, as in "1-2-3-4-5".
std::optional<Uuid> lenient_uuid(std::string_view text) {
  constexpr std::size_t kUuidChars = 36;
  constexpr std::array<std::size_t, 5> kFieldBytes = {4, 2, 2, 2, 6};
  if (text.size() > kUuidChars) return std::nullopt;
  Uuid uuid{};
  std::size_t at = 0;
  for (std::size_t field = 0; field < kFieldBytes.size(); ++field) {
    const std::size_t dash = text.find('-');
    const bool last = field + 1 == kFieldBytes.size();
    if (last != (dash == std::string_view::npos)) return std::nullopt;
    const std::optional<std::uint64_t> value = uuid_field(text.substr(0, dash));
    if (!value) return std::nullopt;
    for (std::size_t byte = kFieldBytes[field]; byte > 0; --byte) {
      uuid[at++] = static_cast<std::uint8_t>(*value >> (8 * (byte - 1)));
    }
    if (!last) text.remove_prefix(dash + 1);
  }
  return uuid;
}

Result<Value> read_inst(const Name& tag, const Value& form) {
  if (!form.is(Kind::kString)) return expected(tag, "a string", form);
  const std::optional<std::int64_t> milliseconds = parse_inst_text(form.as_string());
  if (!milliseconds) return invalid(tag, form.as_string());
  return Value::inst(*milliseconds);
}

Result<Value> read_uuid(const Name& tag, const Value& form) {
  if (!form.is(Kind::kString)) return expected(tag, "a string", form);
  const std::optional<Uuid> uuid = lenient_uuid(form.as_string());
  if (!uuid) return invalid(tag, form.as_string());
  return Value::uuid(*uuid);
}

Result<Value> read_bytes(const Name& tag, const Value& form) {
  if (!form.is(Kind::kString)) return expected(tag, "a string of hexadecimal digits", form);
  std::optional<Bytes> bytes = from_hex(form.as_string());
  if (!bytes) return invalid(tag, form.as_string());
  return Value::bytes(*std::move(bytes));
}

std::optional<float> parse_float(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<float>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<float>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<float>::infinity();
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits[0] < '0' || digits[0] > '9') return std::nullopt;
  float value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

Result<Value> read_float(const Name& tag, const Value& form) {
  if (!form.is(Kind::kString)) return expected(tag, "a string such as \"1.5\"", form);
  const std::optional<float> value = parse_float(form.as_string());
  if (!value) return invalid(tag, form.as_string());
  return Value::real32(*value);
}

Result<Value> read_regex(const Name& tag, const Value& form) {
  if (!form.is(Kind::kString)) return expected(tag, "a string", form);
  return Value::regex(form.as_string());
}

Result<Value> read_uri(const Name& tag, const Value& form) {
  if (!form.is(Kind::kString)) return expected(tag, "a string", form);
  return Value::uri(form.as_string());
}

// For what #inst cannot say: years before 1.
Result<Value> read_milliseconds(const Name& tag, const Value& form) {
  if (!form.is(Kind::kLong)) return expected(tag, "milliseconds since 1970", form);
  return Value::inst(form.as_long());
}

// For what a character literal cannot say: half of a surrogate pair.
Result<Value> read_char(const Name& tag, const Value& form) {
  if (!form.is(Kind::kLong)) return expected(tag, "a UTF-16 code unit as an integer", form);
  const std::int64_t unit = form.as_long();
  if (unit < 0 || unit > 0xffff) {
    return Error(ErrorCode::kUsage, "#ksv/char expects an integer from 0 to 65535");
  }
  return Value::character(static_cast<std::uint16_t>(unit));
}

Result<Value> read_seq(const Name& tag, const Value& form) {
  if (!form.is(Kind::kList) && !form.is(Kind::kVector)) return expected(tag, "a list", form);
  return Value::seq(form.items());
}

Result<Value> read_record(const Name& tag, const Value& form) {
  const bool pair = form.is(Kind::kVector) && form.items().size() == 2;
  if (!pair || !form.items()[0].is(Kind::kSymbol) || !form.items()[1].is(Kind::kMap)) {
    return expected(tag, "[tag-symbol {fields}]", form);
  }
  return Value::record(form.items()[0].as_name(), form.items()[1]);
}

Result<Value> read_structure(const Name& tag, const Value& form) {
  if (!form.is(Kind::kVector) || form.items().empty()) {
    return expected(tag, "[\"tag\" field ...]", form);
  }
  const Values& items = form.items();
  return Value::structure(items[0], Values(items.begin() + 1, items.end()));
}

bool fits(ArrayKind kind, const Value& element) {
  switch (kind) {
    case ArrayKind::kLongs: return element.is(Kind::kLong);
    case ArrayKind::kInts:
      return element.is(Kind::kLong) &&
             element.as_long() >= std::numeric_limits<std::int32_t>::min() &&
             element.as_long() <= std::numeric_limits<std::int32_t>::max();
    case ArrayKind::kDoubles: return element.is(Kind::kDouble);
    case ArrayKind::kFloats: return element.is(Kind::kFloat);
    case ArrayKind::kBooleans: return element.is(Kind::kBoolean);
    case ArrayKind::kObjects: return true;
  }
  return false;
}

// What is to be frozen where it is written (codec/dynamo_item.h); a value like any other till then.
Result<Value> read_frozen(const Name& tag, const Value& form) { return Value::tagged(tag, form); }

template <ArrayKind kArrayKind>
Result<Value> read_array(const Name& tag, const Value& form) {
  if (!form.is(Kind::kVector)) return expected(tag, "a vector", form);
  for (const Value& element : form.items()) {
    if (!fits(kArrayKind, element)) {
      return Error(ErrorCode::kUsage,
                   "#" + tag.text() + " cannot hold " + a_kind(element) + ", or not of this size");
    }
  }
  return Value::array(kArrayKind, form.items());
}

using TagReader = Result<Value> (*)(const Name& tag, const Value& form);

struct KsvTag {
  std::string_view name;
  TagReader read;
};

constexpr KsvTag kKsvTags[] = {
    {"bytes", read_bytes},
    {"float", read_float},
    {"seq", read_seq},
    {"record", read_record},
    {"tagged", read_structure},
    {"regex", read_regex},
    {"uri", read_uri},
    {"inst", read_milliseconds},
    {"char", read_char},
    {"longs", read_array<ArrayKind::kLongs>},
    {"ints", read_array<ArrayKind::kInts>},
    {"doubles", read_array<ArrayKind::kDoubles>},
    {"floats", read_array<ArrayKind::kFloats>},
    {"booleans", read_array<ArrayKind::kBooleans>},
    {"objects", read_array<ArrayKind::kObjects>},
    {"frozen", read_frozen},
};

}  // namespace

std::string a_kind(const Value& value) {
  const std::string name(kind_name(value.kind()));
  const bool vowel = name.find_first_of("aeiou") == 0 && name != "uuid" && name != "uri";
  return (vowel ? "an " : "a ") + name;
}

Result<Value> read_tagged(const Name& tag, Value form) {
  if (!tag.ns) {
    if (tag.name == "inst") return read_inst(tag, form);
    if (tag.name == "uuid") return read_uuid(tag, form);
  }
  if (tag.ns != "ksv") return Value::tagged(tag, std::move(form));
  for (const KsvTag& known : kKsvTags) {
    if (known.name == tag.name) return known.read(tag, form);
  }
  return Error(ErrorCode::kUsage, "unknown tag #" + shown_in_message(tag.text()));
}

}  // namespace ksv
