// Reading Fressian: lists, maps and sets.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "ksv/limits.h"

#include "codec/fressian_reader.h"

namespace ksv::fressian {
namespace {

// Room is reserved for so many elements at once: nested lists may each claim all bytes that are
// left.
constexpr std::size_t kReserveMax = 1024;

// konserve's reader makes a map of fewer entries an array map, where the first of equal keys is
// found; in a larger one the last replaces the others.
constexpr std::size_t kArrayMapEnd = 8;

// Keys that hold a NaN are equal to nothing, not even to themselves, but may have equal hashes:
// each is then compared with all before it.
constexpr std::uint32_t kNanKeysMax = 1000;

}  // namespace

// Takes the start of a list if one is next; leaves `to` empty if another object is.
bool Reader::read_list_start(std::optional<ListStart>& to) {
  if (at_ == end_) return fail_at_end();
  const Code code = *at_;
  if (code >= kListPacked && code < kListPacked + kLengthPackedEnd) {
    ++at_;
    const std::size_t count = code - kListPacked;
    if (count > left()) return fail_at_end();
    to = ListStart{.count = count};
  } else if (code == kList) {
    ++at_;
    std::size_t count = 0;
    if (!read_count("elements", count)) return false;
    to = ListStart{.count = count};
  } else if (code == kBeginClosedList || code == kBeginOpenList) {
    ++at_;
    to = ListStart{.count = std::nullopt, .may_end_early = code == kBeginOpenList};
  }
  return true;
}

bool Reader::read_items(const ListStart& start, Values& to) {
  if (start.count) {
    to.reserve(std::min(*start.count, kReserveMax));
    for (std::size_t i = 0; i < *start.count; ++i) {
      if (!read(to.emplace_back())) return false;
    }
    return true;
  }
  for (;;) {
    if (at_ == end_) return start.may_end_early || fail_at_end();
    if (*at_ == kEndCollection) {
      ++at_;
      return true;
    }
    if (!read(to.emplace_back())) return false;
  }
}

// Puts a collection in place unless it nests too deep.
bool Reader::finish(Value& to, Value made) {
  if (made.depth() > limits::kDepthMax) {
    return fail(fmt::format("nesting of more than {} levels", limits::kDepthMax), offset(),
                ErrorCode::kUnsupported);
  }
  to = std::move(made);
  leave();
  return true;
}

bool Reader::read_list(Value& to) {
  std::optional<ListStart> start;
  Values items;
  if (!enter() || !read_list_start(start) || !read_items(*start, items)) return false;
  return finish(to, Value::seq(std::move(items)));
}

// The elements of an object that must be some list.
bool Reader::read_as_items(std::string_view what, Values& to) {
  std::optional<ListStart> start;
  if (!read_list_start(start)) return false;
  if (start) return read_items(*start, to);
  const std::size_t begin = offset();
  Value list;
  if (!read_nested(list)) return false;
  if (!list.is_sequential()) return fail_expected(what, list, begin);
  to = list.items();
  return true;
}

bool Reader::admit_nan_key(const Value& key, NanKeys& seen) {
  if (++seen[hash_of(key)] <= kNanKeysMax) return true;
  return fail(fmt::format("more than {} alike keys that hold a NaN", kNanKeysMax), offset(),
              ErrorCode::kUnsupported);
}

bool Reader::admit_nan_keys(const Values& items, std::uint64_t nans_before) {
  if (nans_ == nans_before) return true;
  NanKeys seen;
  for (const Value& item : items) {
    if (!admit_nan_key(item, seen)) return false;
  }
  return true;
}

bool Reader::read_map_entries(std::size_t count, Table& to) {
  to.reserve(std::min(count, kReserveMax));
  const bool first_counts = count < kArrayMapEnd;
  std::array<Value, kArrayMapEnd> firsts;
  std::optional<NanKeys> nan_keys;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t nans_before = nans_;
    Value key;
    if (!read(key)) return false;
    if (nans_ != nans_before) {
      if (!nan_keys) nan_keys.emplace();
      if (!admit_nan_key(key, *nan_keys)) return false;
    }
    Value value;
    if (!read(value)) return false;
    if (!first_counts) {
      to.put(std::move(key), std::move(value));
      continue;
    }
    firsts[to.size()] = value;
    if (to.put(key, std::move(value))) continue;
    const auto first = std::find_if(to.begin(), to.end(),
                                    [&key](const Table::Entry& entry) { return entry.key == key; });
    to.put(key, firsts[static_cast<std::size_t>(first - to.begin())]);
  }
  return true;
}

bool Reader::read_map(Value& to) {
  if (!enter()) return false;
  const std::size_t begin = offset();
  const auto fail_odd = [this, begin](std::size_t count) {
    return fail(fmt::format("a map of {} keys and values", count), begin);
  };
  Table table;
  std::optional<ListStart> start;
  if (at_ != end_ && *at_ >= kListPacked && *at_ <= kList && !read_list_start(start)) return false;
  if (start && start->count) {
    if (*start->count % 2 != 0) return fail_odd(*start->count);
    if (!read_map_entries(*start->count / 2, table)) return false;
    return finish(to, Value::map(std::move(table)));
  }
  const std::uint64_t nans_before = nans_;
  Values items;
  if (!read_as_items("a list of keys and values", items)) return false;
  if (items.size() % 2 != 0) return fail_odd(items.size());
  if (!admit_nan_keys(items, nans_before)) return false;
  const bool first_counts = items.size() < 2 * kArrayMapEnd;
  for (std::size_t i = 0; i < items.size(); i += 2) {
    if (first_counts && table.find(items[i]) != nullptr) continue;
    table.put(std::move(items[i]), std::move(items[i + 1]));
  }
  return finish(to, Value::map(std::move(table)));
}

bool Reader::read_set_elements(std::size_t count, Table& to) {
  to.reserve(std::min(count, kReserveMax));
  std::optional<NanKeys> nan_keys;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t nans_before = nans_;
    Value element;
    if (!read(element)) return false;
    if (nans_ != nans_before) {
      if (!nan_keys) nan_keys.emplace();
      if (!admit_nan_key(element, *nan_keys)) return false;
    }
    to.put(std::move(element), Value());
  }
  return true;
}

bool Reader::read_set(Value& to) {
  if (!enter()) return false;
  Table table;
  std::optional<ListStart> start;
  if (at_ != end_ && *at_ >= kListPacked && *at_ <= kList && !read_list_start(start)) return false;
  if (start && start->count) {
    if (!read_set_elements(*start->count, table)) return false;
    return finish(to, Value::set(std::move(table)));
  }
  const std::uint64_t nans_before = nans_;
  Values items;
  if (!read_as_items("a list of elements", items)) return false;
  if (!admit_nan_keys(items, nans_before)) return false;
  for (Value& item : items) table.put(std::move(item), Value());
  return finish(to, Value::set(std::move(table)));
}

}  // namespace ksv::fressian
