// Reading Fressian: structs, and the kinds of values that are structs with a tag of their own.
#include "codec/fressian_structs.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "ksv/limits.h"

#include "codec/fressian_reader.h"

namespace ksv::fressian {
namespace {

struct NamedKind {
  std::string_view tag;
  StructKind kind;
};

// Beside konserve's own, the tags that the one-byte opcodes stand for: they may be spelled out.
constexpr NamedKind kNamedKinds[] = {
    {kVectorTag, StructKind::kVector},
    {kListTag, StructKind::kList},
    {kRecordTag, StructKind::kInnerRecord},
    {kCharTag, StructKind::kChar},
    {kRatioTag, StructKind::kRatio},
    {"byte", StructKind::kByte},
    {"record", StructKind::kRecord},
    {"map", StructKind::kMap},
    {"set", StructKind::kSet},
    {"uuid", StructKind::kUuid},
    {"regex", StructKind::kRegex},
    {"uri", StructKind::kUri},
    {"bigint", StructKind::kBigInt},
    {"bigdec", StructKind::kBigDecimal},
    {"inst", StructKind::kInst},
    {"sym", StructKind::kSymbol},
    {"key", StructKind::kKeyword},
    {"long[]", StructKind::kLongArray},
    {"double[]", StructKind::kDoubleArray},
    {"boolean[]", StructKind::kBooleanArray},
    {"int[]", StructKind::kIntArray},
    {"float[]", StructKind::kFloatArray},
    {"Object[]", StructKind::kObjectArray},
};

// The bytes of a two's complement number of limits::kNumberDigitsMax decimal digits, a little more.
constexpr std::size_t kNumberBytesMax = limits::kNumberDigitsMax * 416 / 1000;

constexpr std::size_t kReserveMax = 1024;

}  // namespace

StructKind struct_kind(std::string_view tag) {
  for (const NamedKind& named : kNamedKinds) {
    if (named.tag == tag) return named.kind;
  }
  return StructKind::kUnknown;
}

bool Reader::read_struct_type(Value& to) {
  const std::size_t start = offset();
  const std::uint64_t extra_before = extra_;
  StructType type;
  std::int64_t fields = 0;
  if (!read_nested(type.tag) || !read_int(fields)) return false;
  if (fields < 0 || fields > kCountMax) {
    return fail(fmt::format("a struct of {} fields", fields), start);
  }
  type.fields = static_cast<std::uint32_t>(fields);
  if (type.tag.is(Kind::kString)) type.kind = struct_kind(type.tag.as_string());
  type.expanded = offset() - start + (extra_ - extra_before);
  types_.push_back(type);
  if (type.kind != StructKind::kUnknown) return read_struct_of(type.kind, to);
  return read_unknown_struct(type, to);
}

bool Reader::read_struct(std::int64_t index, Value& to) {
  if (index < 0 || static_cast<std::uint64_t>(index) >= types_.size()) {
    return fail(fmt::format("struct type {} of {} known", index, types_.size()));
  }
  const StructType& type = types_[static_cast<std::size_t>(index)];
  if (type.kind != StructKind::kUnknown) return read_struct_of(type.kind, to);
  // A copy, since types may be added, or all forgotten, within the fields.
  const StructType copy = type;
  return charge(copy.expanded) && read_unknown_struct(copy, to);
}

bool Reader::read_unknown_struct(const StructType& type, Value& to) {
  if (!enter()) return false;
  if (type.fields > left()) return fail_at_end();
  Values fields;
  if (!read_items(ListStart{.count = type.fields}, fields)) return false;
  return finish(to, Value::structure(type.tag, std::move(fields)));
}

// The declared number of fields plays no part for these, as in konserve.
bool Reader::read_struct_of(StructKind kind, Value& to) {
  switch (kind) {
    case StructKind::kMap: return read_map(to);
    case StructKind::kSet: return read_set(to);
    case StructKind::kVector:
    case StructKind::kList: return read_sequence(kind, to);
    case StructKind::kInnerRecord: return read_inner_record(to);
    case StructKind::kRecord: return read_record(to);
    case StructKind::kChar: return read_char(to);
    case StructKind::kByte: return read_byte(to);
    case StructKind::kRatio: return read_ratio(to);
    case StructKind::kUuid: return read_uuid(to);
    case StructKind::kSymbol: return read_named(Kind::kSymbol, to);
    case StructKind::kKeyword: return read_named(Kind::kKeyword, to);
    case StructKind::kLongArray: return read_array(ArrayKind::kLongs, to);
    case StructKind::kDoubleArray: return read_array(ArrayKind::kDoubles, to);
    case StructKind::kBooleanArray: return read_array(ArrayKind::kBooleans, to);
    case StructKind::kIntArray: return read_array(ArrayKind::kInts, to);
    case StructKind::kFloatArray: return read_array(ArrayKind::kFloats, to);
    case StructKind::kObjectArray: return read_array(ArrayKind::kObjects, to);
    case StructKind::kBigDecimal: return read_decimal(to);
    case StructKind::kBigInt: {
      BigInteger number;
      if (!read_big_integer(number)) return false;
      to = Value::bigint(std::move(number));
      return true;
    }
    case StructKind::kInst: {
      std::int64_t milliseconds = 0;
      if (!read_int(milliseconds)) return false;
      to = Value::inst(milliseconds);
      return true;
    }
    case StructKind::kRegex:
    case StructKind::kUri: {
      std::string text;
      const bool is_regex = kind == StructKind::kRegex;
      if (!read_text(is_regex ? "a regular expression" : "a uri", text)) return false;
      to = is_regex ? Value::regex(std::move(text)) : Value::uri(std::move(text));
      return true;
    }
    case StructKind::kUnknown: break;
  }
  return fail("struct");
}

bool Reader::read_sequence(StructKind kind, Value& to) {
  std::size_t count = 0;
  Values items;
  if (!enter() || !read_count("elements", count)) return false;
  if (!read_items(ListStart{.count = count}, items)) return false;
  const bool is_vector = kind == StructKind::kVector;
  return finish(to, is_vector ? Value::vector(std::move(items)) : Value::list(std::move(items)));
}

bool Reader::read_record_entry(Table& to) {
  const std::size_t start = offset();
  const std::uint64_t nans_before = nans_;
  Values entry;
  if (!enter() || !read_as_items("a field", entry)) return false;
  if (entry.size() != 2) return fail("expected a field and its value", start);
  if (!admit_nan_keys(entry, nans_before)) return false;
  to.put(std::move(entry[0]), std::move(entry[1]));
  leave();
  return true;
}

bool Reader::read_inner_record(Value& to) {
  std::size_t count = 0;
  if (!enter() || !read_count("fields", count)) return false;
  const std::size_t start = offset();
  Value tag;
  if (!read_nested(tag)) return false;
  if (!tag.is(Kind::kSymbol)) return fail_expected("the name of a record", tag, start);
  Table fields;
  fields.reserve(std::min(count, kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_record_entry(fields)) return false;
  }
  return finish(to, Value::record(tag.as_name(), Value::map(std::move(fields))));
}

// data.fressian's own form of a record, which konserve writes for none.
bool Reader::read_record(Value& to) {
  Value tag;
  Value fields;
  if (!enter() || !read(tag) || !read(fields)) return false;
  if (tag.is(Kind::kSymbol) && fields.is(Kind::kMap)) {
    return finish(to, Value::record(tag.as_name(), std::move(fields)));
  }
  Values both;
  both.push_back(std::move(tag));
  both.push_back(std::move(fields));
  return finish(to, Value::structure(Value::string("record"), std::move(both)));
}

bool Reader::read_char(Value& to) {
  const std::size_t start = offset();
  std::int64_t unit = 0;
  if (!read_int(unit)) return false;
  if (unit < 0 || unit > 0xffff) return fail(fmt::format("a character of code {}", unit), start);
  to = Value::character(static_cast<std::uint16_t>(unit));
  return true;
}

bool Reader::read_byte(Value& to) {
  const std::size_t start = offset();
  std::int64_t number = 0;
  if (!read_int(number)) return false;
  if (number < -128 || number > 127) return fail(fmt::format("a byte of {}", number), start);
  to = Value::integer(number);
  return true;
}

bool Reader::read_big_integer(BigInteger& to) {
  const std::size_t start = offset();
  Value bytes;
  if (!read_nested(bytes)) return false;
  if (!bytes.is(Kind::kBytes)) return fail_expected("the bytes of a number", bytes, start);
  const Bytes& digits = bytes.as_bytes();
  if (digits.empty()) return fail("a number of no bytes", start);
  if (digits.size() > kNumberBytesMax) {
    return fail(fmt::format("a number of more than {} digits", limits::kNumberDigitsMax), start,
                ErrorCode::kUnsupported);
  }
  to = BigInteger::from_twos_complement(digits);
  return true;
}

bool Reader::read_as_big_integer(BigInteger& to) {
  const std::size_t start = offset();
  Value number;
  if (!read_nested(number)) return false;
  if (number.is(Kind::kBigInt)) {
    to = number.as_bigint();
  } else if (number.is(Kind::kLong)) {
    to = BigInteger(number.as_long());
  } else {
    return fail_expected("an integer", number, start);
  }
  return true;
}

bool Reader::read_ratio(Value& to) {
  const std::size_t start = offset();
  Ratio ratio;
  if (!read_as_big_integer(ratio.numerator) || !read_as_big_integer(ratio.denominator)) {
    return false;
  }
  if (ratio.denominator.is_zero()) return fail("a ratio over zero", start);
  to = Value::ratio(std::move(ratio));
  return true;
}

bool Reader::read_decimal(Value& to) {
  const std::size_t start = offset();
  Decimal decimal;
  std::int64_t scale = 0;
  if (!read_big_integer(decimal.unscaled) || !read_int(scale)) return false;
  if (scale > limits::kDecimalScaleMax || scale < -limits::kDecimalScaleMax) {
    return fail(fmt::format("a decimal of scale {}", scale), start, ErrorCode::kUnsupported);
  }
  decimal.scale = static_cast<std::int32_t>(scale);
  to = Value::decimal(std::move(decimal));
  return true;
}

bool Reader::read_uuid(Value& to) {
  const std::size_t start = offset();
  Uuid uuid{};
  if (left() >= 2 + uuid.size() && at_[0] == kBytes && at_[1] == uuid.size()) {
    std::copy_n(at_ + 2, uuid.size(), uuid.begin());
    at_ += 2 + uuid.size();
    to = Value::uuid(uuid);
    return true;
  }
  Value bytes;
  if (!read_nested(bytes)) return false;
  if (!bytes.is(Kind::kBytes) || bytes.as_bytes().size() != uuid.size()) {
    return fail_expected("the 16 bytes of a uuid", bytes, start);
  }
  std::copy_n(bytes.as_bytes().begin(), uuid.size(), uuid.begin());
  to = Value::uuid(uuid);
  return true;
}

bool Reader::read_text(std::string_view what, std::string& to) {
  const std::size_t start = offset();
  Value text;
  if (!read_nested(text)) return false;
  if (!text.is(Kind::kString)) return fail_expected(what, text, start);
  to = text.as_string();
  return true;
}

bool Reader::read_array_element(ArrayKind kind, Value& to) {
  const std::size_t start = offset();
  if (!read(to)) return false;
  switch (kind) {
    case ArrayKind::kObjects: return true;
    case ArrayKind::kLongs: return to.is(Kind::kLong) || fail_expected("an integer", to, start);
    case ArrayKind::kDoubles: return to.is(Kind::kDouble) || fail_expected("a double", to, start);
    case ArrayKind::kFloats: return to.is(Kind::kFloat) || fail_expected("a float", to, start);
    case ArrayKind::kBooleans:
      return to.is(Kind::kBoolean) || fail_expected("a boolean", to, start);
    case ArrayKind::kInts: break;
  }
  if (!to.is(Kind::kLong)) return fail_expected("an integer", to, start);
  const std::int64_t number = to.as_long();
  if (number >= INT32_MIN && number <= INT32_MAX) return true;
  return fail(fmt::format("{} in an array of 32-bit integers", number), start);
}

bool Reader::read_array(ArrayKind kind, Value& to) {
  std::size_t count = 0;
  if (!enter() || !read_count("elements", count)) return false;
  Values elements;
  elements.reserve(std::min(count, kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_array_element(kind, elements.emplace_back())) return false;
  }
  return finish(to, Value::array(kind, std::move(elements)));
}

}  // namespace ksv::fressian
