// Tables: insertion-ordered entries with a hash index once they are more than a few.
#include "ksv/value.h"

namespace ksv {
namespace {

// Up to this many entries a scan over cached hashes beats an index.
constexpr std::size_t kScanMax = 8;

}  // namespace

const Table::Entry* Table::find(const Value& key) const {
  const std::uint64_t hash = hash_of(key);
  if (slots_.empty()) {
    for (const Entry& entry : entries_) {
      if (entry.hash == hash && entry.key == key) return &entry;
    }
    return nullptr;
  }
  const std::uint32_t found = slots_[slot_for(hash, key)];
  return found == 0 ? nullptr : &entries_[found - 1];
}

bool Table::put(Value key, Value value) {
  const std::uint64_t hash = hash_of(key);
  if (slots_.empty()) {
    for (Entry& entry : entries_) {
      if (entry.hash == hash && entry.key == key) {
        entry.value = std::move(value);
        return false;
      }
    }
    entries_.push_back({std::move(key), std::move(value), hash});
    if (entries_.size() > kScanMax) rebuild_index();
    return true;
  }
  const std::size_t slot = slot_for(hash, key);
  if (slots_[slot] != 0) {
    entries_[slots_[slot] - 1].value = std::move(value);
    return false;
  }
  entries_.push_back({std::move(key), std::move(value), hash});
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  if (entries_.size() * 2 > slots_.size()) rebuild_index();
  return true;
}

// Entries close up so that the order stays, and the index follows in one pass over its slots: far
// cheaper than building it anew.
bool Table::erase(const Value& key) {
  const Entry* entry = find(key);
  if (entry == nullptr) return false;
  const auto index = static_cast<std::size_t>(entry - entries_.data());
  const bool is_last = index + 1 == entries_.size();
  if (!slots_.empty()) empty_slot(slot_for(entry->hash, key));
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
  if (entries_.size() <= kScanMax || entries_.size() * 16 < slots_.size()) {
    rebuild_index();
  } else if (!is_last) {
    for (std::uint32_t& slot : slots_) slot -= slot > index ? 1 : 0;
  }
  return true;
}

void Table::reserve(std::size_t count) { entries_.reserve(count); }

// The slot of an equal key, or the empty slot where it belongs. Linear probing; the index is at
// most half full, so an empty slot exists.
std::size_t Table::slot_for(std::uint64_t hash, const Value& key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot] != 0) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.hash == hash && entry.key == key) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

// Takes an entry out of the index. What follows it up to the next empty slot moves back where it
// could no longer be found across the gap.
void Table::empty_slot(std::size_t gap) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = (gap + 1) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::size_t home = entries_[slots_[slot] - 1].hash & mask;
    if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
    slots_[gap] = slots_[slot];
    gap = slot;
  }
  slots_[gap] = 0;
}

void Table::rebuild_index() {
  slots_.clear();
  if (entries_.size() <= kScanMax) return;
  std::size_t size = 32;
  while (size < entries_.size() * 4) size *= 2;
  slots_.assign(size, 0);
  const std::size_t mask = size - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace ksv
