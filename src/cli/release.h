// The version of ksv and its date: constants, so that each build writes the same manual.
#pragma once

#include <string_view>

namespace ksv::cli {

inline constexpr std::string_view kVersion = KSV_VERSION;
inline constexpr std::string_view kReleaseDate = "2026-11-21";

}  // namespace ksv::cli
