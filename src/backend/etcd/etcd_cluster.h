// What etcd tells of itself outside of both its versions' paths: /health and /version.
#pragma once

#include <vector>

#include "backend/etcd/etcd_client.h"
#include "backend/etcd/etcd_wire.h"

namespace ksv::etcd {

// Of each endpoint, in the order of the settings. One that does not answer is not healthy.
Result<std::vector<Health>> ask_health(Wire& wire);
// Without `api` and `prefix`, which the client knows.
Result<Release> ask_release(Wire& wire);

}  // namespace ksv::etcd
