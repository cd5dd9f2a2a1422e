// The table of backends that this build has.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ksv/catalog.h"
#include "ksv/checkup.h"

namespace ksv {

// One row a backend. `name` is StoreAddress::backend.
struct BackendKind {
  std::string_view name;
  Result<std::unique_ptr<StorePlace>> (*open)(const StoreAddress& address, Env& env, Call& call);
  Result<std::vector<StoreEntry>> (*list)(const StoreAddress& address, bool figures, Env& env,
                                          Call& call);
  Status (*examine)(const StoreAddress& address, Env& env, Call& call, const Report& report);
};

std::span<const BackendKind> backend_kinds();

}  // namespace ksv
