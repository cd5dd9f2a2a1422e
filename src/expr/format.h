// java.lang.String.format, of no locale in particular.
#pragma once

#include <string>
#include <string_view>

#include "expr/machine.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::expr {

Result<std::string> java_format(Machine& machine, std::string_view pattern, Arguments arguments);

}  // namespace ksv::expr
