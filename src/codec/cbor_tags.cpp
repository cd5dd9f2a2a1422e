// What the tags of CBOR mean (doc/format: CBOR).
#include "codec/cbor_tags.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/utf8.h"
#include "codec/cbor_item.h"
#include "codec/rfc3339.h"

namespace ksv::cbor {

namespace {

Error wrong_content(std::uint64_t tag, const Value& content) {
  return damaged(fmt::format("tag {} around a {}", tag, kind_name(content.kind())));
}

Value uninterpreted(std::uint64_t tag, Value content) {
  Value number = tag <= static_cast<std::uint64_t>(INT64_MAX)
                     ? Value::integer(static_cast<std::int64_t>(tag))
                     : Value::bigint(BigInteger(false, {tag}));
  return Value::structure(std::move(number), {std::move(content)});
}

bool is_pair(const Value& content) {
  return content.is(Kind::kVector) && content.items().size() == 2;
}

std::optional<BigInteger> integer_of(const Value& value) {
  if (value.is(Kind::kLong)) return BigInteger(value.as_long());
  if (value.is(Kind::kBigInt)) return value.as_bigint();
  return std::nullopt;
}

Result<Value> big_integer(std::uint64_t tag, const Value& content) {
  if (!content.is(Kind::kBytes)) return wrong_content(tag, content);
  const Bytes& magnitude = content.as_bytes();
  // A byte is 2.4 digits.
  if (magnitude.size() > limits::kNumberDigitsMax / 5 * 2) {
    return damaged(fmt::format("an integer of {} bytes", magnitude.size()));
  }
  Bytes unsigned_form(1, 0);  // so that the first bit of the magnitude is no sign
  append(unsigned_form, magnitude);
  BigInteger number = BigInteger::from_twos_complement(unsigned_form);
  if (tag == tag::kNegative) number = BigInteger(-1) - number;
  return Value::bigint(std::move(number));
}

Result<Value> decimal(const Value& content) {
  if (!is_pair(content) || !content.items()[0].is(Kind::kLong)) {
    return wrong_content(tag::kDecimal, content);
  }
  const std::int64_t exponent = content.items()[0].as_long();
  std::optional<BigInteger> mantissa = integer_of(content.items()[1]);
  if (!mantissa) return wrong_content(tag::kDecimal, content);
  if (exponent > limits::kDecimalScaleMax || exponent < -limits::kDecimalScaleMax) {
    return damaged(fmt::format("a decimal with exponent {}", exponent));
  }
  return Value::decimal(
      Decimal{.unscaled = *std::move(mantissa), .scale = static_cast<std::int32_t>(-exponent)});
}

Result<Value> ratio(const Value& content) {
  if (!is_pair(content)) return wrong_content(tag::kRatio, content);
  std::optional<BigInteger> numerator = integer_of(content.items()[0]);
  std::optional<BigInteger> denominator = integer_of(content.items()[1]);
  if (!numerator || !denominator) return wrong_content(tag::kRatio, content);
  if (denominator->is_zero()) return damaged("a ratio with denominator zero");
  return Value::ratio(
      Ratio{.numerator = *std::move(numerator), .denominator = *std::move(denominator)});
}

Result<Value> date_time(const Value& content) {
  if (!content.is(Kind::kString)) return wrong_content(tag::kDateTime, content);
  const auto milliseconds = parse_rfc3339(content.as_string());
  if (!milliseconds) return damaged("tag 0 around a text that is no date");
  return Value::inst(*milliseconds);
}

// Seconds since 1970, cut to milliseconds as clj-cbor does.
Result<Value> epoch(const Value& content) {
  constexpr double kMsMax = 9.2e18;
  if (content.is(Kind::kLong)) {
    const std::int64_t seconds = content.as_long();
    constexpr std::int64_t kSecondsMax = INT64_MAX / 1000;
    if (seconds <= kSecondsMax && seconds >= -kSecondsMax) return Value::inst(seconds * 1000);
    return damaged("an instant out of range");
  }
  if (!content.is(Kind::kDouble) && !content.is(Kind::kFloat)) {
    return wrong_content(tag::kEpoch, content);
  }
  const double seconds =
      content.is(Kind::kDouble) ? content.as_double() : static_cast<double>(content.as_float());
  const double milliseconds = seconds * 1000.0;
  if (!(std::fabs(milliseconds) < kMsMax)) return damaged("an instant out of range");
  return Value::inst(static_cast<std::int64_t>(milliseconds));
}

Result<Value> uuid(const Value& content) {
  Uuid uuid{};
  if (!content.is(Kind::kBytes) || content.as_bytes().size() != uuid.size()) {
    return wrong_content(tag::kUuid, content);
  }
  std::copy(content.as_bytes().begin(), content.as_bytes().end(), uuid.begin());
  return Value::uuid(uuid);
}

Result<Value> set(const Value& content, std::uint64_t tag) {
  if (!content.is(Kind::kVector)) return wrong_content(tag, content);
  Table elements;
  for (const Value& element : content.items()) {
    if (!elements.put(element, Value())) return damaged("a set with an element twice");
  }
  return Value::set(std::move(elements));
}

// RFC 8746: little-endian numbers side by side.
Result<Value> number_array(std::uint64_t tag, const Value& content) {
  const std::size_t width = tag == tag::kInts || tag == tag::kFloats ? 4 : 8;
  if (!content.is(Kind::kBytes) || content.as_bytes().size() % width != 0) {
    return wrong_content(tag, content);
  }
  const Bytes& bytes = content.as_bytes();
  Values numbers;
  numbers.reserve(bytes.size() / width);
  for (std::size_t at = 0; at < bytes.size(); at += width) {
    std::uint64_t bits = 0;
    for (std::size_t i = width; i > 0; --i) bits = bits << 8 | bytes[at + i - 1];
    const auto low = static_cast<std::uint32_t>(bits);
    if (tag == tag::kInts) numbers.push_back(Value::integer(static_cast<std::int32_t>(low)));
    if (tag == tag::kLongs) numbers.push_back(Value::integer(static_cast<std::int64_t>(bits)));
    if (tag == tag::kFloats) numbers.push_back(Value::real32(std::bit_cast<float>(low)));
    if (tag == tag::kDoubles) numbers.push_back(Value::real(std::bit_cast<double>(bits)));
  }
  const ArrayKind kind = tag == tag::kInts     ? ArrayKind::kInts
                         : tag == tag::kLongs  ? ArrayKind::kLongs
                         : tag == tag::kFloats ? ArrayKind::kFloats
                                               : ArrayKind::kDoubles;
  return Value::array(kind, std::move(numbers));
}

// [keys [values of a row ...]]: maps with the same keys, which stand there once.
Result<Value> shaped_array(const Value& content) {
  if (!is_pair(content) || !content.items()[0].is(Kind::kVector) ||
      !content.items()[1].is(Kind::kVector)) {
    return wrong_content(tag::kShapedArray, content);
  }
  const Values& keys = content.items()[0].items();
  Values maps;
  for (const Value& row : content.items()[1].items()) {
    if (!row.is(Kind::kVector) || row.items().size() != keys.size()) {
      return damaged("a shaped array whose row does not fit its keys");
    }
    Table map;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!map.put(keys[i], row.items()[i])) return damaged("a map with a key twice");
    }
    maps.push_back(Value::map(std::move(map)));
  }
  return Value::vector(std::move(maps));
}

Result<Value> character(const Value& argument) {
  if (!argument.is(Kind::kString) || utf16_length(argument.as_string()) != 1) {
    return damaged("clojure/char around something else than one character");
  }
  return Value::character(to_utf16(argument.as_string())[0]);
}

// boring's tag 27: [name argument]. The kinds that ksv has no equal for become the nearest one that
// is equal by Clojure's =, as Fressian treats them too: sorted collections plain ones, a queue a
// list, and a value with metadata the value.
Result<Value> object(Value content) {
  if (!is_pair(content) || !content.items()[0].is(Kind::kString)) {
    return uninterpreted(tag::kObject, std::move(content));
  }
  const std::string& name = content.items()[0].as_string();
  const Value& argument = content.items()[1];
  if (name == kCharName) return character(argument);
  if (name == "clojure/sorted-map" && argument.is(Kind::kMap)) return argument;
  if (name == "clojure/sorted-set") return set(argument, tag::kObject);
  if (name == "clojure/queue" && argument.is(Kind::kVector)) return Value::list(argument.items());
  if (name == "clojure/with-meta" && is_pair(argument)) return argument.items()[1];
  if (name == kObjectsName && argument.is(Kind::kVector)) {
    return Value::array(ArrayKind::kObjects, argument.items());
  }
  if (name == kBooleansName && argument.is(Kind::kVector)) {
    for (const Value& element : argument.items()) {
      if (!element.is(Kind::kBoolean)) return wrong_content(tag::kObject, element);
    }
    return Value::array(ArrayKind::kBooleans, argument.items());
  }
  if (argument.is(Kind::kMap)) return Value::record(name_of(name), argument);
  return Value::tagged(name_of(name), argument);
}

// clj-cbor's tag 27: [tag form] of a tagged literal.
Result<Value> tagged_literal(Value content) {
  if (is_pair(content)) {
    const Value& name = content.items()[0];
    if (name.is(Kind::kString)) return Value::tagged(name_of(name.as_string()), content.items()[1]);
    if (name.is(Kind::kSymbol)) return Value::tagged(name.as_name(), content.items()[1]);
  }
  return uninterpreted(tag::kObject, std::move(content));
}

Result<Value> meaning_in_boring(std::uint64_t tag, Value content) {
  switch (tag) {
    case tag::kObject: return object(std::move(content));
    case tag::kInts:
    case tag::kLongs:
    case tag::kFloats:
    case tag::kDoubles: return number_array(tag, content);
    case tag::kShapedArray: return shaped_array(content);
    default: return uninterpreted(tag, std::move(content));
  }
}

}  // namespace

bool has_meaning(std::uint64_t tag) {
  constexpr std::array kTags = {
      tag::kDateTime,   tag::kEpoch, tag::kPositive,    tag::kNegative,     tag::kDecimal,
      tag::kStringRef,  tag::kRatio, tag::kUri,         tag::kRegex,        tag::kUuid,
      tag::kIdentifier, tag::kInts,  tag::kLongs,       tag::kFloats,       tag::kDoubles,
      tag::kStringRefs, tag::kSet,   tag::kShapedArray, tag::kSelfDescribed};
  return std::find(kTags.begin(), kTags.end(), tag) != kTags.end();
}

const Name& simple_name() {
  static const Name name("cbor", "simple");
  return name;
}

Name name_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || text.size() == 1) return Name(std::string(text));
  return Name(std::string(text.substr(0, slash)), std::string(text.substr(slash + 1)));
}

Value identifier(std::string_view text) {
  if (text.starts_with(':')) return Value::keyword(name_of(text.substr(1)));
  return Value::symbol(name_of(text));
}

Result<Value> meaning_of(std::uint64_t tag, Value content, Dialect dialect) {
  switch (tag) {
    case tag::kDateTime: return date_time(content);
    case tag::kEpoch: return epoch(content);
    case tag::kPositive:
    case tag::kNegative: return big_integer(tag, content);
    case tag::kDecimal: return decimal(content);
    case tag::kRatio: return ratio(content);
    case tag::kUri:
    case tag::kRegex:
      if (!content.is(Kind::kString)) return wrong_content(tag, content);
      return tag == tag::kUri ? Value::uri(content.as_string()) : Value::regex(content.as_string());
    case tag::kUuid: return uuid(content);
    case tag::kSet: return set(content, tag);
    case tag::kSelfDescribed: return content;
    default: break;
  }
  if (dialect == Dialect::kBoring) return meaning_in_boring(tag, std::move(content));
  if (tag == tag::kObject) return tagged_literal(std::move(content));
  return uninterpreted(tag, std::move(content));
}

}  // namespace ksv::cbor
