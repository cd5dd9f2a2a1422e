// Aligned columns and human figures, for terminals and --format table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/output.h"

namespace ksv::cli {

// Prints rows with columns as wide as their widest cell; those in `right` are aligned to the right.
void print_table(Output& out, const std::vector<std::vector<std::string>>& rows,
                 const std::vector<bool>& right);

std::string grouped(std::uint64_t number);                         // 10,200
std::string human_bytes(std::uint64_t bytes);                      // 3.1 MB
std::string human_ago(std::int64_t then_ms, std::int64_t now_ms);  // 2 min ago

}  // namespace ksv::cli
