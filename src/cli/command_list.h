// The commands, each defined in its file.
#pragma once

#include "cli/command.h"

namespace ksv::cli {

CommandSpec create_store_command();
CommandSpec store_exists_command();
CommandSpec list_stores_command();
CommandSpec describe_store_command();
CommandSpec delete_store_command();
CommandSpec delete_bucket_command();
CommandSpec doctor_command();

CommandSpec get_command();
CommandSpec get_in_command();
CommandSpec exists_command();
CommandSpec keys_command();
CommandSpec assoc_command();
CommandSpec assoc_in_command();
CommandSpec update_command();
CommandSpec update_in_command();
CommandSpec swap_command();
CommandSpec cas_command();
CommandSpec dissoc_command();
CommandSpec bget_command();
CommandSpec bassoc_command();

CommandSpec multi_get_command();
CommandSpec multi_assoc_command();
CommandSpec multi_dissoc_command();

CommandSpec append_command();
CommandSpec log_command();
CommandSpec reduce_log_command();

CommandSpec ls_command();
CommandSpec create_command();
CommandSpec delete_all_command();
CommandSpec watch_command();
CommandSpec txn_command();
CommandSpec members_command();
CommandSpec leader_command();
CommandSpec health_command();
CommandSpec compact_command();

CommandSpec inspect_command();
CommandSpec hash_command();
CommandSpec freeze_command();
CommandSpec thaw_command();
CommandSpec table_command();
CommandSpec stream_command();
CommandSpec query_command();
CommandSpec scan_command();
CommandSpec batch_get_command();
CommandSpec batch_write_command();
CommandSpec transact_command();
CommandSpec help_command();
CommandSpec version_command();
CommandSpec completion_command();

// Operands and options that several commands share.
inline OperandSpec key_operand() { return {.name = "KEY", .help = "the key, as EDN"}; }
inline OperandSpec path_operand() {
  return {.name = "PATH", .help = "a vector: the key, then the way into its value"};
}
inline OptionSpec dry_run_option() {
  return {.name = "dry-run", .help = "show what would be written, write nothing"};
}
OptionSpec hash_key_option();
OptionSpec range_key_option();
OptionSpec names_option();
OptionSpec values_option();
OptionSpec stale_option();
OptionSpec recursive_option();
OptionSpec ttl_option();
OptionSpec edn_option();
inline OptionSpec print_version_option() {
  return {.name = "print-version",
          .help = "print the new version instead of the usual answer; see ksv(1)"};
}

}  // namespace ksv::cli
