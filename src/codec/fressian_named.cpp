// Reading Fressian: the priority cache, and the keywords and symbols whose names are in it.
#include <fmt/format.h>
#include <utility>

#include "codec/fressian_reader.h"

namespace ksv::fressian {

// The metadata of a blob has fewer.
constexpr std::size_t kCachedAtFirst = 16;

// cd: the object that follows gets the next number, before the numbers of those within it.
bool Reader::read_cached(Value& to) {
  const std::size_t start = offset();
  const std::size_t index = cached_.size();
  const std::uint64_t extra_before = extra_;
  const std::uint64_t nans_before = nans_;
  const std::uint64_t resets_before = resets_;
  if (index == 0) cached_.reserve(kCachedAtFirst);
  cached_.emplace_back();
  if (!read_nested(to)) return false;
  if (resets_ != resets_before) return fail("caches emptied within a cached object", start);
  CachedValue& entry = cached_[index];
  entry.value = to;
  entry.complete = true;
  entry.expanded = offset() - start + (extra_ - extra_before);
  entry.nans = nans_ - nans_before;
  return true;
}

bool Reader::charge(std::uint64_t expanded) {
  extra_ += expanded;
  if (extra_ <= extra_max_) return true;
  return fail(fmt::format("references that expand to more than {} bytes", extra_max_));
}

bool Reader::read_reference(std::int64_t index, Value& to) {
  if (index < 0 || static_cast<std::uint64_t>(index) >= cached_.size()) {
    return fail(fmt::format("reference {} beyond the {} cached objects", index, cached_.size()));
  }
  const CachedValue& entry = cached_[static_cast<std::size_t>(index)];
  if (!entry.complete) return fail(fmt::format("reference {} to an object within itself", index));
  nans_ += entry.nans;
  to = entry.value;
  return charge(entry.expanded);
}

// A reference at `at`, of those short forms that occur.
bool Reader::peek_reference(const std::uint8_t*& at, std::uint32_t& index) const {
  if (at == end_) return false;
  const Code code = *at;
  if (code >= kPriorityPacked && code < kStructPacked) {
    index = code - kPriorityPacked;
    at += 1;
    return true;
  }
  if (code != kGetPriority || end_ - at < 3) return false;
  if (at[1] < 0x40) {
    index = at[1];
    at += 2;
    return true;
  }
  if (at[1] < kInt2Zero || at[1] >= 0x60) return false;
  index = static_cast<std::uint32_t>(at[1] - kInt2Zero) << 8 | at[2];
  at += 3;
  return true;
}

// The most frequent case in real data: both parts are references and the same name was made before,
// which can then be shared. Otherwise nothing is consumed and the caller goes the long way.
bool Reader::read_named_by_reference(Kind kind, Value& to, bool& done) {
  const std::uint8_t* at = at_;
  std::uint32_t ns = CachedValue::kNoNamespace;
  std::uint32_t name = 0;
  if (at != end_ && *at == kNull) {
    ++at;
  } else if (!peek_reference(at, ns) || ns >= cached_.size()) {
    return true;
  }
  if (!peek_reference(at, name) || name >= cached_.size()) return true;
  const CachedValue& entry = cached_[name];
  if (!entry.named.is(kind) || entry.namespace_index != ns) return true;
  at_ = at;
  to = entry.named;
  done = true;
  return charge(entry.expanded + (ns == CachedValue::kNoNamespace ? 0 : cached_[ns].expanded));
}

bool Reader::read_name_part(NamePart& to) {
  std::uint32_t index = 0;
  if (const std::uint8_t* at = at_; peek_reference(at, index)) {
    to.index = index;
  } else if (at_ != end_ && *at_ == kPutPriority) {
    to.index = static_cast<std::uint32_t>(cached_.size());
  }
  return read_nested(to.text);
}

void Reader::remember_named(const NamePart& ns, const NamePart& name, const Value& named) {
  if (!name.index || (!ns.text.is_nil() && !ns.index)) return;
  CachedValue& entry = cached_[*name.index];
  entry.named = named;
  entry.namespace_index = ns.text.is_nil() ? CachedValue::kNoNamespace : *ns.index;
}

bool Reader::read_named(Kind kind, Value& to) {
  bool done = false;
  if (!read_named_by_reference(kind, to, done)) return false;
  if (done) return true;
  const std::size_t start = offset();
  const std::uint64_t resets_before = resets_;
  NamePart ns;
  NamePart name;
  if (!read_name_part(ns) || !read_name_part(name)) return false;
  if (!ns.text.is_nil() && !ns.text.is(Kind::kString)) {
    return fail_expected("a namespace", ns.text, start);
  }
  if (!name.text.is(Kind::kString)) return fail_expected("a name", name.text, start);
  std::optional<std::string> ns_text;
  if (!ns.text.is_nil()) ns_text = ns.text.as_string();
  Name made(std::move(ns_text), name.text.as_string());
  to = kind == Kind::kKeyword ? Value::keyword(std::move(made)) : Value::symbol(std::move(made));
  if (resets_ == resets_before) remember_named(ns, name, to);
  return true;
}

}  // namespace ksv::fressian
