// Names of Clojure that the language leaves out, and what to use in their place.
#pragma once

#include <span>
#include <string_view>

namespace ksv::expr {

struct LeftOut {
  std::string_view name;
  std::string_view instead;
};

std::span<const LeftOut> left_out_names();
// More, where `name` holds several, with spaces between.
std::span<const LeftOut> left_out_groups();

}  // namespace ksv::expr
