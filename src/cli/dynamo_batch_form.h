// What a batch is of, as a user writes it: items and keys, from operands, files and standard input.
#pragma once

#include <string>
#include <vector>

#include "cli/session.h"

#include "backend/dynamodb/dynamo_client.h"

namespace ksv::cli {

// The values of the operands, or those that standard input or a file ("-", "@FILE") has, one after
// the other: EDN, or with --json and --typed-json an object a line. kUsage, with the number of the
// value or line.
Result<Values> read_batch(Session& session, const Arguments& arguments);

// {:id [1 2] :n 5} is {:id 1 :n 5} and {:id 2 :n 5}; a map without lists is itself. kUsage when two
// attributes have several values, and for a list without any.
Result<Values> expand_multi_values(const Value& map);

// One put or removal.
struct BatchTask {
  Value shown;  // as the user wrote it
  dynamodb::BatchWrite write{};
};

// {:id 1 ...}, [:put ITEM], [:delete KEY]; with --delete a KEY. Of a KEY the table's key attributes
// count, and of several tasks with one key the last. kUsage when something is no item, or has no
// key, of all before anything is sent.
Result<std::vector<BatchTask>> read_batch_tasks(Session& session, const Arguments& arguments);
// The keys, without repetition, as JSON.
Result<std::vector<std::string>> read_batch_keys(Session& session, const Arguments& arguments);

OptionSpec multi_values_option();

}  // namespace ksv::cli
