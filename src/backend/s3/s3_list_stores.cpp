// Finding the stores of a bucket. konserve looks at every object; a delimiter lets the service skip
// the keys of each store.
#include <algorithm>

#include "backend/s3/s3_listing.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_objects.h"
#include "backend/s3/s3_place.h"
#include "base/hex.h"
#include "base/parallel.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kLooksInFlight = 16;

// "<uuid>_".
std::optional<std::string> store_of_prefix(std::string_view prefix) {
  if (!prefix.ends_with('_')) return std::nullopt;
  prefix.remove_suffix(1);
  const auto id = parse_uuid(prefix);
  // konserve writes ids in lower case; a store of another spelling could not be opened.
  if (!id || uuid_text(*id) != prefix) return std::nullopt;
  return std::string(prefix);
}

Result<std::vector<std::string>> candidates(Wire& wire) {
  std::vector<std::string> ids;
  std::optional<std::string> token;
  do {
    const auto page = KSV_TRY(list_page(wire, {.delimiter = "_", .token = token}));
    if (!page) {
      return Error(ErrorCode::kState, "there is no bucket " + wire.settings().bucket)
          .with_hint(
              "Check its name and the endpoint; create-store makes it with the first store.");
    }
    for (const std::string& prefix : page->prefixes) {
      if (auto id = store_of_prefix(prefix)) ids.push_back(*std::move(id));
    }
    token = page->next;
  } while (token);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Status add_figures(Wire& wire, StoreEntry* entry) {
  const std::string prefix = store_prefix(entry->id);
  std::optional<std::string> token;
  do {
    const auto page = KSV_TRY(list_page(wire, {.prefix = prefix, .token = token}));
    if (!page) break;
    for (const Listed& object : page->objects) {
      if (!object.key.starts_with(prefix)) continue;
      if (!is_key(std::string_view(object.key).substr(prefix.size()))) continue;
      ++entry->keys;
      entry->bytes += object.size;
      entry->last_write_ms = std::max(entry->last_write_ms, object.modified_ms);
    }
    token = page->next;
  } while (token);
  return ok();
}

}  // namespace

Result<std::vector<StoreEntry>> list_s3_stores(const StoreAddress& address, bool figures, Env& env,
                                               Call& call) {
  Access access = KSV_TRY(find_access(address, env));
  Wire wire(std::move(access.settings), std::move(access.endpoint), env, call);
  const std::vector<std::string> ids = KSV_TRY(candidates(wire));
  std::vector<std::optional<StoreEntry>> found(ids.size());
  const auto look = [&](std::size_t i) -> Status {
    const auto marker = KSV_TRY(head_object(wire, marker_name(ids[i])));
    if (!marker) return ok();
    StoreEntry entry;
    entry.id = ids[i];
    if (figures) KSV_CHECK(add_figures(wire, &entry));
    found[i] = std::move(entry);
    return ok();
  };
  KSV_CHECK(for_each_parallel(ids.size(), kLooksInFlight, look));
  std::vector<StoreEntry> stores;
  for (std::optional<StoreEntry>& entry : found) {
    if (entry) stores.push_back(*std::move(entry));
  }
  return stores;
}

}  // namespace ksv::s3
