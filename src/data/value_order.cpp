// Clojure's `compare`.
#include "data/value_order.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"
#include "data/numbers.h"

namespace ksv {
namespace {

template <typename T>
int sign(const T& a, const T& b) {
  if (a == b) return 0;
  return a < b ? -1 : 1;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The first difference between units, else between lengths.
template <typename Text>
int compare_units(const Text& a, const Text& b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a[i] != b[i]) return static_cast<int>(a[i]) - static_cast<int>(b[i]);
  }
  return static_cast<int>(static_cast<std::int64_t>(a.size()) -
                          static_cast<std::int64_t>(b.size()));
}

int compare_names(const Name& a, const Name& b) {
  if (a.ns.has_value() != b.ns.has_value()) return a.ns ? 1 : -1;
  if (a.ns) {
    const int order = compare_texts(*a.ns, *b.ns);
    if (order != 0) return order;
  }
  return compare_texts(a.name, b.name);
}

// UUID.compareTo takes each half for a signed long.
int compare_uuids(const Uuid& a, const Uuid& b) {
  const auto half = [](const Uuid& uuid, std::size_t from) {
    std::uint64_t bits = 0;
    for (std::size_t i = from; i < from + 8; ++i) bits = bits << 8 | uuid[i];
    return static_cast<std::int64_t>(bits);
  };
  const int order = sign(half(a, 0), half(b, 0));
  return order != 0 ? order : sign(half(a, 8), half(b, 8));
}

Result<int> compare_vectors(const Values& a, const Values& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int order = KSV_TRY(compare_values(a[i], b[i]));
    if (order != 0) return order;
  }
  return 0;
}

// Java compares an object with itself, and Clojure has one empty map, set and list.
bool is_same(const Value& a, const Value& b) {
  switch (a.kind()) {
    case Kind::kMap:
    case Kind::kSet: return &a.table() == &b.table() || (a.table().empty() && b.table().empty());
    case Kind::kList: return &a.items() == &b.items() || (a.items().empty() && b.items().empty());
    case Kind::kSeq:
    case Kind::kArray:
    case Kind::kStruct: return &a.items() == &b.items();
    case Kind::kRecord:
    case Kind::kTagged: return &a.form() == &b.form();
    case Kind::kBytes: return &a.as_bytes() == &b.as_bytes();
    case Kind::kRegex: return &a.as_string() == &b.as_string();
    case Kind::kFunction: return &a.as_function() == &b.as_function();
    default: return false;
  }
}

Error cannot_compare(const Value& a, const Value& b) {
  return {ErrorCode::kFunction,
          "cannot compare " + kind_phrase(a.kind()) + " with " + kind_phrase(b.kind())};
}

}  // namespace

int compare_texts(std::string_view a, std::string_view b) {
  if (is_ascii(a) && is_ascii(b)) return compare_units(a, b);
  return compare_units(to_utf16(a), to_utf16(b));
}

Result<int> compare_values(const Value& a, const Value& b) {
  if (a.is_nil() || b.is_nil()) return sign(!a.is_nil(), !b.is_nil());
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.kind() != b.kind()) return cannot_compare(a, b);
  switch (a.kind()) {
    case Kind::kBoolean: return sign(a.as_boolean(), b.as_boolean());
    case Kind::kChar: return static_cast<int>(a.as_char()) - static_cast<int>(b.as_char());
    case Kind::kInst: return sign(a.as_inst(), b.as_inst());
    case Kind::kString: return compare_texts(a.as_string(), b.as_string());
    case Kind::kSymbol:
    case Kind::kKeyword: return compare_names(a.as_name(), b.as_name());
    case Kind::kUuid: return compare_uuids(a.as_uuid(), b.as_uuid());
    case Kind::kVector: return compare_vectors(a.items(), b.items());
    default: break;
  }
  if (is_same(a, b)) return 0;
  return cannot_compare(a, b);
}

}  // namespace ksv
