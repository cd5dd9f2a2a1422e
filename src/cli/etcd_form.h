// How stores in etcd are named: etcd://HOST:PORT[,HOST:PORT...]/PREFIX.
#pragma once

#include <string_view>

#include "cli/store_form.h"

namespace ksv::cli {

// What follows etcd://, without the query. Without hosts ETCDCTL_ENDPOINTS names them. kUsage.
Result<StoreSpec> etcd_store(std::string_view endpoints_and_prefix);

// Whether the store's values are texts under paths, and not konserve's blobs.
bool is_plain(const StoreAddress& address);

}  // namespace ksv::cli
