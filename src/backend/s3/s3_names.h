// The names of konserve-s3's layout (doc/format.md, "S3"), and ETags in one canonical form.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"

namespace ksv::s3 {

// "<store-id>_": what the names of all objects of a store begin with.
std::string store_prefix(const std::string& store_id);
// "<store-id>_.konserve-metadata".
std::string marker_name(const std::string& store_id);
inline constexpr std::string_view kMarkerBody = "konserve";
// What the names of the objects of a probe (s3_probe.h) go on with after the store's prefix. They
// end in nothing that konserve takes for a key.
inline constexpr std::string_view kProbeInfix = ".ksv-probe-";

// A backend key: "<name>.ksv", short enough for an object's name with the prefix before it.
Status check_key(std::string_view key);
bool is_key(std::string_view name);
// Whether a name, less the store's prefix, is deleted with its store: keys, konserve's leftovers of
// them, and objects of probes. The marker is not.
bool goes_with_store(std::string_view name);

// The ETag of a header or a listing without quotes and "W/". Empty where there is none.
std::string canonical_etag(std::string_view etag);
// Whether a version can be an ETag at all; others never match, and must not get into a header.
bool can_be_etag(std::string_view token);

}  // namespace ksv::s3
