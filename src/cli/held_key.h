// Keeping a key of etcd alive while a command runs: assoc --ttl -- CMD.
#pragma once

#include "cli/session.h"

namespace ksv::cli {

// kUsage unless the store is in etcd and --ttl, or the store's own option, gives a time to live.
Status check_can_hold(Session& session);

// Runs the command of `arguments` after KEY was written as `version`, and keeps the key alive. When
// it ends, the key is removed, and its status is ours. When the key is lost before, it gets
// SIGTERM, and kState tells. Its variables are KSV_KEY, KSV_STORE and KSV_REVISION.
Result<Answer> run_while_held(Session& session, const Arguments& arguments, const Version& version);

}  // namespace ksv::cli
