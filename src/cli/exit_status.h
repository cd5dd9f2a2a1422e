// The only mapping from errors to exit statuses and outcome words (ksv help exit-status).
#pragma once

#include <string_view>

#include "ksv/error.h"

namespace ksv::cli {

int exit_status_of(const Error& error);

// What became of the write: "not-applied", "unknown", or "partial" where there were many.
std::string_view outcome_of(const Error& error);

}  // namespace ksv::cli
