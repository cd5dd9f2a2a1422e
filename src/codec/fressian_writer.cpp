// Writing Fressian, byte for byte as konserve's FressianSerializer does.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <utility>

#include "ksv/limits.h"

#include "codec/fressian.h"
#include "codec/fressian_cache.h"
#include "codec/fressian_codes.h"
#include "codec/fressian_structs.h"
#include "codec/fressian_text.h"

namespace ksv::fressian {
namespace {

// A buffer that is asked for room once for several bytes.
class Output {
 public:
  // Room for `count` bytes; advance() says how many were used.
  std::uint8_t* room(std::size_t count) {
    if (bytes_.size() - used_ < count)
      bytes_.resize(std::max(bytes_.size() * 2, used_ + count + 64));
    return bytes_.data() + used_;
  }
  void advance(std::size_t count) { used_ += count; }
  void code(std::size_t code) {
    *room(1) = static_cast<std::uint8_t>(code);
    advance(1);
  }
  void raw(const void* from, std::size_t count) {
    if (count == 0) return;
    std::memcpy(room(count), from, count);
    advance(count);
  }
  // The low `length` bytes of a number, big endian.
  void big_endian(std::uint64_t number, std::size_t length) {
    std::uint8_t* to = room(length);
    for (std::size_t i = length; i-- > 0; number >>= 8) to[i] = static_cast<std::uint8_t>(number);
    advance(length);
  }
  Bytes finish() && {
    bytes_.resize(used_);
    return std::move(bytes_);
  }

 private:
  Bytes bytes_;
  std::size_t used_ = 0;
};

// Answers with false on an error, which is kept aside, as the reader does.
class Writer {
 public:
  Result<Bytes> write_one(const Value& value);

 private:
  bool fail(std::string what, std::string hint = "");
  bool write(const Value& value);
  bool write_collection(const Value& value);
  bool write_items(const Values& items);
  bool write_list(const Values& items);
  bool write_map(const Table& table);
  bool write_set(const Table& table);
  bool write_record(const Name& tag, const Table& fields);
  bool write_struct(const Value& value);
  bool write_array(const Value& value);
  void write_int(std::int64_t number);
  void write_count(std::size_t count) { write_int(static_cast<std::int64_t>(count)); }
  void write_double(double number);
  void write_float(float number);
  void write_string(std::string_view text);
  void write_bytes(BytesView bytes);
  void write_big_integer(const BigInteger& number);
  void write_reference(std::uint32_t number);
  std::optional<std::uint32_t> write_name_part(std::string_view text);  // its number, if cached
  void write_name(Code code, const Name& name);
  void write_list_start(std::size_t count);
  // True if the tag and the field count have to follow.
  bool write_type_start(WriteCaches::Index index);
  void write_type(StructKind kind, std::string_view tag, std::int64_t fields);

  Output output_;
  WriteCaches caches_;
  std::string room_;  // for stored_form
  std::uint32_t level_ = 0;
  std::optional<Error> error_;
};

Result<Bytes> Writer::write_one(const Value& value) {
  if (write(value)) return std::move(output_).finish();
  KSV_ASSERT(error_.has_value());
  return *std::move(error_);
}

bool Writer::fail(std::string what, std::string hint) {
  error_ = Error(ErrorCode::kUsage, "Fressian: " + std::move(what)).with_hint(std::move(hint));
  return false;
}

bool Writer::write(const Value& value) {
  switch (value.kind()) {
    case Kind::kNil: output_.code(kNull); return true;
    case Kind::kBoolean: output_.code(value.as_boolean() ? kTrue : kFalse); return true;
    case Kind::kLong: write_int(value.as_long()); return true;
    case Kind::kDouble: write_double(value.as_double()); return true;
    case Kind::kFloat: write_float(value.as_float()); return true;
    case Kind::kString: write_string(value.as_string()); return true;
    case Kind::kSymbol: write_name(kSymbol, value.as_name()); return true;
    case Kind::kKeyword: write_name(kKeyword, value.as_name()); return true;
    case Kind::kBytes: write_bytes(value.as_bytes()); return true;
    case Kind::kInst:
      output_.code(kInst);
      write_int(value.as_inst());
      return true;
    case Kind::kUuid:
      output_.code(kUuid);
      write_bytes(value.as_uuid());
      return true;
    case Kind::kRegex:
    case Kind::kUri:
      output_.code(value.is(Kind::kRegex) ? kRegex : kUri);
      write_string(value.as_string());
      return true;
    case Kind::kBigInt: write_big_integer(value.as_bigint()); return true;
    case Kind::kDecimal:
      output_.code(kBigDecimal);
      write_bytes(value.as_decimal().unscaled.to_twos_complement());
      write_int(value.as_decimal().scale);
      return true;
    case Kind::kRatio:
      write_type(StructKind::kRatio, kRatioTag, kRatioFields);
      write_big_integer(value.as_ratio().numerator);
      write_big_integer(value.as_ratio().denominator);
      return true;
    case Kind::kChar:
      write_type(StructKind::kChar, kCharTag, kCharFields);
      write_int(value.as_char());
      return true;
    case Kind::kFunction: return fail("a function cannot be stored");
    default: break;
  }
  // What the reader would refuse is not written.
  if (++level_ > limits::kDepthMax) {
    return fail(fmt::format("a value that nests deeper than {} levels", limits::kDepthMax));
  }
  if (!write_collection(value)) return false;
  --level_;
  return true;
}

bool Writer::write_collection(const Value& value) {
  switch (value.kind()) {
    case Kind::kVector:
      write_type(StructKind::kVector, kVectorTag, kVectorFields);
      write_count(value.items().size());
      return write_items(value.items());
    case Kind::kList:
      write_type(StructKind::kList, kListTag, kListFields);
      write_count(value.items().size());
      return write_items(value.items());
    case Kind::kSeq: return write_list(value.items());
    case Kind::kMap: return write_map(value.table());
    case Kind::kSet: return write_set(value.table());
    case Kind::kArray: return write_array(value);
    case Kind::kRecord: return write_record(value.tag(), value.form().table());
    case Kind::kTagged:
      // To konserve an unknown tag before a map is a record whose class it does not have.
      if (value.form().is(Kind::kMap)) return write_record(value.tag(), value.form().table());
      return fail(fmt::format("#{} can be stored before a map only, this is of kind {}",
                              value.tag().text(), kind_name(value.form().kind())),
                  "a tagged map is stored as a record, #ksv/tagged as a struct of any fields");
    case Kind::kStruct: return write_struct(value);
    default: return fail(fmt::format("no form for the kind {}", kind_name(value.kind())));
  }
}

bool Writer::write_items(const Values& items) {
  for (const Value& item : items) {
    if (!write(item)) return false;
  }
  return true;
}

void Writer::write_list_start(std::size_t count) {
  if (count < kLengthPackedEnd) {
    output_.code(kListPacked + count);
  } else {
    output_.code(kList);
    write_count(count);
  }
}

bool Writer::write_list(const Values& items) {
  write_list_start(items.size());
  return write_items(items);
}

bool Writer::write_map(const Table& table) {
  output_.code(kMap);
  write_list_start(2 * table.size());
  for (const Table::Entry& entry : table) {
    if (!write(entry.key) || !write(entry.value)) return false;
  }
  return true;
}

bool Writer::write_set(const Table& table) {
  output_.code(kSet);
  write_list_start(table.size());
  for (const Table::Entry& entry : table) {
    if (!write(entry.key)) return false;
  }
  return true;
}

bool Writer::write_record(const Name& tag, const Table& fields) {
  write_type(StructKind::kInnerRecord, kRecordTag, kRecordFields);
  write_count(fields.size());
  write_name(kSymbol, tag);
  ++level_;  // a record holds a map, which counts too
  for (const Table::Entry& entry : fields) {
    write_list_start(2);
    if (!write(entry.key) || !write(entry.value)) return false;
  }
  --level_;
  return true;
}

bool Writer::write_struct(const Value& value) {
  const Value& tag = value.struct_tag();
  const Values& fields = value.items();
  if (!tag.is(Kind::kString)) {
    // Not worth remembering. Types that occur in the tag come before this one.
    output_.code(kStructType);
    if (!write(tag)) return false;
    caches_.skip_struct_type();
    write_count(fields.size());
    return write_items(fields);
  }
  const std::string& text = tag.as_string();
  if (write_type_start(caches_.struct_type(text, fields.size()))) {
    // "record" alone is also the tag of a struct that the reader leaves as it is.
    if (text != "record" && struct_kind(text) != StructKind::kUnknown) {
      return fail(fmt::format(
          "a struct cannot have the tag \"{}\", which stands for a kind of value", text));
    }
    write_string(text);
    write_count(fields.size());
  }
  return write_items(fields);
}

bool Writer::write_array(const Value& value) {
  const Values& elements = value.items();
  switch (value.array_kind()) {
    case ArrayKind::kLongs: output_.code(kLongArray); break;
    case ArrayKind::kDoubles: output_.code(kDoubleArray); break;
    case ArrayKind::kBooleans: output_.code(kBooleanArray); break;
    case ArrayKind::kInts: output_.code(kIntArray); break;
    case ArrayKind::kFloats: output_.code(kFloatArray); break;
    case ArrayKind::kObjects: output_.code(kObjectArray); break;
  }
  write_count(elements.size());
  return write_items(elements);
}

// In as few bytes as the signed number needs (doc/format: Fressian, numbers).
void Writer::write_int(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  const int significant = 64 - std::countl_zero(number < 0 ? ~bits : bits);
  if (number >= -1 && number < 64) return output_.code(bits & 0xff);
  const auto packed = [&](Code zero, std::size_t length) {
    std::uint8_t* to = output_.room(8);
    *to = static_cast<std::uint8_t>(zero + (number >> (8 * length)));
    output_.advance(1);
    output_.big_endian(bits, length);
  };
  if (significant <= 12) return packed(kInt2Zero, 1);
  if (significant <= 19) return packed(kInt3Zero, 2);
  if (significant <= 25) return packed(kInt4Zero, 3);
  if (significant <= 33) return packed(kInt5Zero, 4);
  if (significant <= 41) return packed(kInt6Zero, 5);
  if (significant <= 49) return packed(kInt7Zero, 6);
  output_.code(kInt);
  output_.big_endian(bits, 8);
}

// Minus zero equals zero, so its sign is lost, as in konserve.
void Writer::write_double(double number) {
  if (number == 0.0) return output_.code(kDouble0);
  if (number == 1.0) return output_.code(kDouble1);
  output_.code(kDouble);
  if (std::isnan(number)) number = std::numeric_limits<double>::quiet_NaN();
  output_.big_endian(std::bit_cast<std::uint64_t>(number), 8);
}

void Writer::write_float(float number) {
  output_.code(kFloat);
  if (std::isnan(number)) number = std::numeric_limits<float>::quiet_NaN();
  output_.big_endian(std::bit_cast<std::uint32_t>(number), 4);
}

void Writer::write_string(std::string_view text) {
  std::string_view stored = stored_form(text, room_);
  while (stored.size() > kStringPieceMax) {
    // Pieces end between code units.
    std::size_t end = kStringPieceMax;
    while ((static_cast<std::uint8_t>(stored[end]) & 0xc0) == 0x80) --end;
    output_.code(kStringChunk);
    write_count(end);
    output_.raw(stored.data(), end);
    stored.remove_prefix(end);
  }
  if (stored.size() < kLengthPackedEnd) {
    output_.code(kStringPacked + stored.size());
  } else {
    output_.code(kString);
    write_count(stored.size());
  }
  output_.raw(stored.data(), stored.size());
}

void Writer::write_bytes(BytesView bytes) {
  if (bytes.size() < kLengthPackedEnd) {
    output_.code(kBytesPacked + bytes.size());
  } else {
    while (bytes.size() > kBytesPieceMax) {
      output_.code(kBytesChunk);
      write_count(kBytesPieceMax);
      output_.raw(bytes.data(), kBytesPieceMax);
      bytes = bytes.subspan(kBytesPieceMax);
    }
    output_.code(kBytes);
    write_count(bytes.size());
  }
  output_.raw(bytes.data(), bytes.size());
}

void Writer::write_big_integer(const BigInteger& number) {
  output_.code(kBigInt);
  write_bytes(number.to_twos_complement());
}

void Writer::write_reference(std::uint32_t number) {
  if (number < kPriorityPackedEnd) {
    output_.code(kPriorityPacked + number);
  } else {
    output_.code(kGetPriority);
    write_int(number);
  }
}

// The only objects that konserve's serializer caches are namespaces and names. An empty one is not.
std::optional<std::uint32_t> Writer::write_name_part(std::string_view text) {
  if (text.empty()) {
    write_string(text);
    return std::nullopt;
  }
  const WriteCaches::Index index = caches_.name(text);
  if (index.is_new) {
    output_.code(kPutPriority);
    write_string(text);
  } else {
    write_reference(index.number);
  }
  return index.number;
}

void Writer::write_name(Code code, const Name& name) {
  output_.code(code);
  WriteCaches::KnownName& known = caches_.known_name(name);
  if (known.name == &name) {
    if (name.ns) {
      write_reference(known.ns);
    } else {
      output_.code(kNull);
    }
    write_reference(known.number);
    return;
  }
  std::optional<std::uint32_t> ns = 0;
  if (name.ns) {
    ns = write_name_part(*name.ns);
  } else {
    output_.code(kNull);
  }
  const std::optional<std::uint32_t> number = write_name_part(name.name);
  if (ns && number) known = {&name, *ns, *number};
}

bool Writer::write_type_start(WriteCaches::Index index) {
  if (index.is_new) {
    output_.code(kStructType);
  } else if (index.number < kStructPackedEnd) {
    output_.code(kStructPacked + index.number);
  } else {
    output_.code(kStruct);
    write_int(index.number);
  }
  return index.is_new;
}

void Writer::write_type(StructKind kind, std::string_view tag, std::int64_t fields) {
  if (!write_type_start(caches_.struct_type(kind))) return;
  write_string(tag);
  write_int(fields);
}

}  // namespace
}  // namespace ksv::fressian

namespace ksv {

Result<Bytes> write_fressian(const Value& value) { return fressian::Writer().write_one(value); }

}  // namespace ksv
