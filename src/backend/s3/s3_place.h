// An S3 store as something that is created and deleted.
#pragma once

#include <memory>
#include <string>

#include "ksv/catalog.h"

#include "backend/s3/s3_backend.h"

namespace ksv::s3 {

// The marker is the store; it is written under a condition and removed last.
class S3Place final : public StorePlace {
 public:
  S3Place(Settings settings, Endpoint endpoint, Env& env, Call& call);

  Result<bool> exists() override { return presence_.ask(); }
  Result<CreateOutcome> create() override;
  Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) override;
  Backend& backend() override { return backend_; }
  bool backend_checks() const override { return true; }

 private:
  Status ensure_bucket();
  Result<CreateOutcome> write_marker();

  Wire wire_;
  std::string store_id_;
  Presence presence_;
  S3Backend backend_;
};

// The options are those of s3_settings.cpp.
Result<std::unique_ptr<StorePlace>> open_s3_place(const StoreAddress& address, Env& env,
                                                  Call& call);
// The stores of a bucket; none when it does not exist.
Result<std::vector<StoreEntry>> list_s3_stores(const StoreAddress& address, bool figures, Env& env,
                                               Call& call);

// What a request to the address needs.
struct Access {
  Settings settings;
  Endpoint endpoint;
};
Result<Access> find_access(const StoreAddress& address, Env& env);

}  // namespace ksv::s3
