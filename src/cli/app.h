// The program: from the words of a command line to an exit status.
#pragma once

#include <string>
#include <vector>

#include "ksv/env.h"

namespace ksv::cli {

// Runs one command line (without the program's name) and returns the exit status.
int run_app(const std::vector<std::string>& words, Env& env);

}  // namespace ksv::cli
