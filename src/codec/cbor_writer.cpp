// Writes values as boring's CBOR (doc/format: CBOR).
//
// As konserve's BoringSerializer writes small values: no string references, numbers as wide as
// their kind asks for, maps and sets in the order they are held. The index frame that may follow
// large containers only speeds up readers that jump about in a file; it is not written.
#include <bit>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/utf8.h"
#include "codec/cbor.h"
#include "codec/cbor_item.h"
#include "codec/cbor_tags.h"
#include "codec/edn.h"
#include "codec/inst_text.h"

namespace ksv {

namespace {

using cbor::Major;

class Writer {
 public:
  Status value(const Value& value);
  Bytes take() && { return std::move(to_); }

 private:
  Status content(const Value& value);
  Status text(std::string_view text);
  Status tagged_text(std::uint64_t tag, const std::string& text);
  Status items(const Values& items);
  Status map(const Table& entries);
  Status set(const Table& elements);
  Status named(const std::string& name, const Value& argument);
  Status tagged_form(const Value& tagged);
  Status character(std::uint16_t code_unit);
  Status instant(std::int64_t milliseconds);
  Status array(const Value& array);
  Status structure(const Value& structure);
  Status other(const Value& value);

  void head(Major major, std::uint64_t argument) { cbor::append_head(to_, major, argument); }
  void tag(std::uint64_t tag) { head(Major::kTag, tag); }
  void byte_string(BytesView bytes);
  void integer(std::int64_t number);
  void big_integer(const BigInteger& number);
  void mantissa(const BigInteger& number);
  void ratio_part(const BigInteger& number);
  void numbers(std::uint64_t array_tag, const Values& numbers, std::size_t width);

  Bytes to_;
  std::uint32_t depth_ = 0;  // levels open around what is written
};

void Writer::byte_string(BytesView bytes) {
  head(Major::kBytes, bytes.size());
  append(to_, bytes);
}

void Writer::integer(std::int64_t number) {
  if (number >= 0) return head(Major::kUnsigned, static_cast<std::uint64_t>(number));
  head(Major::kNegative, static_cast<std::uint64_t>(-1 - number));
}

// The argument of a CBOR integer: the number, or -1 minus it.
BigInteger magnitude_of(const BigInteger& number) {
  return number.is_negative() ? BigInteger(-1) - number : number;
}

// Always with its tag, so that a big integer stays one.
void Writer::big_integer(const BigInteger& number) {
  tag(number.is_negative() ? cbor::tag::kNegative : cbor::tag::kPositive);
  const Bytes bytes = magnitude_of(number).to_twos_complement();
  const bool has_sign_byte = bytes.size() > 1 && bytes[0] == 0;
  byte_string(BytesView(bytes).subspan(has_sign_byte ? 1 : 0));
}

// Inside a decimal the tag says the kind, so small numbers go plain, as boring has it.
void Writer::mantissa(const BigInteger& number) {
  if (magnitude_of(number).bit_length() < 63) return integer(number.to_long().value_or(0));
  big_integer(number);
}

void Writer::ratio_part(const BigInteger& number) {
  const BigInteger magnitude = magnitude_of(number);
  if (magnitude.bit_length() > 64) return big_integer(number);
  const std::uint64_t argument = magnitude.is_zero() ? 0 : magnitude.magnitude()[0];
  head(number.is_negative() ? Major::kNegative : Major::kUnsigned, argument);
}

Status Writer::text(std::string_view text) {
  if (!is_utf8(text)) {
    return Error(ErrorCode::kUsage, "CBOR cannot hold a text with half a surrogate pair");
  }
  head(Major::kText, text.size());
  append(to_, bytes_of(text));
  return ok();
}

Status Writer::tagged_text(std::uint64_t number, const std::string& content) {
  tag(number);
  return text(content);
}

Status Writer::items(const Values& items) {
  head(Major::kArray, items.size());
  for (const Value& item : items) KSV_CHECK(value(item));
  return ok();
}

Status Writer::map(const Table& entries) {
  head(Major::kMap, entries.size());
  for (const Table::Entry& entry : entries) {
    KSV_CHECK(value(entry.key));
    KSV_CHECK(value(entry.value));
  }
  return ok();
}

Status Writer::set(const Table& elements) {
  tag(cbor::tag::kSet);
  head(Major::kArray, elements.size());
  for (const Table::Entry& entry : elements) KSV_CHECK(value(entry.key));
  return ok();
}

Status Writer::named(const std::string& name, const Value& argument) {
  tag(cbor::tag::kObject);
  head(Major::kArray, 2);
  KSV_CHECK(text(name));
  return value(argument);
}

// A tag of the user's own may have a name that boring reserves: what could not be read again is not
// written.
Status Writer::tagged_form(const Value& tagged) {
  const std::string name = tagged.tag().text();
  const Value content = Value::vector({Value::string(name), tagged.form()});
  if (!cbor::meaning_of(cbor::tag::kObject, content, cbor::Dialect::kBoring)) {
    return Error(ErrorCode::kUsage, "boring cannot hold " + edn_excerpt(tagged));
  }
  return named(name, tagged.form());
}

Status Writer::character(std::uint16_t code_unit) {
  const std::u16string unit(1, static_cast<char16_t>(code_unit));
  return named(std::string(cbor::kCharName), Value::string(from_utf16(unit)));
}

// RFC 3339 has years of four digits only; Java gives others a sign.
Status Writer::instant(std::int64_t milliseconds) {
  const std::string date = instant_text(milliseconds);
  if (date.starts_with('-') || date.starts_with('+')) {
    return Error(ErrorCode::kUsage,
                 fmt::format("boring cannot hold the instant {}: its year has no "
                             "four digits",
                             date));
  }
  return tagged_text(cbor::tag::kDateTime, date);
}

// RFC 8746, little endian.
void Writer::numbers(std::uint64_t array_tag, const Values& numbers, std::size_t width) {
  tag(array_tag);
  head(Major::kBytes, numbers.size() * width);
  for (const Value& number : numbers) {
    std::uint64_t bits = 0;
    if (number.is(Kind::kLong)) bits = static_cast<std::uint64_t>(number.as_long());
    if (number.is(Kind::kDouble)) bits = std::bit_cast<std::uint64_t>(number.as_double());
    if (number.is(Kind::kFloat)) bits = std::bit_cast<std::uint32_t>(number.as_float());
    for (std::size_t i = 0; i < width; ++i) to_.push_back(static_cast<std::uint8_t>(bits >> 8 * i));
  }
}

Status Writer::array(const Value& array) {
  const Values& content = array.items();
  switch (array.array_kind()) {
    case ArrayKind::kLongs: numbers(cbor::tag::kLongs, content, 8); return ok();
    case ArrayKind::kInts: numbers(cbor::tag::kInts, content, 4); return ok();
    case ArrayKind::kDoubles: numbers(cbor::tag::kDoubles, content, 8); return ok();
    case ArrayKind::kFloats: numbers(cbor::tag::kFloats, content, 4); return ok();
    case ArrayKind::kBooleans:
      return named(std::string(cbor::kBooleansName), Value::vector(content));
    case ArrayKind::kObjects: break;
  }
  return named(std::string(cbor::kObjectsName), Value::vector(content));
}

// The number of a tag that may stand around `content` without changing what it means.
std::optional<std::uint64_t> free_tag(const Value& name, const Value& content) {
  if (!name.is(Kind::kLong) && !name.is(Kind::kBigInt)) return std::nullopt;
  const BigInteger number = name.is(Kind::kLong) ? BigInteger(name.as_long()) : name.as_bigint();
  if (number.is_negative() || number.bit_length() > 64) return std::nullopt;
  const std::uint64_t tag = number.is_zero() ? 0 : number.magnitude()[0];
  const bool is_object = tag == cbor::tag::kObject && content.is_sequential() &&
                         content.items().size() == 2 && content.items()[0].is(Kind::kString);
  return cbor::has_meaning(tag) || is_object ? std::nullopt : std::optional(tag);
}

// The number of a simple value that has no meaning of its own.
std::optional<std::uint64_t> free_simple(const Value& name, const Value& content) {
  if (!name.is(Kind::kSymbol) || name.as_name() != cbor::simple_name()) return std::nullopt;
  if (!content.is(Kind::kLong) || content.as_long() < 0) return std::nullopt;
  const auto number = static_cast<std::uint64_t>(content.as_long());
  const bool is_free =
      number < cbor::kFalse || number == cbor::kUndefined || (number >= 32 && number <= 255);
  return is_free ? std::optional(number) : std::nullopt;
}

// What the reader kept uninterpreted: a tag by its number, a simple value.
Status Writer::structure(const Value& structure) {
  const Values& fields = structure.items();
  if (fields.size() == 1) {
    if (const auto number = free_tag(structure.struct_tag(), fields[0])) {
      tag(*number);
      return value(fields[0]);
    }
    if (const auto number = free_simple(structure.struct_tag(), fields[0])) {
      head(Major::kSimple, *number);
      return ok();
    }
  }
  return Error(ErrorCode::kUsage, "boring cannot hold the structure " + edn_excerpt(structure));
}

// Arrays, maps and tags that `kind` opens around what it holds.
std::uint32_t levels_of(Kind kind) {
  switch (kind) {
    case Kind::kNil:
    case Kind::kBoolean:
    case Kind::kLong:
    case Kind::kDouble:
    case Kind::kFloat:
    case Kind::kString:
    case Kind::kBytes: return 0;
    case Kind::kSet:
    case Kind::kChar:
    case Kind::kArray:
    case Kind::kRecord:
    case Kind::kTagged: return 2;
    case Kind::kDecimal:
    case Kind::kRatio: return 3;
    default: return 1;
  }
}

// A level of a value may be several of CBOR, which counts when it is read again.
Status Writer::value(const Value& value) {
  const std::uint32_t levels = levels_of(value.kind());
  if (depth_ + levels > limits::kDepthMax) {
    return Error(ErrorCode::kUsage, fmt::format("the value is nested deeper than {} levels of CBOR",
                                                limits::kDepthMax));
  }
  depth_ += levels;
  const Status status = content(value);
  depth_ -= levels;
  return status;
}

Status Writer::content(const Value& value) {
  switch (value.kind()) {
    case Kind::kNil: head(Major::kSimple, cbor::kNull); return ok();
    case Kind::kBoolean:
      head(Major::kSimple, value.as_boolean() ? cbor::kTrue : cbor::kFalse);
      return ok();
    case Kind::kLong: integer(value.as_long()); return ok();
    case Kind::kBigInt: big_integer(value.as_bigint()); return ok();
    case Kind::kDouble:
      cbor::append_wide_head(to_, Major::kSimple, std::bit_cast<std::uint64_t>(value.as_double()),
                             8);
      return ok();
    case Kind::kFloat:
      cbor::append_wide_head(to_, Major::kSimple, std::bit_cast<std::uint32_t>(value.as_float()),
                             4);
      return ok();
    case Kind::kString: return text(value.as_string());
    case Kind::kKeyword: return tagged_text(cbor::tag::kIdentifier, ":" + value.as_name().text());
    case Kind::kSymbol: return tagged_text(cbor::tag::kIdentifier, value.as_name().text());
    case Kind::kBytes: byte_string(value.as_bytes()); return ok();
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq: return items(value.items());
    case Kind::kMap: return map(value.table());
    case Kind::kSet: return set(value.table());
    default: return other(value);
  }
}

Status Writer::other(const Value& value) {
  switch (value.kind()) {
    case Kind::kDecimal:
      tag(cbor::tag::kDecimal);
      head(Major::kArray, 2);
      integer(-std::int64_t{value.as_decimal().scale});
      mantissa(value.as_decimal().unscaled);
      return ok();
    case Kind::kRatio:
      tag(cbor::tag::kRatio);
      head(Major::kArray, 2);
      ratio_part(value.as_ratio().numerator);
      ratio_part(value.as_ratio().denominator);
      return ok();
    case Kind::kChar: return character(value.as_char());
    case Kind::kInst: return instant(value.as_inst());
    case Kind::kUuid:
      tag(cbor::tag::kUuid);
      byte_string(value.as_uuid());
      return ok();
    case Kind::kUri: return tagged_text(cbor::tag::kUri, value.as_string());
    case Kind::kRegex: return tagged_text(cbor::tag::kRegex, value.as_string());
    case Kind::kArray: return array(value);
    case Kind::kRecord:
    case Kind::kTagged: return tagged_form(value);
    case Kind::kStruct: return structure(value);
    default: break;
  }
  return Error(ErrorCode::kUsage, fmt::format("boring cannot hold a {}", kind_name(value.kind())));
}

}  // namespace

Result<Bytes> write_boring(const Value& value) {
  Writer writer;
  KSV_CHECK(writer.value(value));
  return std::move(writer).take();
}

}  // namespace ksv
