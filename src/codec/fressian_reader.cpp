// Reading Fressian: opcodes, numbers, strings, byte strings, footers.
//
// The input is not trusted. Three things keep the work in proportion to its size:
// - every length is compared with what is left before memory is taken for it, and room for elements
//   is reserved in small steps, since an element takes at least one byte;
// - recursion is bounded by level_, and the depth of what was made by Value::depth, which grows
//   without recursion when a cached object holds a reference to the one before;
// - a reference shares the object it names, so it costs nothing here, but whoever walks the value
//   later (the hash of a map key, a printer) walks it each time. extra_ counts what the references
//   stand for, and past a limit far above real data the value is refused.
#include "codec/fressian_reader.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "ksv/limits.h"

#include "codec/fressian.h"
#include "codec/fressian_text.h"

namespace ksv::fressian {
namespace {

// Above the nesting of values: the operands at the bottom (a keyword, its name, a cached string)
// nest a little further.
constexpr std::uint32_t kLevelMax = limits::kDepthMax + 16;

// Real data refers to names of keywords: a few dozen bytes behind two or three.
constexpr std::uint64_t kExpansionFactorMax = 64;
constexpr std::uint64_t kExpansionFree = std::uint64_t{16} << 20;

// 40..7f by blocks of four: the opcode that means "high bits 0", and the bytes that follow.
struct PackedInt {
  Code zero;
  std::uint8_t length;
};
constexpr PackedInt kPackedInts[] = {
    {kInt2Zero, 1}, {kInt2Zero, 1}, {kInt2Zero, 1}, {kInt2Zero, 1}, {kInt2Zero, 1}, {kInt2Zero, 1},
    {kInt2Zero, 1}, {kInt2Zero, 1}, {kInt3Zero, 2}, {kInt3Zero, 2}, {kInt3Zero, 2}, {kInt3Zero, 2},
    {kInt4Zero, 3}, {kInt5Zero, 4}, {kInt6Zero, 5}, {kInt7Zero, 6},
};

constexpr bool is_packed(Code code, Code start) {
  return code >= start && code < start + kLengthPackedEnd;
}

}  // namespace

Reader::Reader(BytesView bytes)
    : begin_(bytes.data()),
      at_(begin_),
      end_(begin_ + bytes.size()),
      footer_start_(begin_),
      extra_max_(kExpansionFree + kExpansionFactorMax * bytes.size()) {}

Result<Value> Reader::read_one() {
  if (size() > limits::kValueBytesMax) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("Fressian: {} bytes are more than ksv reads ({})", size(),
                             limits::kValueBytesMax));
  }
  Value value;
  if (read(value)) return value;
  KSV_ASSERT(error_.has_value());
  return *std::move(error_);
}

bool Reader::fail(std::string what, std::size_t offset, ErrorCode code) {
  error_.emplace(code, fmt::format("Fressian: {} at byte {}", what, offset));
  return false;
}

bool Reader::fail_expected(std::string_view what, const Value& got, std::size_t offset) {
  return fail(fmt::format("expected {}, got {}", what, kind_name(got.kind())), offset);
}

bool Reader::enter() {
  if (++level_ <= kLevelMax) return true;
  return fail(fmt::format("nesting of more than {} levels", limits::kDepthMax), offset(),
              ErrorCode::kUnsupported);
}

bool Reader::read_nested(Value& to) {
  if (!enter() || !read(to)) return false;
  leave();
  return true;
}

bool Reader::read(Value& to) {
  for (;;) {
    if (at_ == end_) return fail_at_end();
    const Code code = *at_++;
    if (code < kPriorityPacked) {
      std::int64_t number = code;
      if (code >= 0x40 && !read_packed_int(code, number)) return false;
      to = Value::integer(number);
      return true;
    }
    if (code < kStructPacked) return read_reference(code - kPriorityPacked, to);
    if (code < kLongArray) return read_struct(code - kStructPacked, to);
    if (is_packed(code, kStringPacked)) return read_string(code, to);
    switch (code) {
      case kKeyword: return read_named(Kind::kKeyword, to);
      case kSymbol: return read_named(Kind::kSymbol, to);
      case kNull: to = Value(); return true;
      case kTrue: to = Value::boolean(true); return true;
      case kFalse: to = Value::boolean(false); return true;
      case kIntMinusOne: to = Value::integer(-1); return true;
      case kString:
      case kStringChunk: return read_string(code, to);
      case kDouble:
      case kDouble0:
      case kDouble1: return read_double(code, to);
      case kMap: return read_struct_of(StructKind::kMap, to);
      case kSet: return read_struct_of(StructKind::kSet, to);
      case kUuid: return read_struct_of(StructKind::kUuid, to);
      case kInst: return read_struct_of(StructKind::kInst, to);
      case kPutPriority: return read_cached(to);
      default: break;
    }
    bool again = false;
    if (!read_rare(code, to, again)) return false;
    if (!again) return true;
  }
}

// The opcodes that are not worth a place in the loop above. `again`: the object is still to come.
bool Reader::read_rare(Code code, Value& to, bool& again) {
  if (is_packed(code, kListPacked) || code == kList || code == kBeginClosedList ||
      code == kBeginOpenList) {
    --at_;
    return read_list(to);
  }
  if (is_packed(code, kBytesPacked)) return read_bytes(code, to);
  std::int64_t index = 0;
  switch (code) {
    case kBytes:
    case kBytesChunk: return read_bytes(code, to);
    case kInt: {
      std::uint64_t number = 0;
      if (!read_raw(8, number)) return false;
      to = Value::integer(static_cast<std::int64_t>(number));
      return true;
    }
    case kFloat: return read_float(to);
    case kLongArray: return read_struct_of(StructKind::kLongArray, to);
    case kDoubleArray: return read_struct_of(StructKind::kDoubleArray, to);
    case kBooleanArray: return read_struct_of(StructKind::kBooleanArray, to);
    case kIntArray: return read_struct_of(StructKind::kIntArray, to);
    case kFloatArray: return read_struct_of(StructKind::kFloatArray, to);
    case kObjectArray: return read_struct_of(StructKind::kObjectArray, to);
    case kRegex: return read_struct_of(StructKind::kRegex, to);
    case kUri: return read_struct_of(StructKind::kUri, to);
    case kBigInt: return read_struct_of(StructKind::kBigInt, to);
    case kBigDecimal: return read_struct_of(StructKind::kBigDecimal, to);
    case kGetPriority: return read_int(index) && read_reference(index, to);
    case kStructType: return read_struct_type(to);
    case kStruct: return read_int(index) && read_struct(index, to);
    case kFooter: again = true; return read_footer();
    case kResetCaches:
      again = true;
      ++resets_;
      cached_.clear();
      types_.clear();
      return true;
    case kMeta:
    case kAny:
    case kPrecache:
      return fail(fmt::format("opcode {:02x}, which konserve does not read either,", code),
                  offset() - 1, ErrorCode::kUnsupported);
    default: return fail(fmt::format("expected an object, got opcode {:02x}", code), offset() - 1);
  }
}

bool Reader::read_raw(std::size_t length, std::uint64_t& to) {
  if (left() < length) return fail_at_end();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < length; ++i) number = number << 8 | at_[i];
  at_ += length;
  to = number;
  return true;
}

bool Reader::read_packed_int(Code code, std::int64_t& to) {
  const PackedInt& packed = kPackedInts[(code - 0x40) >> 2];
  std::uint64_t low = 0;
  if (!read_raw(packed.length, low)) return false;
  const std::int64_t high = std::int64_t{code} - packed.zero;
  to = static_cast<std::int64_t>(static_cast<std::uint64_t>(high) << (8 * packed.length) | low);
  return true;
}

// A number where the format asks for one; any object that is an integer will do.
bool Reader::read_int(std::int64_t& to) {
  if (at_ != end_ && *at_ < kPriorityPacked) {
    const Code code = *at_++;
    to = code;
    return code < 0x40 || read_packed_int(code, to);
  }
  const std::size_t start = offset();
  Value value;
  if (!read_nested(value)) return false;
  if (!value.is(Kind::kLong)) return fail_expected("an integer", value, start);
  to = value.as_long();
  return true;
}

// A count of things that take at least one byte each.
bool Reader::read_count(std::string_view of_what, std::size_t& to) {
  const std::size_t start = offset();
  std::int64_t count = 0;
  if (!read_int(count)) return false;
  if (count < 0 || count > kCountMax) {
    return fail(fmt::format("a count of {} {}", count, of_what), start);
  }
  to = static_cast<std::size_t>(count);
  if (to <= left()) return true;
  return fail(fmt::format("{} {} announced, {} bytes left,", count, of_what, left()), start);
}

bool Reader::take(std::string_view of_what, std::size_t count, BytesView& to) {
  if (count > left()) {
    return fail(fmt::format("{} {} announced, {} bytes left,", count, of_what, left()));
  }
  to = {at_, count};
  at_ += count;
  return true;
}

bool Reader::read_double(Code code, Value& to) {
  double number = code == kDouble1 ? 1.0 : 0.0;
  if (code == kDouble) {
    std::uint64_t bits = 0;
    if (!read_raw(8, bits)) return false;
    number = std::bit_cast<double>(bits);
    if (std::isnan(number)) ++nans_;
  }
  to = Value::real(number);
  return true;
}

bool Reader::read_float(Value& to) {
  std::uint64_t bits = 0;
  if (!read_raw(4, bits)) return false;
  const auto number = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if (std::isnan(number)) ++nans_;
  to = Value::real32(number);
  return true;
}

bool Reader::read_bytes(Code code, Value& to) {
  Bytes bytes;
  BytesView piece;
  std::size_t count = 0;
  while (code == kBytesChunk) {
    if (!read_count("bytes", count) || !take("bytes", count, piece)) return false;
    append(bytes, piece);
    if (at_ == end_) return fail_at_end();
    code = *at_++;
    // Only this form ends a byte string in pieces, unlike strings.
    if (code != kBytesChunk && code != kBytes) {
      return fail(fmt::format("expected more of a byte string, got opcode {:02x}", code),
                  offset() - 1);
    }
  }
  if (code == kBytes) {
    if (!read_count("bytes", count)) return false;
  } else {
    count = code - kBytesPacked;
  }
  if (!take("bytes", count, piece)) return false;
  append(bytes, piece);
  to = Value::bytes(std::move(bytes));
  return true;
}

bool Reader::read_string(Code code, Value& to) {
  std::string text;
  for (;;) {
    std::size_t count = 0;
    if (is_packed(code, kStringPacked)) {
      count = code - kStringPacked;
    } else if (code != kString && code != kStringChunk) {
      return fail(fmt::format("expected more of a string, got opcode {:02x}", code), offset() - 1);
    } else if (!read_count("bytes of a string", count)) {
      return false;
    }
    const std::size_t start = offset();
    BytesView piece;
    if (!take("bytes of a string", count, piece)) return false;
    if (!append_piece(text, piece)) return fail("malformed text in the string", start);
    if (code != kStringChunk) break;
    if (at_ == end_) return fail_at_end();
    code = *at_++;
  }
  to = Value::string(std::move(text));
  return true;
}

// A footer has a magic number (its opcode is the first byte), the length of what it covers, and a
// checksum that konserve does not look at. The caches start afresh after it.
bool Reader::read_footer() {
  const std::size_t start = offset() - 1;
  const auto covered = static_cast<std::uint64_t>(at_ - 1 - footer_start_);
  std::uint64_t magic = 0;
  std::uint64_t length = 0;
  std::uint64_t checksum = 0;
  if (!read_raw(3, magic) || !read_raw(4, length) || !read_raw(4, checksum)) return false;
  if (magic != 0xcfcfcf) return fail("expected a footer", start);
  if (length != covered) {
    return fail(fmt::format("a footer for {} bytes after {}", length, covered), start);
  }
  footer_start_ = at_;
  ++resets_;
  cached_.clear();
  types_.clear();
  return true;
}

}  // namespace ksv::fressian

namespace ksv {

Result<Value> read_fressian(BytesView bytes) { return fressian::Reader(bytes).read_one(); }

}  // namespace ksv
