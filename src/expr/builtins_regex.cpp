// Regular expressions.
#include "expr/builtins.h"
namespace ksv::expr {
std::span<const BuiltinInfo> regex_builtins() { return {}; }
}  // namespace ksv::expr
