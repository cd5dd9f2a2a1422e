// How stores in S3 are named: s3://BUCKET/UUID, and the keys of konserve-s3's config maps.
#pragma once

#include <string>
#include <string_view>

#include "cli/store_form.h"

#include "ksv/value.h"

namespace ksv::cli {

// What follows s3://, without the query. The store's id is empty for a bucket alone. kUsage.
Result<StoreSpec> s3_store(std::string_view bucket_and_id);

// One entry of a config map. False when the key is none of S3's. kUsage.
Result<bool> apply_s3_entry(StoreSpec& spec, const std::string& name, const Value& value);

// Makes the address of a config map whole once all entries are in. kUsage.
Status finish_s3_map(StoreSpec& spec);

}  // namespace ksv::cli
