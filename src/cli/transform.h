// The function of update, swap and reduce-log, as the command line gives it: FN with its ARGs, or a
// command after --exec.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/session.h"

#include "core/update.h"
#include "expr/function.h"

namespace ksv::cli {

// `--max-steps`, `--max-memory`, `--max-depth`, `--exec`, `--exec-timeout`.
std::vector<OptionSpec> function_options();

// The limits that the options set.
Result<FunctionLimits> function_limits(const Arguments& arguments);

// The function that operands[first ...] or --exec name, ready for the update loop: everything that
// can be wrong with it is found here, before the store is looked at. kUsage.
Result<Compute> make_compute(Session& session, const Arguments& arguments, std::size_t first);

// kFunction errors with the function, the value it was applied to, and that nothing was written.
Error explain_function_error(Error error, std::string_view function, const Value& value);

}  // namespace ksv::cli
