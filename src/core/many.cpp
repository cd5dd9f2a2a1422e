// Reading, writing and removing several keys.
#include "core/many.h"

#include <utility>

#include "base/parallel.h"
#include "codec/edn.h"

namespace ksv {
namespace {

// Only a network makes it worth while to have several requests under way.
std::size_t threads_for(const Store& store) { return store.capabilities().remote ? 16 : 1; }

Status check_distinct(const Values& keys) {
  Table seen;
  for (const Value& key : keys) {
    if (!seen.put(key, Value())) {
      return Error(ErrorCode::kUsage, edn_excerpt(key) + " is named twice");
    }
  }
  return ok();
}

Result<std::vector<std::optional<Entry>>> get_each(Store& store, const Values& keys) {
  if (store.capabilities().reads_many && keys.size() > 1) return store.get_many(keys);
  std::vector<std::optional<Entry>> entries(keys.size());
  KSV_CHECK(for_each_parallel(keys.size(), threads_for(store), [&](std::size_t i) -> Status {
    auto entry = store.get(keys[i]);
    if (!entry.has_value()) return std::move(entry).error().with_context(edn_excerpt(keys[i]));
    entries[i] = *std::move(entry);
    return ok();
  }));
  return entries;
}

}  // namespace

Result<std::vector<std::optional<Entry>>> Store::get_many(const Values& keys) {
  std::vector<std::optional<Entry>> entries;
  for (const Value& key : keys) entries.push_back(KSV_TRY(get(key)));
  return entries;
}

Result<std::vector<KeyValue>> get_many(Store& store, const Values& keys) {
  std::vector<std::optional<Entry>> entries = KSV_TRY(get_each(store, keys));
  KSV_ASSERT(entries.size() == keys.size());
  std::vector<KeyValue> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (entries[i]) found.push_back({keys[i], std::move(entries[i]->value)});
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
  std::vector<std::optional<Error>> errors(pairs.size());
  KSV_CHECK(for_each_parallel(pairs.size(), threads_for(store), [&](std::size_t i) {
    auto outcome = store.put(pairs[i].key, pairs[i].value, {});
    if (!outcome.has_value()) errors[i] = std::move(outcome).error();
    return ok();
  }));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (errors[i]) failures.push_back({pairs[i].key, *std::move(errors[i])});
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
  std::vector<std::optional<Result<RemoveOutcome>>> outcomes(keys.size());
  KSV_CHECK(for_each_parallel(keys.size(), threads_for(store), [&](std::size_t i) {
    outcomes[i] = store.remove(keys[i], Any{});
    return ok();
  }));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (outcomes[i]->has_value()) {
      removed.existed.emplace_back(keys[i], **outcomes[i] == RemoveOutcome::kRemoved);
    } else {
      removed.failures.push_back({keys[i], std::move(*outcomes[i]).error()});
    }
  }
  return removed;
}

}  // namespace ksv
