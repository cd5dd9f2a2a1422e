// Reading Nippy: collections, sorted ones, metadata, arrays.
#include <algorithm>
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "codec/nippy_reader.h"
#include "codec/nippy_tags.h"
#include "data/value_order.h"

namespace ksv::nippy {
namespace {

// Room is reserved for so many elements at once: nested collections may each claim all bytes that
// are left.
constexpr std::size_t kReserveMax = 1024;

// Keys that hold a NaN are equal to nothing, not even to themselves, but may have equal hashes:
// each is then compared with all before it.
constexpr std::uint64_t kNanKeysMax = 1000;

constexpr std::size_t element_bytes(Form form) {
  return form == Form::kInts || form == Form::kFloats ? 4 : 8;
}

constexpr bool is_raw_array(Form form) { return form >= Form::kInts && form <= Form::kDoubles; }

constexpr ArrayKind array_kind_of(Form form) {
  switch (form) {
    case Form::kInts:
    case Form::kTypedInts: return ArrayKind::kInts;
    case Form::kLongs:
    case Form::kTypedLongs: return ArrayKind::kLongs;
    case Form::kFloats:
    case Form::kTypedFloats: return ArrayKind::kFloats;
    case Form::kDoubles:
    case Form::kTypedDoubles: return ArrayKind::kDoubles;
    default: return ArrayKind::kObjects;
  }
}

// The number of an integer of any of Java's types.
const Value* integer_of(const Value& value) {
  if (value.is(Kind::kLong)) return &value;
  const bool tagged = value.is(Kind::kTagged) && value.tag().ns == kTagNamespace;
  return tagged && value.form().is(Kind::kLong) ? &value.form() : nullptr;
}

// The element that an array holds for a typed value; nothing for one of another type.
std::optional<Value> element_of(Form form, const Value& value) {
  switch (form) {
    case Form::kObjects: return value;
    case Form::kStrings:
      if (value.is(Kind::kString) || value.is_nil()) return value;
      return std::nullopt;
    case Form::kTypedFloats:
      if (value.is(Kind::kFloat)) return value;
      if (value.is(Kind::kDouble)) return Value::real32(static_cast<float>(value.as_double()));
      return std::nullopt;
    case Form::kTypedDoubles:
      if (value.is(Kind::kDouble)) return value;
      return std::nullopt;
    default: break;
  }
  const Value* number = integer_of(value);
  if (number == nullptr) return std::nullopt;
  const bool fits = number->as_long() >= std::numeric_limits<std::int32_t>::min() &&
                    number->as_long() <= std::numeric_limits<std::int32_t>::max();
  if (form == Form::kTypedInts && !fits) return std::nullopt;
  return *number;
}

}  // namespace

bool Reader::read_collection(const Type& type, Value& to) {
  if (type.form == Form::kMeta) return read_meta(to);
  const bool is_map = type.form == Form::kMap || type.form == Form::kSortedMap;
  std::size_t count = 2;  // of an entry
  if (type.form != Form::kMapEntry && !read_count(type.size, "elements", is_map ? 2 : 1, count)) {
    return false;
  }
  if (type.form == Form::kDoubledMap || type.form == Form::kDoubledSortedMap) {
    if (count % 2 != 0) return fail(fmt::format("a map of {} keys and values", count));
    count /= 2;
  }
  if (!enter()) return false;
  Table table;
  Values items;
  switch (type.form) {
    case Form::kMap:
    case Form::kDoubledMap:
      return read_entries(count, table) && finish(to, Value::map(std::move(table)));
    case Form::kSet: return read_elements(count, table) && finish(to, Value::set(std::move(table)));
    case Form::kSortedSet: return read_sorted_set(count, to);
    case Form::kSortedMap:
    case Form::kDoubledSortedMap: return read_sorted_map(count, to);
    default: break;
  }
  if (!read_items(count, items)) return false;
  switch (type.form) {
    case Form::kList: return finish(to, Value::list(std::move(items)));
    case Form::kSeq: return finish(to, Value::seq(std::move(items)));
    case Form::kQueue: return finish(to, tagged_value(kQueueTag, Value::vector(std::move(items))));
    case Form::kMapEntry:
      return finish(to, tagged_value(kMapEntryTag, Value::vector(std::move(items))));
    default: return finish(to, Value::vector(std::move(items)));
  }
}

// Behind those that are there.
bool Reader::read_items(std::size_t count, Values& to) {
  to.reserve(to.size() + std::min(count, kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    if (!read(to.emplace_back())) return false;
  }
  return true;
}

bool Reader::admit_key(std::uint64_t nans_before) {
  if (nans_ == nans_before || ++nan_keys_ <= kNanKeysMax) return true;
  return refuse(fmt::format("more than {} keys that hold a NaN", kNanKeysMax), offset());
}

// Of equal keys the last value counts.
bool Reader::read_entries(std::size_t count, Table& to) {
  to.reserve(std::min(count, kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t nans_before = nans_;
    Value key;
    Value value;
    if (!read(key) || !admit_key(nans_before) || !read(value)) return false;
    to.put(std::move(key), std::move(value));
  }
  return true;
}

bool Reader::read_elements(std::size_t count, Table& to) {
  to.reserve(std::min(count, kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t nans_before = nans_;
    Value element;
    if (!read(element) || !admit_key(nans_before)) return false;
    to.put(std::move(element), Value());
  }
  return true;
}

// The order of the keys, the first and the last of equal ones being neighbours. Keys that Clojure
// compares and ksv does not, being tagged, stay as they came; others must compare.
bool Reader::sort_by_key(std::size_t start, Values& keys, std::vector<std::size_t>& order) {
  order.resize(keys.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (std::any_of(keys.begin(), keys.end(), [](const Value& key) { return key.is(Kind::kTagged); }))
    return true;
  bool comparable = true;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto compared = compare_values(keys[a], keys[b]);
    if (!compared.has_value()) comparable = false;
    return compared.has_value() && *compared < 0;
  });
  return comparable || fail("a sorted collection of keys that do not compare", start);
}

bool Reader::read_sorted_set(std::size_t count, Value& to) {
  const std::size_t start = offset();
  Values elements;
  std::vector<std::size_t> order;
  if (!read_items(count, elements) || !sort_by_key(start, elements, order)) return false;
  Values sorted;
  sorted.reserve(elements.size());
  for (const std::size_t index : order) {
    if (sorted.empty() || sorted.back() != elements[index]) sorted.push_back(elements[index]);
  }
  return finish(to, tagged_value(kSortedSetTag, Value::vector(std::move(sorted))));
}

bool Reader::read_sorted_map(std::size_t count, Value& to) {
  const std::size_t start = offset();
  Values keys;
  Values values;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i) {
    if (!read(keys.emplace_back()) || !read(values.emplace_back())) return false;
  }
  if (!sort_by_key(start, keys, order)) return false;
  Values entries;
  entries.reserve(keys.size());
  for (const std::size_t index : order) {
    Value entry = Value::vector({keys[index], values[index]});
    const bool again = !entries.empty() && entries.back().items()[0] == keys[index];
    if (again) {
      entries.back().set_item(1, values[index]);
    } else {
      entries.push_back(std::move(entry));
    }
  }
  return finish(to, tagged_value(kSortedMapTag, Value::vector(std::move(entries))));
}

bool Reader::read_meta(Value& to) {
  const std::size_t start = offset() - 1;
  if (!enter()) return false;
  Value meta;
  Value object;
  if (!read(meta)) return false;
  if (!meta.is(Kind::kMap)) {
    return fail(fmt::format("metadata that is {}", kind_phrase(meta.kind())), start);
  }
  meta.erase(meta_key());
  if (!read(object)) return false;
  if (meta.table().empty()) return finish(to, std::move(object));
  return finish(to, tagged_value(kMetaTag, Value::vector({std::move(meta), std::move(object)})));
}

bool Reader::read_array(const Type& type, Value& to) {
  const std::size_t each = is_raw_array(type.form) ? element_bytes(type.form) : 1;
  std::size_t count = 0;
  if (!enter() || !read_count(type.size, "elements", each, count)) return false;
  Values elements;
  const bool read_all = is_raw_array(type.form) ? read_raw_elements(type.form, count, elements)
                                                : read_typed_elements(type.form, count, elements);
  if (!read_all) return false;
  if (type.form == Form::kStrings) {
    return finish(to, tagged_value(kStringsTag, Value::vector(std::move(elements))));
  }
  return finish(to, Value::array(array_kind_of(type.form), std::move(elements)));
}

bool Reader::read_raw_elements(Form form, std::size_t count, Values& to) {
  to.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t bits = 0;
    if (!read_raw(element_bytes(form), bits)) return false;
    switch (form) {
      case Form::kInts:
        to.push_back(Value::integer(static_cast<std::int32_t>(static_cast<std::uint32_t>(bits))));
        break;
      case Form::kLongs: to.push_back(Value::integer(static_cast<std::int64_t>(bits))); break;
      case Form::kFloats: {
        const auto number = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
        if (std::isnan(number)) ++nans_;
        to.push_back(Value::real32(number));
        break;
      }
      default: {
        const auto number = std::bit_cast<double>(bits);
        if (std::isnan(number)) ++nans_;
        to.push_back(Value::real(number));
      }
    }
  }
  return true;
}

bool Reader::read_typed_elements(Form form, std::size_t count, Values& to) {
  to.reserve(std::min(count, kReserveMax));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t start = offset();
    Value value;
    if (!read(value)) return false;
    std::optional<Value> element = element_of(form, value);
    if (!element) {
      return fail(fmt::format("{} in an array of another type", kind_phrase(value.kind())), start);
    }
    to.push_back(*std::move(element));
  }
  return true;
}

}  // namespace ksv::nippy
