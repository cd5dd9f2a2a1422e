// Finding the file stores in a folder, and what they hold in all.
#include <algorithm>
#include <limits>

#include "backend/file/file_names.h"
#include "backend/file/file_place.h"

namespace ksv {

namespace {

constexpr std::size_t kEvery = std::numeric_limits<std::size_t>::max();

// Counts keys, not names: an empty blob is a leftover of a first write that ended early.
Status add_figures(const std::string& folder, Env& env, StoreEntry* entry) {
  const std::optional<std::vector<std::string>> names = KSV_TRY(env.files().names(folder, kEvery));
  if (!names) return ok();
  for (const std::string& name : *names) {
    if (name_kind(name) != NameKind::kBlob) continue;
    const std::optional<FileInfo> info = KSV_TRY(env.files().info(path_in(folder, name)));
    if (!info || info->type != FileInfo::Type::kRegular || info->size == 0) continue;
    ++entry->keys;
    entry->bytes += info->size;
    entry->last_write_ms = std::max(entry->last_write_ms, info->modified_ms);
  }
  return ok();
}

}  // namespace

Result<std::vector<StoreEntry>> list_file_stores(const StoreAddress& address, bool figures,
                                                 Env& env, Call& call) {
  if (address.location.empty()) return Error(ErrorCode::kUsage, "the path of the folder is empty");
  std::optional<std::vector<std::string>> names =
      KSV_TRY(env.files().names(address.location, kEvery));
  if (!names) return Error(ErrorCode::kState, "the folder " + address.location + " does not exist");
  std::sort(names->begin(), names->end());
  std::vector<StoreEntry> stores;
  for (const std::string& name : *names) {
    const std::string folder = path_in(address.location, name);
    FilePlace place({.folder = folder}, env, call);
    // What cannot be looked into, or is no store, does not keep the others from being listed.
    const auto is_store = place.exists();
    if (!is_store && call.log && is_store.error().code() != ErrorCode::kState) {
      call.log("passed over: " + is_store.error().message());
    }
    if (!is_store || !*is_store) continue;
    StoreEntry entry;
    entry.id = name;
    if (figures) KSV_CHECK(add_figures(folder, env, &entry));
    stores.push_back(std::move(entry));
    if (call.deadline.passed()) {
      return Error(ErrorCode::kDeadline,
                   "the time ran out while " + address.location + " was searched for stores");
    }
  }
  return stores;
}

}  // namespace ksv
