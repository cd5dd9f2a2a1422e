// Reading, writing and removing several keys.
#include "core/many.h"

#include <utility>

#include "codec/edn.h"

namespace ksv {
namespace {

Status check_distinct(const Values& keys) {
  Table seen;
  for (const Value& key : keys) {
    if (!seen.put(key, Value())) {
      return Error(ErrorCode::kUsage, edn_excerpt(key) + " is named twice");
    }
  }
  return ok();
}

}  // namespace

Result<std::vector<KeyValue>> get_many(Store& store, const Values& keys) {
  std::vector<KeyValue> found;
  for (const Value& key : keys) {
    auto entry = store.get(key);
    if (!entry.has_value()) return std::move(entry).error().with_context(edn_excerpt(key));
    if (*entry) found.push_back({key, std::move((*entry)->value)});
  }
  return found;
}

Result<std::vector<ManyFailure>> put_many(Store& store, const std::vector<KeyValue>& pairs) {
  Values keys;
  for (const KeyValue& pair : pairs) keys.push_back(pair.key);
  KSV_CHECK(check_distinct(keys));
  std::vector<ManyFailure> failures;
  if (store.capabilities().many_atomic) {
    const std::vector<Version> versions = KSV_TRY(store.put_many(pairs));
    KSV_ASSERT(versions.size() == pairs.size());
    return failures;
  }
  for (const KeyValue& pair : pairs) {
    auto outcome = store.put(pair.key, pair.value, {});
    if (!outcome.has_value()) failures.push_back({pair.key, std::move(outcome).error()});
  }
  return failures;
}

Result<Removed> remove_many(Store& store, const Values& keys) {
  KSV_CHECK(check_distinct(keys));
  Removed removed;
  if (store.capabilities().many_atomic) {
    const std::vector<bool> existed = KSV_TRY(store.remove_many(keys));
    KSV_ASSERT(existed.size() == keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      removed.existed.emplace_back(keys[i], existed[i]);
    }
    return removed;
  }
  for (const Value& key : keys) {
    auto outcome = store.remove(key, Any{});
    if (outcome.has_value()) {
      removed.existed.emplace_back(key, *outcome == RemoveOutcome::kRemoved);
    } else {
      removed.failures.push_back({key, std::move(outcome).error()});
    }
  }
  return removed;
}

}  // namespace ksv
