// Requests for the bucket itself.
#pragma once

#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

// A bucket that exists but may not be looked at counts as existing.
Result<bool> bucket_exists(Wire& wire);
// Ok as well when it exists and is ours. Waits until it can be used.
Status create_bucket(Wire& wire);

}  // namespace ksv::s3
