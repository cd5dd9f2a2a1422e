// What a transaction is of, as a user writes it.
#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

namespace ksv::cli {

// One operation of a transaction.
struct TransactForm {
  Value shown;  // as the user wrote it
  bool is_get = false;
  std::string json;  // as the service takes it
};

// The operations of the operands, or those that standard input or a file ("-", "@FILE") has: EDN,
// one after the other or in a vector; with --json the same as JSON; with --typed-json the service's
// own TransactItems, one a line or in an array. Where one names no table it is of `table`. kUsage
// when something is no operation, when there are none, more than a transaction takes, or both reads
// and writes.
Result<std::vector<TransactForm>> read_transact_forms(Session& session, const Arguments& arguments,
                                                      const std::string& table);

}  // namespace ksv::cli
