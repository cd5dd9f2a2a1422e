// Reading a value of Nippy: ids, counts, references.
//
// The input is not trusted. As when Fressian is read, three things keep the work in proportion to
// its size: lengths are compared with what is left before memory is taken for them; recursion is
// bounded, and the depth of what was made, which grows without recursion where a cached value holds
// a reference to the one before; and what references stand for is counted, as whoever walks the
// value later walks it each time.
#include "codec/nippy_reader.h"

#include <fmt/format.h>
#include <utility>

#include "ksv/limits.h"

#include "base/hex.h"
#include "codec/nippy_dict.h"
#include "codec/nippy_tags.h"

namespace ksv::nippy {
namespace {

// Above the nesting of values, for the operands at the bottom.
constexpr std::uint32_t kLevelMax = limits::kDepthMax + 16;

constexpr std::uint64_t kExpansionFactorMax = 64;
constexpr std::uint64_t kExpansionFree = std::uint64_t{64} << 20;

// What unsigned numbers are stored less than.
constexpr std::int64_t bias_of(std::size_t length) { return std::int64_t{1} << (8 * length - 1); }

}  // namespace

Reader::Reader(BytesView bytes, const Value* shared_dict)
    : begin_(bytes.data()),
      at_(begin_),
      end_(begin_ + bytes.size()),
      dict_(shared_dict),
      extra_max_(kExpansionFree + kExpansionFactorMax * bytes.size()) {}

Result<Value> Reader::read_one() {
  if (size() > limits::kValueBytesMax) {
    return Error(ErrorCode::kUnsupported,
                 fmt::format("Nippy: {} bytes are more than ksv reads ({})", size(),
                             limits::kValueBytesMax));
  }
  Value value;
  if (read(value)) return value;
  KSV_ASSERT(error_.has_value());
  return *std::move(error_);
}

bool Reader::fail(std::string what, std::size_t offset, ErrorCode code) {
  error_.emplace(code, fmt::format("Nippy: {} at byte {}", what, offset));
  return false;
}

bool Reader::enter() {
  if (++level_ <= kLevelMax) return true;
  return refuse(fmt::format("nesting of more than {} levels", limits::kDepthMax), offset());
}

// Puts a collection in place unless it nests too deep.
bool Reader::finish(Value& to, Value made) {
  if (made.depth() > limits::kDepthMax) {
    return refuse(fmt::format("nesting of more than {} levels", limits::kDepthMax), offset());
  }
  to = std::move(made);
  leave();
  return true;
}

bool Reader::read_nested(Value& to) {
  if (!enter() || !read(to)) return false;
  leave();
  return true;
}

bool Reader::read(Value& to) {
  if (at_ == end_) return fail_at_end();
  const std::uint8_t id = *at_++;
  if (id >= kTypeById.size()) {
    return refuse(fmt::format("type {} of the user's own", static_cast<std::int8_t>(id)),
                  offset() - 1);
  }
  const Type& type = kTypeById[id];
  if (type.form == Form::kUnknown) {
    return refuse(fmt::format("unknown type {}, perhaps of a newer Nippy,", id), offset() - 1);
  }
  if (type.form <= Form::kLastNumber) return read_number(type, to);
  if (type.form <= Form::kLastScalar) return read_scalar(type, to);
  if (type.form <= Form::kLastText) return read_text(type, to);
  if (type.form <= Form::kLastCollection) return read_collection(type, to);
  if (type.form <= Form::kLastArray) return read_array(type, to);
  return read_rest(type, to);
}

bool Reader::read_rest(const Type& type, Value& to) {
  const std::size_t start = offset() - 1;
  switch (type.form) {
    case Form::kRecord: return read_record(type.size, to);
    case Form::kType: return read_type(to);
    case Form::kSerializable: return read_serializable(type.size, to);
    case Form::kReference: return read_reference(type.size, to);
    case Form::kSharedDict: return read_shared_dict(to);
    case Form::kUncountedType:
    case Form::kUncountedSerializable:
      return refuse("an object of Java or of a deftype, of unknown length,", start);
    default: break;
  }
  std::int64_t number = 0;
  if (!read_signed(2, number)) return false;
  return refuse(fmt::format("type {} of the user's own", number), start);
}

bool Reader::take(std::string_view of_what, std::size_t count, BytesView& to) {
  if (count > left()) {
    return fail(fmt::format("{} {} announced, {} bytes left,", count, of_what, left()));
  }
  to = {at_, count};
  at_ += count;
  return true;
}

bool Reader::read_raw(std::size_t length, std::uint64_t& to) {
  if (left() < length) return fail_at_end();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < length; ++i) number = number << 8 | at_[i];
  at_ += length;
  to = number;
  return true;
}

bool Reader::read_signed(std::size_t length, std::int64_t& to) {
  std::uint64_t raw = 0;
  if (!read_raw(length, raw)) return false;
  const std::size_t unused = 64 - 8 * length;
  to = static_cast<std::int64_t>(raw << unused) >> unused;
  return true;
}

bool Reader::read_sized(Size size, std::int64_t& to) {
  const auto biased = [this, &to](std::size_t length) {
    if (!read_signed(length, to)) return false;
    to += bias_of(length);
    return true;
  };
  switch (size) {
    case Size::kU1: return biased(1);
    case Size::kU2: return biased(2);
    case Size::kU4: return biased(4);
    case Size::kS1: return read_signed(1, to);
    case Size::kS2: return read_signed(2, to);
    case Size::kS4: return read_signed(4, to);
    case Size::kS8: return read_signed(8, to);
    default: to = static_cast<std::int64_t>(size); return true;
  }
}

// A count of things that take at least `each` bytes.
bool Reader::read_count(Size size, std::string_view of_what, std::size_t each, std::size_t& to) {
  const std::size_t start = offset();
  std::int64_t count = 0;
  if (!read_sized(size, count)) return false;
  if (count < 0) return fail(fmt::format("a count of {} {}", count, of_what), start);
  to = static_cast<std::size_t>(count);
  if (to <= left() / each) return true;
  return fail(fmt::format("{} {} announced, {} bytes left,", count, of_what, left()), start);
}

bool Reader::charge(std::uint64_t expanded) {
  extra_ += expanded;
  if (extra_ <= extra_max_) return true;
  return fail(fmt::format("references that expand to more than {} bytes", extra_max_));
}

// The index that is one beyond the known ones announces their next value.
bool Reader::read_reference(Size size, Value& to) {
  const std::size_t start = offset() - 1;
  std::int64_t index = 0;
  if (!read_sized(size, index)) return false;
  if (index == static_cast<std::int64_t>(cached_.size())) return read_cached(to);
  if (index < 0 || static_cast<std::uint64_t>(index) > cached_.size()) {
    return fail(fmt::format("reference {} beyond the {} cached values", index, cached_.size()),
                start);
  }
  const Cached& entry = cached_[static_cast<std::size_t>(index)];
  if (!entry.complete) return fail(fmt::format("reference {} to a value within itself", index));
  nans_ += entry.nans;
  to = entry.value;
  return charge(entry.expanded);
}

bool Reader::read_cached(Value& to) {
  const std::size_t start = offset();
  const std::size_t index = cached_.size();
  const std::uint64_t extra_before = extra_;
  const std::uint64_t nans_before = nans_;
  cached_.emplace_back();
  if (!read_nested(to)) return false;
  Cached& entry = cached_[index];
  entry.value = to;
  entry.complete = true;
  entry.expanded = offset() - start + (extra_ - extra_before);
  entry.nans = nans_ - nans_before;
  return true;
}

// The dictionary takes the first indexes; a value follows.
bool Reader::read_shared_dict(Value& to) {
  const std::size_t start = offset() - 1;
  std::int64_t count = 0;
  std::uint64_t fingerprint = 0;
  if (!read_signed(2, count) || !read_raw(8, fingerprint)) return false;
  if (dict_ == nullptr) {
    return refuse(fmt::format("a shared dictionary of {} entries, which is needed,", count), start);
  }
  const Values& entries = dict_->items();
  if (static_cast<std::int64_t>(entries.size()) != count ||
      dict_fingerprint(entries) != fingerprint) {
    return refuse("a shared dictionary other than the one given", start);
  }
  if (!cached_.empty()) return fail("a shared dictionary after cached values", start);
  for (const Value& entry : entries) {
    const std::string& text = entry.is(Kind::kString) ? entry.as_string() : entry.as_name().name;
    cached_.push_back({.value = entry, .expanded = text.size() + 2, .complete = true});
  }
  return read_nested(to);
}

bool Reader::read_record(Size size, Value& to) {
  const std::size_t start = offset() - 1;
  std::string name;
  Value fields;
  if (!enter() || !read_chars(size, "bytes of a class", name) || !read(fields)) return false;
  if (!fields.is(Kind::kMap)) return fail("a record without a map of its fields", start);
  return finish(to, Value::record(Name(std::move(name)), std::move(fields)));
}

bool Reader::read_type(Value& to) {
  if (!enter()) return false;
  std::string name;
  std::size_t count = 0;
  if (!read_string("a class", name)) return false;
  Values items = {Value::string(std::move(name))};
  if (!read_count(Size::kU1, "fields", 1, count) || !read_items(count, items)) return false;
  return finish(to, tagged_value(kTypeTag, Value::vector(std::move(items))));
}

// An object as Java serializes it: shown, never looked into.
bool Reader::read_serializable(Size size, Value& to) {
  const std::size_t start = offset() - 1;
  std::string name;
  Value content;
  if (!enter() || !read_chars(size, "bytes of a class", name) || !read(content)) return false;
  if (!content.is(Kind::kBytes)) return fail("a serialized object without its bytes", start);
  return finish(to, tagged_value(kSerializableTag, Value::vector({Value::string(std::move(name)),
                                                                  std::move(content)})));
}

}  // namespace ksv::nippy
