// Sets.
#include "expr/builtins.h"
namespace ksv::expr {
std::span<const BuiltinInfo> set_builtins() { return {}; }
std::span<const BuiltinInfo> relation_builtins() { return {}; }
}  // namespace ksv::expr
