// Replacing parts of a text, as clojure.string/replace does.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

#include "expr/machine.h"
#include "expr/regex.h"

namespace ksv::expr {

enum class Occurrences { kAll, kFirst };

// What re-groups gives: the matched text, or with groups a vector of theirs after it.
Result<Value> groups_value(Machine& machine, const std::string& text, const Match& match);

// Text by text.
Result<Value> replace_text(Machine& machine, std::string_view text, std::string_view match,
                           std::string_view replacement, Occurrences which);

// Matches by a string with $1, ${name} and \ in it, or by what a function makes of the groups.
Result<Value> replace_matches(Machine& machine, const std::string& text, const Pattern& pattern,
                              const Value& replacement, Occurrences which);

}  // namespace ksv::expr
