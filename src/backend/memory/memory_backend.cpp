// A store in the memory of this process.
#include "backend/memory/memory_backend.h"

#include <algorithm>

#include "ksv/limits.h"

#include "base/call_stats.h"

namespace ksv {

namespace {

// Small enough that tests of callers see several pages.
constexpr std::size_t kPageKeys = 1000;

Status check_key(const std::string& key) {
  if (key.empty()) return Error(ErrorCode::kUsage, "a key must not be empty");
  return ok();
}

bool holds(const Precondition& precondition, const std::optional<Stored>& present) {
  if (std::holds_alternative<Absent>(precondition)) return !present;
  const Match* match = std::get_if<Match>(&precondition);
  return match == nullptr || (present && present->version == match->version);
}

}  // namespace

MemoryBackend::MemoryBackend(Call& call) : call_(call) {
  capabilities_.many_atomic = true;
  capabilities_.sorted_listing = true;
  capabilities_.durability = "nothing: the store ends with the process";
}

Version MemoryBackend::put(const std::string& key, Bytes bytes) {
  Version version{std::to_string(++writes_)};
  count_write(call_, bytes.size());
  entries_.insert_or_assign(key, Stored{std::move(bytes), version});
  return version;
}

std::optional<Stored> MemoryBackend::find(const std::string& key) const {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return std::nullopt;
  return entry->second;
}

Result<std::optional<Stored>> MemoryBackend::read(const std::string& key) {
  KSV_CHECK(check_key(key));
  const std::lock_guard<std::mutex> guard(mutex_);
  std::optional<Stored> present = find(key);
  count_read(call_, present ? present->bytes.size() : 0);
  return present;
}

Result<std::optional<Range>> MemoryBackend::read_range(const std::string& key, std::uint64_t offset,
                                                       std::uint64_t length) {
  const std::optional<Stored> present = KSV_TRY(read(key));
  if (!present) return std::optional<Range>();
  const std::uint64_t size = present->bytes.size();
  const std::uint64_t from = std::min(offset, size);
  const std::uint64_t count = std::min(length, size - from);
  const BytesView part = BytesView(present->bytes).subspan(from, count);
  return std::optional<Range>(Range{copy_of(part), size, present->version});
}

Result<std::optional<Version>> MemoryBackend::read_stream(const std::string& key,
                                                          std::uint64_t offset,
                                                          const ByteSink& sink) {
  const std::optional<Stored> present = KSV_TRY(read(key));
  if (!present) return std::optional<Version>();
  BytesView rest(present->bytes);
  rest = rest.subspan(std::min<std::size_t>(offset, rest.size()));
  while (!rest.empty()) {
    const BytesView chunk = rest.first(std::min(rest.size(), limits::kStreamChunkBytes));
    KSV_CHECK(sink(chunk));
    rest = rest.subspan(chunk.size());
  }
  return std::optional<Version>(present->version);
}

Result<WriteOutcome> MemoryBackend::write(const std::string& key, BytesView bytes,
                                          const Precondition& precondition, const WriteId& /*id*/) {
  KSV_CHECK(check_key(key));
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!std::holds_alternative<Any>(precondition)) {
    std::optional<Stored> present = find(key);
    if (!holds(precondition, present)) return WriteOutcome(Conflict{true, std::move(present)});
  }
  return WriteOutcome(Written{put(key, copy_of(bytes))});
}

Result<WriteOutcome> MemoryBackend::write_stream(const std::string& key, const ByteSource& source,
                                                 const Precondition& precondition,
                                                 const WriteId& id) {
  KSV_CHECK(check_key(key));
  Bytes bytes;
  Bytes chunk(limits::kStreamChunkBytes);
  for (;;) {
    const std::size_t got = KSV_TRY(source(chunk));
    if (got == 0) break;
    if (bytes.size() + got > limits::kValueBytesMax) {
      return Error(ErrorCode::kUsage, "the value is too large for a store in memory");
    }
    append(bytes, BytesView(chunk).first(got));
  }
  return write(key, bytes, precondition, id);
}

Result<RemoveOutcome> MemoryBackend::remove(const std::string& key,
                                            const Precondition& precondition) {
  KSV_CHECK(check_key(key));
  if (std::holds_alternative<Absent>(precondition)) {
    return Error(ErrorCode::kUsage, "a key that must be absent cannot be removed");
  }
  const std::lock_guard<std::mutex> guard(mutex_);
  count_request(call_);
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return RemoveOutcome::kWasAbsent;
  const Match* match = std::get_if<Match>(&precondition);
  if (match != nullptr && entry->second.version != match->version) return RemoveOutcome::kConflict;
  entries_.erase(entry);
  return RemoveOutcome::kRemoved;
}

Result<Page> MemoryBackend::list(const std::string& prefix,
                                 const std::optional<std::string>& after) {
  const std::lock_guard<std::mutex> guard(mutex_);
  count_request(call_);
  Page page;
  auto entry = after ? entries_.upper_bound(*after) : entries_.lower_bound(prefix);
  for (; entry != entries_.end() && entry->first.starts_with(prefix); ++entry) {
    if (page.entries.size() == kPageKeys) {
      page.next = page.entries.back().key;
      break;
    }
    page.entries.push_back({.key = entry->first, .size = entry->second.bytes.size()});
  }
  return page;
}

Result<std::vector<Version>> MemoryBackend::write_many(const std::vector<KeyWrite>& writes) {
  for (const KeyWrite& item : writes) KSV_CHECK(check_key(item.key));
  const std::lock_guard<std::mutex> guard(mutex_);
  std::vector<Version> versions;
  versions.reserve(writes.size());
  for (const KeyWrite& item : writes) versions.push_back(put(item.key, item.bytes));
  return versions;
}

Result<std::vector<bool>> MemoryBackend::remove_many(const std::vector<std::string>& keys) {
  for (const std::string& key : keys) KSV_CHECK(check_key(key));
  const std::lock_guard<std::mutex> guard(mutex_);
  count_request(call_);
  std::vector<bool> removed;
  removed.reserve(keys.size());
  for (const std::string& key : keys) removed.push_back(entries_.erase(key) > 0);
  return removed;
}

std::size_t MemoryBackend::clear() {
  const std::lock_guard<std::mutex> guard(mutex_);
  const std::size_t count = entries_.size();
  entries_.clear();
  return count;
}

Result<CreateOutcome> MemoryPlace::create() {
  return exists_.exchange(true) ? CreateOutcome::kExisted : CreateOutcome::kCreated;
}

Result<DeleteOutcome> MemoryPlace::remove(const std::function<void(std::uint64_t)>& progress) {
  const std::size_t count = backend_.clear();
  if (progress && count > 0) progress(count);
  return exists_.exchange(false) ? DeleteOutcome::kDeleted : DeleteOutcome::kWasAbsent;
}

}  // namespace ksv
