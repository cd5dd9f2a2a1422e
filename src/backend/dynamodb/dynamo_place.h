// A table that holds a konserve store, as something that is created, deleted, listed and examined.
#pragma once

#include <memory>
#include <string>

#include "ksv/catalog.h"
#include "ksv/checkup.h"

#include "backend/dynamodb/dynamo_backend.h"

namespace ksv::dynamodb {

// The table is the store.
class DynamoPlace final : public StorePlace {
 public:
  DynamoPlace(Settings settings, Endpoint endpoint, Env& env, Call& call);

  Result<bool> exists() override;
  // Ends when the table is ready, or the time is up.
  Result<CreateOutcome> create() override;
  // Deletes the table with all that is in it, and ends when it is gone.
  Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) override;
  Backend& backend() override { return backend_; }
  bool backend_checks() const override { return true; }

 private:
  // The table's state, if it is there and of the layout's form; kState for one of another form.
  Result<std::optional<TableState>> find_table();
  Status check_content();

  Wire wire_;
  std::string table_;
  DynamoBackend backend_;
};

// What a request to the address needs.
struct Access {
  Settings settings;
  Endpoint endpoint;
};
Result<Access> find_access(const StoreAddress& address, Env& env);

// The options are those of dynamo_settings.h.
Result<std::unique_ptr<StorePlace>> open_dynamo_place(const StoreAddress& address, Env& env,
                                                      Call& call);
// All tables of the account in the region; with layout=konserve those that can be such a store. The
// figures are the service's own, which may be some hours old.
Result<std::vector<StoreEntry>> list_dynamo_stores(const StoreAddress& address, bool figures,
                                                   Env& env, Call& call);
// dynamo_checkup.cpp
Status examine_dynamo(const StoreAddress& address, Env& env, Call& call, const Report& report);

// Whether a table's key is that of the layout: "Key", a string.
bool is_konserve_table(const TableState& state);

}  // namespace ksv::dynamodb
