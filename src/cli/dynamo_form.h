// How stores in DynamoDB are named: dynamodb://TABLE, and the keys of konserve-dynamodb's config
// maps.
#pragma once

#include <string>
#include <string_view>

#include "cli/store_form.h"

#include "ksv/value.h"

namespace ksv::cli {

// What follows dynamodb://, without the query. Without a table all of them are meant. kUsage.
Result<StoreSpec> dynamo_store(std::string_view table);

// One entry of a config map. False when the key is none of DynamoDB's. kUsage.
Result<bool> apply_dynamo_entry(StoreSpec& spec, const std::string& name, const Value& value);

// Makes the address of a config map whole once all entries are in: such maps are konserve's, and so
// is the layout, unless they say another. kUsage.
Status finish_dynamo_map(StoreSpec& spec);

// Whether the store's values are items, and not konserve's blobs.
bool is_items(const StoreAddress& address);

}  // namespace ksv::cli
