// What a write would change, for --dry-run.
#pragma once

#include "cli/output.h"

#include "ksv/value.h"

namespace ksv::cli {

// Prints "- old" and "+ new" lines: whole values, or, for two maps, only the entries that differ,
// each with the path that leads there. With --json or --format edn a vector [old new]. `old_value`
// is null for an absent key.
void print_difference(Output& out, const Value* old_value, const Value& new_value);

}  // namespace ksv::cli
