// Writing Nippy: the kinds that EDN has, and arrays and records.
#include "codec/nippy_writer.h"

#include <bit>
#include <limits>
#include <utility>

#include "base/utf8.h"
#include "codec/edn.h"
#include "codec/nippy_tags.h"

namespace ksv::nippy {
namespace {

constexpr std::int64_t kNameBytesMax = 32767;

// The largest count or number that a size holds.
constexpr std::int64_t most_of(Size size) {
  switch (size) {
    case Size::kU1: return 0xff;
    case Size::kU2: return 0xffff;
    case Size::kU4: return 0xffffffff;
    case Size::kS1: return 0x7f;
    case Size::kS2: return 0x7fff;
    case Size::kS4: return 0x7fffffff;
    case Size::kS8: return std::numeric_limits<std::int64_t>::max();
    default: return static_cast<std::int64_t>(size);
  }
}

constexpr std::size_t length_of(Size size) {
  switch (size) {
    case Size::kU1:
    case Size::kS1: return 1;
    case Size::kU2:
    case Size::kS2: return 2;
    case Size::kU4:
    case Size::kS4: return 4;
    case Size::kS8: return 8;
    default: return 0;
  }
}

constexpr bool is_unsigned(Size size) {
  return size == Size::kU1 || size == Size::kU2 || size == Size::kU4;
}

}  // namespace

Result<Bytes> write_plain(const Value& value, bool tight) { return Writer(tight).write_one(value); }

Result<Bytes> Writer::write_one(const Value& value) {
  if (write(value)) return std::move(out_);
  KSV_ASSERT(error_.has_value());
  return *std::move(error_);
}

bool Writer::fail(std::string what) {
  error_.emplace(ErrorCode::kUsage, "Nippy: " + std::move(what));
  return false;
}

void Writer::put_number(std::uint64_t number, std::size_t length) {
  for (std::size_t i = length; i-- > 0;) put(static_cast<std::uint8_t>(number >> (8 * i)));
}

void Writer::put_sized(Size size, std::int64_t number) {
  const std::size_t length = length_of(size);
  if (is_unsigned(size)) number -= std::int64_t{1} << (8 * length - 1);
  put_number(static_cast<std::uint64_t>(number), length);
}

// The id and the count of what has one.
bool Writer::start(Form form, std::size_t count) {
  for (const Size size : {Size::k0, Size::kU1, Size::kS1, Size::kS2, Size::kS4}) {
    if (id_of(form, size) == kNoId || (size == Size::kU1 && !tight_)) continue;
    if (count > static_cast<std::size_t>(most_of(size))) continue;
    put_id(form, size);
    put_sized(size, static_cast<std::int64_t>(count));
    return true;
  }
  return fail("cannot hold " + std::to_string(count) + " of something");
}

bool Writer::write(const Value& value) {
  switch (value.kind()) {
    case Kind::kList: return write_items(Form::kList, value.items());
    case Kind::kVector: return write_items(Form::kVector, value.items());
    case Kind::kSeq: return write_items(Form::kSeq, value.items());
    case Kind::kMap: return write_table(Form::kMap, value.table());
    case Kind::kSet: return write_table(Form::kSet, value.table());
    case Kind::kArray: return write_array(value);
    case Kind::kRecord: return write_record(value.tag(), value.form());
    case Kind::kTagged:
      if (value.tag().ns == kTagNamespace) return write_tagged(value);
      return write_chars(Form::kText, print_edn(value));
    case Kind::kStruct: return fail("cannot hold a struct of Fressian");
    case Kind::kFunction: return fail("cannot hold a function");
    default: return write_scalar(value);
  }
}

bool Writer::write_scalar(const Value& value) {
  switch (value.kind()) {
    case Kind::kNil: put_id(Form::kNil); return true;
    case Kind::kBoolean: put_id(value.as_boolean() ? Form::kTrue : Form::kFalse); return true;
    case Kind::kLong: write_long(value.as_long()); return true;
    case Kind::kDouble: write_double(value.as_double()); return true;
    case Kind::kFloat:
      put_id(Form::kFloat, Size::kS4);
      put_number(std::bit_cast<std::uint32_t>(value.as_float()), 4);
      return true;
    case Kind::kBigInt:
      put_id(Form::kBigInt, Size::kS4);
      write_big_integer(value.as_bigint());
      return true;
    case Kind::kDecimal:
      put_id(Form::kDecimal, Size::kS4);
      write_big_integer(value.as_decimal().unscaled);
      put_number(static_cast<std::uint32_t>(value.as_decimal().scale), 4);
      return true;
    case Kind::kRatio:
      put_id(Form::kRatio, Size::kS4);
      write_big_integer(value.as_ratio().numerator);
      write_big_integer(value.as_ratio().denominator);
      return true;
    case Kind::kChar:
      put_id(Form::kChar, Size::kS2);
      put_number(value.as_char(), 2);
      return true;
    case Kind::kInst:
      put_id(Form::kDate, Size::kS8);
      put_number(static_cast<std::uint64_t>(value.as_inst()), 8);
      return true;
    case Kind::kUuid:
      put_id(Form::kUuid);
      append(out_, value.as_uuid());
      return true;
    case Kind::kBytes: return write_bytes(value.as_bytes());
    case Kind::kKeyword: return write_keyword(value.as_name());
    case Kind::kSymbol: return write_name(Form::kSymbol, value.as_name());
    case Kind::kRegex: put_id(Form::kRegex); return write_chars(Form::kString, value.as_string());
    case Kind::kUri: put_id(Form::kUri); return write_chars(Form::kString, value.as_string());
    default: return write_chars(Form::kString, value.as_string());
  }
}

void Writer::write_long(std::int64_t number) {
  if (number == 0) {
    put_id(Form::kLong);
    return;
  }
  const bool is_least = number == std::numeric_limits<std::int64_t>::min();
  if (tight_ && !is_least) {
    const std::int64_t absolute = number < 0 ? -number : number;
    for (const Size size : {Size::kU1, Size::kU2, Size::kU4}) {
      if (absolute > most_of(size)) continue;
      put_id(number < 0 ? Form::kMinus : Form::kPlus, size);
      put_sized(size, absolute);
      return;
    }
  }
  for (const Size size : {Size::kS1, Size::kS2, Size::kS4, Size::kS8}) {
    const bool fits = number <= most_of(size) && number >= -most_of(size) - 1;
    if (!fits || (tight_ && size != Size::kS8)) continue;
    put_id(Form::kLong, size);
    put_sized(size, number);
    return;
  }
}

// Nippy does not keep the sign of a zero.
void Writer::write_double(double number) {
  if (number == 0) {
    put_id(Form::kDouble);
    return;
  }
  put_id(Form::kDouble, Size::kS8);
  put_number(std::bit_cast<std::uint64_t>(number), 8);
}

bool Writer::write_chars(Form form, std::string_view text) {
  if (!is_utf8(text)) return fail("cannot hold half of a surrogate pair in a text");
  if (!start(form, text.size())) return false;
  append(out_, bytes_of(text));
  return true;
}

bool Writer::write_name(Form form, const Name& name) {
  const std::string text = name.text();
  if (text.size() > static_cast<std::size_t>(kNameBytesMax)) {
    return fail("cannot hold a name of more than 32767 bytes");
  }
  return write_chars(form, text);
}

// In the tight form, as Nippy 3.9 writes it, a keyword is written out twice, the second time with
// an index, which then stands for it.
bool Writer::write_keyword(const Name& name) {
  if (!tight_) return write_name(Form::kKeyword, name);
  Seen& seen = seen_[":" + name.text()];
  if (seen.index) return put_reference(*seen.index);
  if (++seen.times == 2 && put_reference(references_)) seen.index = references_++;
  return write_name(Form::kKeyword, name);
}

// False when the index is too large.
bool Writer::put_reference(std::uint32_t index) {
  constexpr std::uint32_t kOwnIds = 8;
  if (index < kOwnIds) {
    put_id(Form::kReference, static_cast<Size>(index));
    return true;
  }
  for (const Size size : {Size::kS1, Size::kS2}) {
    if (index > most_of(size)) continue;
    put_id(Form::kReference, size);
    put_sized(size, index);
    return true;
  }
  return false;
}

bool Writer::write_bytes(BytesView bytes) {
  if (!start(Form::kBytes, bytes.size())) return false;
  append(out_, bytes);
  return true;
}

void Writer::write_big_integer(const BigInteger& number) {
  const Bytes digits = number.to_twos_complement();
  put_number(digits.size(), 4);
  append(out_, digits);
}

bool Writer::write_items(Form form, const Values& items) {
  if (!start(form, items.size())) return false;
  for (const Value& item : items) {
    if (!write(item)) return false;
  }
  return true;
}

bool Writer::write_table(Form form, const Table& table) {
  if (!start(form, table.size())) return false;
  for (const Table::Entry& entry : table) {
    if (!write(entry.key) || (form == Form::kMap && !write(entry.value))) return false;
  }
  return true;
}

bool Writer::write_array(const Value& array) {
  switch (array.array_kind()) {
    case ArrayKind::kObjects: return write_items(Form::kObjects, array.items());
    case ArrayKind::kBooleans: return fail("cannot hold an array of booleans");
    case ArrayKind::kInts:
      if (!start(Form::kInts, array.items().size())) return false;
      for (const Value& item : array.items()) {
        put_number(static_cast<std::uint64_t>(item.as_long()), 4);
      }
      return true;
    case ArrayKind::kLongs:
      if (!start(Form::kLongs, array.items().size())) return false;
      for (const Value& item : array.items()) {
        put_number(static_cast<std::uint64_t>(item.as_long()), 8);
      }
      return true;
    case ArrayKind::kFloats:
      if (!start(Form::kFloats, array.items().size())) return false;
      for (const Value& item : array.items()) {
        put_number(std::bit_cast<std::uint32_t>(item.as_float()), 4);
      }
      return true;
    case ArrayKind::kDoubles:
      if (!start(Form::kDoubles, array.items().size())) return false;
      for (const Value& item : array.items()) {
        put_number(std::bit_cast<std::uint64_t>(item.as_double()), 8);
      }
      return true;
  }
  return fail("cannot hold an array of this type");
}

bool Writer::write_record(const Name& tag, const Value& fields) {
  return write_name(Form::kRecord, tag) && write(fields);
}

}  // namespace ksv::nippy
