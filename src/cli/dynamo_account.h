// DynamoDB as --store names it: for commands on what is no item.
#pragma once

#include <memory>
#include <string>

#include "cli/session.h"

#include "backend/dynamodb/dynamo_wire.h"

namespace ksv::cli {

// An account in a region, and the store's table; empty where the store names none.
struct DynamoAccount {
  std::unique_ptr<dynamodb::Wire> wire;
  std::string table;
};

// Sends nothing. kUsage when the store is not in DynamoDB.
Result<DynamoAccount> open_dynamo_account(Session& session);

// kState: there is no such table.
Error absent_table(const std::string& table);

}  // namespace ksv::cli
