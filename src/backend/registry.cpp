// Finds the backend that an address names. A new backend is one row here.
#include "backend/registry.h"

#include <array>

#include "backend/dynamodb/dynamo_place.h"
#include "backend/etcd/etcd_place.h"
#include "backend/file/file_checkup.h"
#include "backend/file/file_place.h"
#include "backend/memory/memory_backend.h"
#include "backend/s3/s3_checkup.h"
#include "backend/s3/s3_place.h"

namespace ksv {

namespace {

Result<std::unique_ptr<StorePlace>> open_memory(const StoreAddress& /*address*/, Env& /*env*/,
                                                Call& call) {
  return std::unique_ptr<StorePlace>(std::make_unique<MemoryPlace>(call));
}

Result<std::vector<StoreEntry>> list_memory(const StoreAddress& /*address*/, bool /*figures*/,
                                            Env& /*env*/, Call& /*call*/) {
  return Error(ErrorCode::kUsage, "a store in memory has no others beside it to list");
}

Status examine_memory(const StoreAddress& /*address*/, Env& /*env*/, Call& /*call*/,
                      const Report& report) {
  report({.check = "store", .text = "lives and ends with this process: nothing to examine"});
  return ok();
}

constexpr std::array kBackends = {
    BackendKind{"dynamodb", dynamodb::open_dynamo_place, dynamodb::list_dynamo_stores,
                dynamodb::examine_dynamo},
    BackendKind{"etcd", etcd::open_etcd_place, etcd::list_etcd_stores, etcd::examine_etcd},
    BackendKind{"file", open_file_place, list_file_stores, examine_file_store},
    BackendKind{"memory", open_memory, list_memory, examine_memory},
    BackendKind{"s3", s3::open_s3_place, s3::list_s3_stores, s3::examine_s3},
};

Result<const BackendKind*> find_backend(const StoreAddress& address) {
  std::string names;
  for (const BackendKind& kind : kBackends) {
    if (kind.name == address.backend) return &kind;
    names.append(names.empty() ? "" : ", ").append(kind.name);
  }
  return Error(ErrorCode::kUsage, "there is no backend \"" + address.backend + "\"")
      .with_hint("The backends are: " + names + ".");
}

}  // namespace

std::span<const BackendKind> backend_kinds() { return kBackends; }

Result<std::unique_ptr<StorePlace>> open_place(const StoreAddress& address, Env& env, Call& call) {
  const BackendKind* kind = KSV_TRY(find_backend(address));
  return kind->open(address, env, call);
}

Result<std::vector<StoreEntry>> list_stores(const StoreAddress& address, bool figures, Env& env,
                                            Call& call) {
  const BackendKind* kind = KSV_TRY(find_backend(address));
  return kind->list(address, figures, env, call);
}

Status examine(const StoreAddress& address, Env& env, Call& call, const Report& report) {
  const BackendKind* kind = KSV_TRY(find_backend(address));
  return kind->examine(address, env, call, report);
}

}  // namespace ksv
