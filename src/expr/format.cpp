// java.lang.String.format.
#include "expr/format.h"
namespace ksv::expr {
Result<std::string> java_format(Machine&, std::string_view, Arguments) { return failure("not yet"); }
}  // namespace ksv::expr
