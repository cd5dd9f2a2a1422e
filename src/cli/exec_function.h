// A command as the update function: --exec -- CMD ARG...
#pragma once

#include "cli/command.h"
#include "cli/session.h"

#include "core/update.h"

namespace ksv::cli {

// The command gets the old value on standard input (EDN, JSON with --json, bytes with --raw;
// nothing when the key is absent) and gives the new value on standard output. It runs once a round,
// so it may run more than once. Its environment has KSV_KEY, KSV_STORE, KSV_ATTEMPT (the round,
// from 1) and, for an absent key, KSV_ABSENT=1. A status other than 0, a signal, output that cannot
// be read as a value, or the end of the time allowed is kFunction: nothing is written.
// `operands_max` operands may stand before `--`.
Result<Compute> make_exec_compute(Session& session, const Arguments& arguments,
                                  std::size_t operands_max);

}  // namespace ksv::cli
