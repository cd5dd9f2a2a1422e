// Examines a bucket, or a store in one: from the name of its host to what it makes of conditions.
#pragma once

#include "ksv/checkup.h"

namespace ksv::s3 {

// See examine() in ksv/checkup.h.
Status examine_s3(const StoreAddress& address, Env& env, Call& call, const Report& report);

}  // namespace ksv::s3
