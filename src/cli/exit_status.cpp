// Errors as exit statuses.
#include "cli/exit_status.h"

namespace ksv::cli {

int exit_status_of(const Error& error) {
  if (error.effect() == Effect::kUnknown) return 4;
  switch (error.code()) {
    case ErrorCode::kUsage: return 2;
    case ErrorCode::kContention: return 3;
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadline:
    case ErrorCode::kCancelled: return 5;
    case ErrorCode::kDenied: return 6;
    case ErrorCode::kCorrupt:
    case ErrorCode::kUnsupported: return 7;
    case ErrorCode::kState: return 8;
    case ErrorCode::kFunction: return 9;
    case ErrorCode::kUnsafe: return 10;
    case ErrorCode::kPartial: return 11;
    case ErrorCode::kInternal: return 70;
  }
  return 70;
}

std::string_view outcome_of(const Error& error) {
  if (error.effect() == Effect::kUnknown) return "unknown";
  return error.code() == ErrorCode::kPartial ? "partial" : "not-applied";
}

}  // namespace ksv::cli
