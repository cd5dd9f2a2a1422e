// A konserve store in memory, with everything it needs, for tests of the core.
#pragma once

#include "backend/memory/memory_backend.h"
#include "core/konserve_store.h"
#include "support/fake_env.h"

namespace ksv::testing {

struct MemoryStore {
  explicit MemoryStore(StoreEncoding encoding = {}, std::uint64_t seed = 1)
      : env(seed), store(backend, env, std::move(encoding)) {}

  FakeEnv env;
  Call call{.deadline = Deadline(env, std::chrono::seconds(30))};
  MemoryBackend backend{call};
  KonserveStore store;
};

}  // namespace ksv::testing
