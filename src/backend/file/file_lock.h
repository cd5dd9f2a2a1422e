// Waiting for a lock on a file, bounded by the deadline of the call.
#pragma once

#include <string>

#include "ksv/backend.h"

namespace ksv {

// kDeadline, naming the file, when others held it for too long.
Status wait_for_lock(File& file, LockMode mode, const std::string& path, Env& env, Call& call);

}  // namespace ksv
