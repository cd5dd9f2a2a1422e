// The account and table of a store in DynamoDB.
#include "cli/dynamo_account.h"

#include <utility>

#include "backend/dynamodb/dynamo_place.h"

namespace ksv::cli {

Result<DynamoAccount> open_dynamo_account(Session& session) {
  const StoreSpec* spec = KSV_TRY(session.find_spec());
  if (spec->address.backend != "dynamodb") {
    return Error(ErrorCode::kUsage, spec->address.text + " is not in DynamoDB")
        .with_hint("Name a table with -s dynamodb://TABLE, the service with -s dynamodb://");
  }
  dynamodb::Access access = KSV_TRY(dynamodb::find_access(spec->address, session.env()));
  DynamoAccount account{.wire = nullptr, .table = access.settings.table};
  account.wire = std::make_unique<dynamodb::Wire>(
      std::move(access.settings), std::move(access.endpoint), session.env(), session.call());
  return account;
}

Error absent_table(const std::string& table) {
  return Error(ErrorCode::kState, "there is no table " + table)
      .with_hint("ksv table list shows those that are there");
}

}  // namespace ksv::cli
