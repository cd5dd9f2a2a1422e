// Errors as a person or a program reads them, on standard error.
#pragma once

#include "cli/command.h"
#include "cli/session.h"

namespace ksv::cli {

// `ksv: COMMAND KEY: WHY. WHAT TO DO.`, its details indented below; with --json or --format edn a
// map with :error :outcome :message :store :key and the details.
void report_error(const Error& error, const CommandSpec& command, const Arguments& arguments,
                  Session& session);

// One of several keys that failed, on a line of its own in the same form.
void report_key_failure(const Error& error, const Value& key, const Arguments& arguments);

// What became of the write that a signal found under way, and that was brought to its end: nobody
// sees an exit status, since ksv dies by the signal.
void report_interrupted(Answer answer, int signal, const CommandSpec& command,
                        const Arguments& arguments, Session& session);

// An error before a command was known.
void report_usage(const Error& error);

}  // namespace ksv::cli
