// Buckets as things of their own, for delete-bucket.
#pragma once

#include "ksv/catalog.h"

namespace ksv::s3 {

// Deletes the bucket that the address names, which must be empty: kState otherwise.
Result<DeleteOutcome> delete_bucket(const StoreAddress& address, Env& env, Call& call);

}  // namespace ksv::s3
