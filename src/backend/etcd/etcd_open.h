// Opens a client of the cluster that an address names, of v3 or v2.
#pragma once

#include <memory>

#include "ksv/call.h"
#include "ksv/catalog.h"

#include "backend/etcd/etcd_client.h"
#include "backend/etcd/etcd_settings.h"
#include "backend/etcd/etcd_wire.h"

namespace ksv::etcd {

// Sends nothing yet. Without the option api the client is v3's until its first request shows that
// the server has v2 alone. The client keeps `env` and `call`.
Result<std::unique_ptr<Client>> open_client(const StoreAddress& address, Env& env, Call& call);
std::unique_ptr<Client> open_client(Settings settings, Env& env, Call& call);

// The wire outlives the client.
std::unique_ptr<Client> make_v2_client(Wire& wire);
std::unique_ptr<Client> make_v3_client(Wire& wire);

}  // namespace ksv::etcd
