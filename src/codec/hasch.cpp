// hasch: a value to bytes by kind, collections by the SHA-512 of their parts.
#include "codec/hasch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string>
#include <string_view>

#include "ksv/limits.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "data/java_number_text.h"

namespace ksv {
namespace {

// What C(x) starts with (doc/format: hasch).
enum Magic : std::uint8_t {
  kMagicNil = 0x00,
  kMagicBoolean = 0x01,
  kMagicNumber = 0x02,
  kMagicString = 0x03,
  kMagicSymbol = 0x04,
  kMagicKeyword = 0x05,
  kMagicInst = 0x06,
  kMagicUuid = 0x07,
  kMagicSeq = 0x08,
  kMagicVector = 0x09,
  kMagicMap = 0x0a,
  kMagicSet = 0x0b,
  kMagicLiteral = 0x0c,
  kMagicBinary = 0x0d,
};

// Text from this size on is hashed, shorter text is taken as it is.
constexpr std::size_t kHashedFrom = 1024;
constexpr std::size_t kXorBytes = 32;

// Builds C(x) at the end of one buffer. The parts of a collection are built there too, hashed, and
// cut off again, so no part has a buffer of its own. Answers with false on an error, which is kept
// aside.
class Coercion {
 public:
  bool add(const Value& value);
  Bytes& bytes() { return bytes_; }
  Error take_error() { return *std::move(error_); }

 private:
  bool fail(const Value& value, std::string_view instead);
  bool add_scalar(const Value& value);  // false, and nothing added, for a collection
  bool add_items(Magic magic, const Values& items);
  bool add_map(const Table& table);
  bool add_set(const Table& table);
  bool add_literal(const Name& tag, const Value& form);
  bool add_name(Magic magic, std::string_view colon, const Name& name);
  bool add_plain(Magic magic, std::string_view text);
  bool add_text(Magic magic, std::string_view text);
  void add_masked(BytesView bytes);
  void add_hash_from(std::size_t start);
  void xor_hash_from(std::size_t start, std::array<std::uint8_t, kXorBytes>& sum);

  Bytes bytes_;
  std::uint32_t level_ = 0;
  std::optional<Error> error_;
};

bool Coercion::fail(const Value& value, std::string_view instead) {
  error_ = Error(ErrorCode::kUsage,
                 fmt::format("hasch: no hash for a key of kind {}", kind_name(value.kind())))
               .with_hint(fmt::format("use {} instead", instead));
  return false;
}

bool Coercion::add_plain(Magic magic, std::string_view text) {
  bytes_.push_back(magic);
  append(bytes_, bytes_of(text));
  return true;
}

// The bytes followed by a mask that marks those of 1 to 29; or their hash if they are many.
void Coercion::add_masked(BytesView bytes) {
  if (bytes.size() >= kHashedFrom) {
    append(bytes_, sha512(bytes));
    return;
  }
  append(bytes_, bytes);
  const std::size_t mask = bytes_.size();
  bytes_.resize(mask + bytes.size());
  std::transform(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(mask),
                 [](std::uint8_t byte) { return std::uint8_t{byte > 0 && byte < 30}; });
}

// Java's UTF-8 has a question mark for each unpaired surrogate.
bool has_surrogate(std::string_view text) {
  for (std::size_t at = text.find('\xed'); at != std::string_view::npos;
       at = text.find('\xed', at + 1)) {
    if (at + 1 < text.size() && static_cast<std::uint8_t>(text[at + 1]) >= 0xa0) return true;
  }
  return false;
}

std::string without_surrogates(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t start = at;
    const auto c = next_code_point(text, at);
    if (c && *c >= 0xd800 && *c <= 0xdfff) {
      result += '?';
    } else {
      result.append(text, start, at - start);
    }
  }
  return result;
}

bool Coercion::add_text(Magic magic, std::string_view text) {
  bytes_.push_back(magic);
  if (has_surrogate(text)) {
    add_masked(bytes_of(without_surrogates(text)));
  } else {
    add_masked(bytes_of(text));
  }
  return true;
}

bool Coercion::add_name(Magic magic, std::string_view colon, const Name& name) {
  if (colon.empty() && !name.ns) return add_text(magic, name.name);
  std::string text(colon);
  if (name.ns) text.append(*name.ns) += '/';
  text += name.name;
  return add_text(magic, text);
}

// Replaces what was added from `start` on by its hash. A sequence without items counts as one nil.
void Coercion::add_hash_from(std::size_t start) {
  if (bytes_.size() == start) bytes_.push_back(kMagicNil);
  const Sha512Digest hash = sha512(BytesView(bytes_).subspan(start));
  bytes_.resize(start);
  append(bytes_, hash);
}

// Adds the first bytes of what was added from `start` on to a sum that knows no order, and cuts it
// off.
void Coercion::xor_hash_from(std::size_t start, std::array<std::uint8_t, kXorBytes>& sum) {
  for (std::size_t i = 0; i < kXorBytes; ++i) sum[i] ^= bytes_[start + i];
  bytes_.resize(start);
}

bool Coercion::add_items(Magic magic, const Values& items) {
  bytes_.push_back(magic);
  const std::size_t start = bytes_.size();
  for (const Value& item : items) {
    if (!add(item)) return false;
  }
  add_hash_from(start);
  return true;
}

// Of each entry C([key value]), which is itself a tag and a hash.
bool Coercion::add_map(const Table& table) {
  bytes_.push_back(kMagicMap);
  if (table.empty()) return true;
  std::array<std::uint8_t, kXorBytes> sum{};
  const std::size_t start = bytes_.size();
  for (const Table::Entry& entry : table) {
    bytes_.push_back(kMagicVector);
    if (!add(entry.key) || !add(entry.value)) return false;
    add_hash_from(start + 1);
    xor_hash_from(start, sum);
  }
  append(bytes_, sum);
  return true;
}

bool Coercion::add_set(const Table& table) {
  bytes_.push_back(kMagicSet);
  if (table.empty()) return true;
  std::array<std::uint8_t, kXorBytes> sum{};
  const std::size_t start = bytes_.size();
  for (const Table::Entry& entry : table) {
    if (!add(entry.key)) return false;
    add_hash_from(start);
    xor_hash_from(start, sum);
  }
  append(bytes_, sum);
  return true;
}

bool Coercion::add_literal(const Name& tag, const Value& form) {
  bytes_.push_back(kMagicLiteral);
  const std::size_t start = bytes_.size();
  if (!add_name(kMagicSymbol, "", tag) || !add(form)) return false;
  add_hash_from(start);
  return true;
}

bool Coercion::add_scalar(const Value& value) {
  const auto decimal_text = [](std::int64_t number, std::array<char, 24>& room) {
    const auto end = std::to_chars(room.data(), room.data() + room.size(), number).ptr;
    return std::string_view(room.data(), static_cast<std::size_t>(end - room.data()));
  };
  std::array<char, 24> room{};
  switch (value.kind()) {
    case Kind::kNil: bytes_.push_back(kMagicNil); return true;
    case Kind::kBoolean: return add_plain(kMagicBoolean, value.as_boolean() ? ")" : "(");
    case Kind::kLong: return add_plain(kMagicNumber, decimal_text(value.as_long(), room));
    case Kind::kBigInt: return add_plain(kMagicNumber, value.as_bigint().to_string());
    case Kind::kDouble: return add_plain(kMagicNumber, java_double_text(value.as_double()));
    case Kind::kFloat: return add_plain(kMagicNumber, java_float_text(value.as_float()));
    case Kind::kDecimal: return add_plain(kMagicNumber, java_decimal_text(value.as_decimal()));
    case Kind::kInst: return add_plain(kMagicInst, decimal_text(value.as_inst(), room));
    case Kind::kUuid: return add_plain(kMagicUuid, uuid_text(value.as_uuid()));
    case Kind::kString: return add_text(kMagicString, value.as_string());
    case Kind::kSymbol: return add_name(kMagicSymbol, "", value.as_name());
    case Kind::kKeyword: return add_name(kMagicKeyword, ":", value.as_name());
    case Kind::kChar: {
      std::string text;
      append_utf8(text, value.as_char());
      return add_text(kMagicString, text);
    }
    case Kind::kBytes:
      bytes_.push_back(kMagicBinary);
      add_masked(value.as_bytes());
      return true;
    default: return false;
  }
}

bool Coercion::add(const Value& value) {
  if (add_scalar(value)) return true;
  if (++level_ > limits::kDepthMax) {
    error_ = Error(ErrorCode::kUsage, fmt::format("hasch: a value that nests deeper than {} levels",
                                                  limits::kDepthMax));
    return false;
  }
  bool added = false;
  switch (value.kind()) {
    case Kind::kList: added = add_items(kMagicSeq, value.items()); break;
    case Kind::kVector: added = add_items(kMagicVector, value.items()); break;
    case Kind::kMap: added = add_map(value.table()); break;
    case Kind::kSet: added = add_set(value.table()); break;
    case Kind::kRecord:
    case Kind::kTagged: added = add_literal(value.tag(), value.form()); break;
    case Kind::kRatio: return fail(value, "a decimal, a double, or a vector of two integers");
    case Kind::kRegex:
    case Kind::kUri: return fail(value, "its text as a string");
    case Kind::kSeq: return fail(value, "a list (...) or a vector [...]");
    case Kind::kArray: return fail(value, "a vector [...]");
    case Kind::kStruct: return fail(value, "a map or a vector");
    default: return fail(value, "plain data");
  }
  --level_;
  return added;
}

}  // namespace

Result<Bytes> hasch_coerce(const Value& value) {
  Coercion coercion;
  if (!coercion.add(value)) return coercion.take_error();
  return std::move(coercion.bytes());
}

Result<Sha512Digest> hasch(const Value& value) {
  const Bytes coerced = KSV_TRY(hasch_coerce(value));
  return sha512(coerced);
}

Uuid hasch_uuid(const Sha512Digest& hash) {
  Uuid uuid{};
  std::copy_n(hash.begin(), uuid.size(), uuid.begin());
  uuid[0] &= 0x3f;
  uuid[6] = static_cast<std::uint8_t>(0x50 | (uuid[6] & 0x0f));
  uuid[8] = static_cast<std::uint8_t>(0x80 | (uuid[8] & 0x3f));
  return uuid;
}

}  // namespace ksv
