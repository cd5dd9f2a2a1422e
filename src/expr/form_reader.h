// Reads the text of an expression into forms, as Clojure's own reader does.
#pragma once

#include <string_view>

#include "ksv/result.h"

#include "expr/form.h"

namespace ksv::expr {

// The first form of the text; what follows it is not looked at, as with Clojure's read-string.
// Errors are kUsage and end in "at line:column".
Result<Form> read_form(std::string_view text);

// clojure.core/read-string: the first form as a value. What would need code to run (#=, #(), `, @)
// is refused.
Result<Value> read_first_value(std::string_view text);

// "message at line:column".
Error usage_at(std::string_view text, std::size_t at, std::string_view message);

}  // namespace ksv::expr
