// The one list of commands: help, manual, completions and the parser all read it.
#include <vector>

#include "cli/command.h"
#include "cli/command_list.h"

namespace ksv::cli {
namespace {

const std::vector<CommandSpec>& commands() {
  static const std::vector<CommandSpec> list = {
      create_store_command(), store_exists_command(),
      list_stores_command(),  describe_store_command(),
      delete_store_command(), delete_bucket_command(),
      doctor_command(),       get_command(),
      get_in_command(),       exists_command(),
      keys_command(),         assoc_command(),
      assoc_in_command(),     update_command(),
      update_in_command(),    swap_command(),
      cas_command(),          dissoc_command(),
      bget_command(),         bassoc_command(),
      multi_get_command(),    multi_assoc_command(),
      multi_dissoc_command(), append_command(),
      log_command(),          reduce_log_command(),
      ls_command(),           create_command(),
      delete_all_command(),   watch_command(),
      txn_command(),          members_command(),
      leader_command(),       health_command(),
      compact_command(),      table_command(),
      query_command(),        scan_command(),
      batch_get_command(),    batch_write_command(),
      transact_command(),     stream_command(),
      inspect_command(),      hash_command(),
      freeze_command(),       thaw_command(),
      help_command(),         version_command(),
      completion_command(),
  };
  return list;
}

}  // namespace

std::span<const CommandSpec> all_commands() { return commands(); }

const CommandSpec* find_command(std::string_view name) {
  for (const CommandSpec& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

}  // namespace ksv::cli
