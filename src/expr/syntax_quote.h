// The syntax quote ` of Clojure's reader.
#pragma once

#include "ksv/result.h"

#include "expr/form.h"

namespace ksv::expr {

// The form that builds what `form means, with ~ and ~@ in their places. Errors have no place.
Result<Form> expand_syntax_quote(const Form& form);

}  // namespace ksv::expr
