// Command line words into a command and its arguments.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace ksv::cli {

struct CommandLine {
  const CommandSpec* command = nullptr;  // null when only common options were given
  Arguments arguments;
};

// The common options may stand before or after the command; options and operands may be mixed; `--`
// ends the options. With --exec, what follows `--` is the command to run. kUsage for what is
// unknown, with the nearest thing that exists.
Result<CommandLine> parse_command_line(const std::vector<std::string>& words);

}  // namespace ksv::cli
