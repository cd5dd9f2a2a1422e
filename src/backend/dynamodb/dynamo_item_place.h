// A table of items as a store that is created, deleted and used.
#pragma once

#include <memory>
#include <string>

#include "ksv/catalog.h"

#include "backend/dynamodb/dynamo_item_backend.h"

namespace ksv::dynamodb {

class ItemPlace final : public StorePlace {
 public:
  struct Options {
    std::string hash_key{};   // "id:n", for create
    std::string range_key{};  // "ts:s"; empty: none
    ItemBackend::Options items{};
  };
  ItemPlace(Settings settings, Endpoint endpoint, Options options, Env& env, Call& call);

  Result<bool> exists() override;
  // Ends when the table is ready, or the time is up. kUsage without a hash key.
  Result<CreateOutcome> create() override;
  // Deletes the table with all that is in it, and ends when it is gone.
  Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) override;
  Backend& backend() override { return backend_; }
  bool backend_checks() const override { return true; }

  ItemBackend& items() { return backend_; }
  Wire& wire() { return wire_; }
  const std::string& table() const { return table_; }

 private:
  Wire wire_;
  std::string table_;
  Options options_;
  ItemBackend backend_;
};

// The options, beside those of dynamo_settings.h: hash-key, range-key, version-attr, exactly-once.
Result<ItemPlace::Options> read_item_options(const StoreAddress& address);

}  // namespace ksv::dynamodb
