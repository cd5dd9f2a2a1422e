// Reads CBOR items as values (doc/format: CBOR), with limits on depth and length.
//
// One item is read by recursion; the depth counts arrays, maps and tags. A length is believed only
// as far as the input goes on, and memory is taken as items come, never for a length that is merely
// claimed. String references (tags 256 and 25) share one copy of the string; what they add up to is
// bounded as if each were written out.
#include <bit>
#include <cmath>
#include <fmt/format.h>

#include "ksv/limits.h"

#include "base/utf8.h"
#include "codec/cbor.h"
#include "codec/cbor_item.h"
#include "codec/cbor_tags.h"

namespace ksv {

namespace {

using cbor::damaged;
using cbor::Dialect;
using cbor::Head;
using cbor::Major;

constexpr std::size_t kReserveMax = 64;  // items: nested claims must not add up

// A string that can be referred to, and the keyword or symbol it stands for once that is known.
struct Referable {
  Value string;
  std::optional<Value> identifier{};
};

class Reader {
 public:
  Reader(BytesView bytes, Dialect dialect) : items_(bytes), dialect_(dialect) {}

  Result<Value> item(std::uint32_t depth);

 private:
  Result<Value> content(const Head& head, std::uint32_t depth);
  Result<Value> array(const Head& head, std::uint32_t depth);
  Result<Value> map(const Head& head, std::uint32_t depth);
  Result<Value> tagged(std::uint64_t tag, std::uint32_t depth);
  Result<Value> with_references(std::uint32_t depth);
  Result<Value> identifier();
  Result<Value> string(const Head& head);
  Result<Bytes> string_bytes(const Head& head);
  Result<Referable*> referenced(const Head& index);
  bool earns_reference(std::size_t length) const;
  Status check_count(const Head& head, std::size_t bytes_each) const;

  cbor::ItemReader items_;
  Dialect dialect_;
  std::vector<Referable>* referables_ = nullptr;  // of the innermost tag 256
  std::size_t referenced_bytes_ = 0;
};

Value integer(const Head& head) {
  if (head.argument <= static_cast<std::uint64_t>(INT64_MAX)) {
    const auto number = static_cast<std::int64_t>(head.argument);
    return Value::integer(head.major == Major::kUnsigned ? number : -1 - number);
  }
  const BigInteger number(false, {head.argument});
  return Value::bigint(head.major == Major::kUnsigned ? number : BigInteger(-1) - number);
}

// IEEE 754 binary16.
float half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const int fraction = bits & 0x3ff;
  float magnitude = 0;
  if (exponent == 0)
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  else if (exponent < 31)
    magnitude = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
  else
    magnitude = fraction == 0 ? HUGE_VALF : std::bit_cast<float>(std::uint32_t{0x7fc00000});
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

Result<Value> simple(const Head& head) {
  if (head.is_break()) return damaged("a break where an item is expected");
  switch (head.width) {
    case 2: return Value::real32(half(static_cast<std::uint16_t>(head.argument)));
    case 4: return Value::real32(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)));
    case 8: return Value::real(std::bit_cast<double>(head.argument));
    default: break;
  }
  switch (head.argument) {
    case cbor::kFalse: return Value::boolean(false);
    case cbor::kTrue: return Value::boolean(true);
    case cbor::kNull: return Value();
    default:
      return Value::structure(Value::symbol(cbor::simple_name()),
                              {Value::integer(static_cast<std::int64_t>(head.argument))});
  }
}

Result<Value> Reader::item(std::uint32_t depth) {
  const Head head = KSV_TRY(items_.head());
  return content(head, depth);
}

Result<Value> Reader::content(const Head& head, std::uint32_t depth) {
  const bool nests =
      head.major == Major::kArray || head.major == Major::kMap || head.major == Major::kTag;
  if (nests && depth >= limits::kDepthMax) {
    return damaged(fmt::format("nested deeper than {} levels", limits::kDepthMax));
  }
  switch (head.major) {
    case Major::kUnsigned:
    case Major::kNegative: return integer(head);
    case Major::kBytes:
    case Major::kText: return string(head);
    case Major::kArray: return array(head, depth + 1);
    case Major::kMap: return map(head, depth + 1);
    case Major::kTag: return tagged(head.argument, depth + 1);
    case Major::kSimple: break;
  }
  return simple(head);
}

Status Reader::check_count(const Head& head, std::size_t bytes_each) const {
  if (head.argument <= items_.left() / bytes_each) return ok();
  return damaged(fmt::format("{} items claimed, {} bytes left", head.argument, items_.left()));
}

Result<Value> Reader::array(const Head& head, std::uint32_t depth) {
  KSV_CHECK(check_count(head, 1));
  Values items;
  items.reserve(std::min<std::uint64_t>(head.argument, kReserveMax));
  for (std::uint64_t i = 0; head.indefinite ? !items_.skip_break() : i < head.argument; ++i) {
    items.push_back(KSV_TRY(item(depth)));
  }
  return Value::vector(std::move(items));
}

Result<Value> Reader::map(const Head& head, std::uint32_t depth) {
  KSV_CHECK(check_count(head, 2));
  Table entries;
  for (std::uint64_t i = 0; head.indefinite ? !items_.skip_break() : i < head.argument; ++i) {
    Value key = KSV_TRY(item(depth));
    Value value = KSV_TRY(item(depth));
    if (!entries.put(std::move(key), std::move(value))) return damaged("a map with a key twice");
  }
  return Value::map(std::move(entries));
}

Result<Value> Reader::tagged(std::uint64_t tag, std::uint32_t depth) {
  if (tag == cbor::tag::kIdentifier) return identifier();
  if (dialect_ == Dialect::kBoring && tag == cbor::tag::kStringRefs) return with_references(depth);
  if (dialect_ == Dialect::kBoring && tag == cbor::tag::kStringRef) {
    const Head index = KSV_TRY(items_.head());
    const Referable* referable = KSV_TRY(referenced(index));
    return referable->string;
  }
  Value content = KSV_TRY(item(depth));
  return cbor::meaning_of(tag, std::move(content), dialect_);
}

// Tag 256: strings inside count from zero; an outer one's are out of sight meanwhile.
Result<Value> Reader::with_references(std::uint32_t depth) {
  std::vector<Referable> referables;
  std::vector<Referable>* const outer = referables_;
  referables_ = &referables;
  Result<Value> value = item(depth);
  referables_ = outer;
  return value;
}

Result<Referable*> Reader::referenced(const Head& index) {
  if (referables_ == nullptr || index.major != Major::kUnsigned ||
      index.argument >= referables_->size()) {
    return damaged("a string reference to nothing");
  }
  Referable& referable = (*referables_)[static_cast<std::size_t>(index.argument)];
  referenced_bytes_ += referable.string.is(Kind::kString) ? referable.string.as_string().size()
                                                          : referable.string.as_bytes().size();
  if (referenced_bytes_ > limits::kValueBytesMax) {
    return damaged(fmt::format("string references of more than {} bytes", limits::kValueBytesMax));
  }
  return &referable;
}

// A string takes the next index when a reference to it would be no longer than itself.
bool Reader::earns_reference(std::size_t length) const {
  if (referables_ == nullptr) return false;
  const std::size_t index = referables_->size();
  const std::size_t least = index < 24 ? 3 : index < 256 ? 4 : index < 65'536 ? 5 : 7;
  return length >= least;
}

Result<Value> Reader::identifier() {
  const Head head = KSV_TRY(items_.head());
  if (head.major == Major::kText) {
    const bool is_referable = !head.indefinite && earns_reference(head.argument);
    const Value text = KSV_TRY(string(head));
    Value value = cbor::identifier(text.as_string());
    if (is_referable) referables_->back().identifier = value;
    return value;
  }
  if (dialect_ != Dialect::kBoring || head.major != Major::kTag ||
      head.argument != cbor::tag::kStringRef) {
    return damaged("an identifier that is no text");
  }
  const Head index = KSV_TRY(items_.head());
  Referable* const referable = KSV_TRY(referenced(index));
  if (!referable->string.is(Kind::kString)) return damaged("an identifier that is no text");
  if (!referable->identifier) {
    referable->identifier = cbor::identifier(referable->string.as_string());
  }
  return *referable->identifier;
}

Result<Value> Reader::string(const Head& head) {
  Bytes bytes = KSV_TRY(string_bytes(head));
  Value value;
  if (head.major == Major::kText) {
    const std::string_view text = text_of(bytes);
    if (!is_utf8(text)) return damaged("text that is not UTF-8");
    value = Value::string(std::string(text));
  } else {
    value = Value::bytes(std::move(bytes));
  }
  // Strings in pieces are not counted.
  if (!head.indefinite && earns_reference(head.argument)) {
    referables_->push_back(Referable{.string = value});
  }
  return value;
}

Result<Bytes> Reader::string_bytes(const Head& head) {
  if (!head.indefinite) {
    const BytesView bytes = KSV_TRY(items_.take(head.argument));
    return copy_of(bytes);
  }
  Bytes whole;
  while (!items_.skip_break()) {
    const Head piece = KSV_TRY(items_.head());
    if (piece.major != head.major || piece.indefinite) {
      return damaged("a piece of a string of another kind");
    }
    const BytesView bytes = KSV_TRY(items_.take(piece.argument));
    // RFC 8949, 3.2.3: each piece is a string of its own, so no character is cut.
    if (head.major == Major::kText && !is_utf8(text_of(bytes))) {
      return damaged("text that is not UTF-8");
    }
    append(whole, bytes);
  }
  return whole;
}

}  // namespace

Result<Value> read_clj_cbor(BytesView bytes) { return Reader(bytes, Dialect::kCljCbor).item(0); }

Result<Value> read_boring(BytesView bytes) { return Reader(bytes, Dialect::kBoring).item(0); }

}  // namespace ksv
