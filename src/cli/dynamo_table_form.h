// The requests that make and change tables, from options.
#pragma once

#include <string>

#include "cli/session.h"

namespace ksv::cli {

// A table that is to be made: from --from, or from --hash-key, --range-key, --throughput,
// --billing,
// --index and --stream; and --ttl-attr. kUsage.
struct NewTable {
  std::string body{};           // of CreateTable
  std::string ttl_attribute{};  // empty: none
};
Result<NewTable> read_new_table(Session& session, const Arguments& arguments,
                                const std::string& table);
// The body of UpdateTable; empty where nothing would change, as with the throughput that the
// description tells already, which the service refuses. kUsage.
Result<std::string> update_table_body(Session& session, const Arguments& arguments,
                                      const std::string& table, const std::string& description);
// The body of UpdateTimeToLive.
std::string ttl_body(const std::string& table, const std::string& attribute, bool enabled);

}  // namespace ksv::cli
