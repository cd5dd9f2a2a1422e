// java.lang.String.format, of no locale in particular.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"

namespace ksv::expr {

Result<std::string> java_format(Machine& machine, std::string_view pattern, Arguments arguments);

}  // namespace ksv::expr
