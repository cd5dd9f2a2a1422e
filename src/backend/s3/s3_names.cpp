// Names of objects, and ETags.
#include "backend/s3/s3_names.h"

#include <algorithm>

namespace ksv::s3 {
namespace {

constexpr std::string_view kKeySuffix = ".ksv";
// An object's name has at most 1024 bytes; 37 go to the store's prefix.
constexpr std::size_t kKeyBytesMax = 1024 - 37;
// An MD5 has 32 characters, one of many parts 38; others are not bounded by any specification.
constexpr std::size_t kEtagCharsMax = 512;

}  // namespace

std::string store_prefix(const std::string& store_id) { return store_id + "_"; }

std::string marker_name(const std::string& store_id) { return store_id + "_.konserve-metadata"; }

bool is_key(std::string_view name) {
  return name.size() > kKeySuffix.size() && name.ends_with(kKeySuffix) &&
         name.size() <= kKeyBytesMax &&
         name.find_first_of(std::string_view("/\0", 2)) == std::string_view::npos;
}

Status check_key(std::string_view key) {
  if (is_key(key)) return ok();
  return Error(ErrorCode::kUsage,
               "not a name for an object of a store: \"" + std::string(key) + "\"");
}

bool goes_with_store(std::string_view name) {
  if (name.starts_with(kProbeInfix) || name.ends_with(kKeySuffix)) return true;
  if (name.ends_with(".ksv.backup")) return true;
  // konserve stages into "<blob>.new", newer konserve into "<blob>.<uuid>.new".
  return name.ends_with(".new") && name.find(".ksv.") != std::string_view::npos;
}

std::string canonical_etag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  // moto and Swift escape twice in listings, so that the quotes arrive as text.
  for (const std::string_view quote : {"\"", "&quot;"}) {
    if (etag.size() >= 2 * quote.size() && etag.starts_with(quote) && etag.ends_with(quote)) {
      etag.remove_prefix(quote.size());
      etag.remove_suffix(quote.size());
    }
  }
  return std::string(etag);
}

bool can_be_etag(std::string_view token) {
  return !token.empty() && token.size() <= kEtagCharsMax &&
         std::all_of(token.begin(), token.end(), [](char c) {
           return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != '*';
         });
}

}  // namespace ksv::s3
