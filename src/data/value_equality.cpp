// Equality and hash of values, as Clojure's `=` and `hash` relate them.
#include <bit>
#include <functional>

#include "ksv/value.h"

#include "data/numbers.h"

namespace ksv {
namespace {

std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

std::uint64_t hash_text(std::string_view text) { return std::hash<std::string_view>{}(text); }

std::uint64_t hash_name(const Name& name) {
  return hash_text(name.name) ^ (name.ns ? mix(hash_text(*name.ns)) : 0);
}

std::uint64_t hash_items(const Values& items) {
  std::uint64_t hash = 1;
  for (const Value& item : items) hash = mix(hash * 31 + hash_of(item));
  return hash;
}

// Independent of order, as equality of maps and sets is.
std::uint64_t hash_table(const Table& table) {
  std::uint64_t sum = table.size();
  for (const Table::Entry& entry : table) {
    sum += mix(mix(entry.hash) + hash_of(entry.value));
  }
  return sum;
}

bool tables_equal(const Table& a, const Table& b) {
  if (a.size() != b.size()) return false;
  for (const Table::Entry& entry : a) {
    const Value* other = b.value_of(entry.key);
    if (other == nullptr || !(entry.value == *other)) return false;
  }
  return true;
}

// What distinguishes the families within which values of different kinds may be equal.
int family(const Value& value) {
  if (value.is_number()) return 100;
  if (value.is_sequential()) return 101;
  return static_cast<int>(value.kind());
}

}  // namespace

bool Value::equal(const Value& a, const Value& b) {
  if (family(a) != family(b)) return false;
  switch (a.kind_) {
    case Kind::kNil: return true;
    case Kind::kBoolean:
    case Kind::kChar:
    case Kind::kInst: return a.long_ == b.long_;
    case Kind::kLong:
      if (b.kind_ == Kind::kLong) return a.long_ == b.long_;
      return numbers_equal(a, b);
    case Kind::kBigInt:
    case Kind::kDouble:
    case Kind::kFloat:
    case Kind::kDecimal:
    case Kind::kRatio: return numbers_equal(a, b);
    default: break;
  }
  // Bodies that are shared are equal without a look, except that a NaN within equals nothing;
  // Clojure too takes the identical object for equal.
  if (a.node_ == b.node_) return true;
  switch (a.kind_) {
    case Kind::kString:
    case Kind::kRegex:
    case Kind::kUri: return a.as_string() == b.as_string();
    case Kind::kSymbol:
    case Kind::kKeyword: return a.as_name() == b.as_name();
    case Kind::kUuid: return a.as_uuid() == b.as_uuid();
    case Kind::kBytes: return a.as_bytes() == b.as_bytes();
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq: return a.items() == b.items();
    case Kind::kArray: return a.array_kind() == b.array_kind() && a.items() == b.items();
    case Kind::kMap:
    case Kind::kSet: return tables_equal(a.table(), b.table());
    case Kind::kRecord:
    case Kind::kTagged: return a.tag() == b.tag() && a.form() == b.form();
    case Kind::kStruct: return a.struct_tag() == b.struct_tag() && a.items() == b.items();
    default: return false;  // functions are equal only to themselves
  }
}

std::uint64_t hash_of(const Value& value) {
  const auto salt = static_cast<std::uint64_t>(value.kind());
  switch (value.kind()) {
    case Kind::kNil: return mix(0);
    case Kind::kBoolean: return mix(value.as_boolean() ? 1231 : 1237);
    case Kind::kChar: return mix(value.as_char() + (salt << 32));
    case Kind::kInst: return mix(static_cast<std::uint64_t>(value.as_inst()) + salt);
    case Kind::kLong:
    case Kind::kBigInt:
    case Kind::kDouble:
    case Kind::kFloat:
    case Kind::kDecimal:
    case Kind::kRatio: return mix(number_hash(value));
    case Kind::kString:
    case Kind::kRegex:
    case Kind::kUri: return mix(hash_text(value.as_string()) + salt);
    case Kind::kSymbol:
    case Kind::kKeyword: return mix(hash_name(value.as_name()) + salt);
    case Kind::kUuid: return mix(hash_text(text_of(BytesView(value.as_uuid()))) + salt);
    case Kind::kBytes: return mix(hash_text(text_of(value.as_bytes())) + salt);
    case Kind::kList:
    case Kind::kVector:
    case Kind::kSeq: return mix(hash_items(value.items()) + 101);
    case Kind::kArray: return mix(hash_items(value.items()) + salt);
    case Kind::kMap:
    case Kind::kSet: return mix(hash_table(value.table()) + salt);
    case Kind::kRecord:
    case Kind::kTagged: return mix(hash_name(value.tag()) + hash_of(value.form()) + salt);
    case Kind::kStruct: return mix(hash_of(value.struct_tag()) + hash_items(value.items()) + salt);
    case Kind::kFunction: return mix(std::bit_cast<std::uintptr_t>(&value.as_function()));
  }
  return 0;
}

}  // namespace ksv
