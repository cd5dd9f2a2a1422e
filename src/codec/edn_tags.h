// The tags that EDN text may carry here: #inst, #uuid, and the #ksv/ notation for values that EDN
// has no literal for (doc/format: Tagged notation).
#pragma once

#include <string>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// The value that `#tag form` means. A tag that is not known becomes Kind::kTagged, except within
// ksv/, where it is an error: it would be data of a newer ksv, or a slip. Errors are kUsage,
// without a place.
Result<Value> read_tagged(const Name& tag, Value form);

// The word for a value in a message: "a map", "an integer".
std::string a_kind(const Value& value);

}  // namespace ksv
