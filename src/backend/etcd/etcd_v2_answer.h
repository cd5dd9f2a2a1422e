// What v2's answers say.
#pragma once

#include <string>

#include "backend/etcd/etcd_client.h"
#include "backend/etcd/etcd_wire.h"

namespace ksv::etcd {

// "/v2/keys/a/b" of a path; kUsage for what the server would redirect.
Result<std::string> v2_key_path(const std::string& path);
// Of an answer of any status.
Meta v2_meta(const Answer& answer);
// Of 2xx: the body. kUnavailable when it cannot be read.
Result<Reply> v2_reply(const Answer& answer, const std::string& name);
// One event, as a watch of `path` sees it; nothing where it is another key's.
std::optional<Event> v2_event(Reply reply, const std::string& path, bool recursive);

}  // namespace ksv::etcd
