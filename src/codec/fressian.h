// Fressian, as konserve's FressianSerializer reads and writes it (doc/format: Fressian).
#pragma once

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// The first object of `bytes`; what follows it is ignored, as konserve does. kCorrupt,
// kUnsupported.
Result<Value> read_fressian(BytesView bytes);
// kUsage for a value that Fressian cannot hold (a function).
Result<Bytes> write_fressian(const Value& value);

}  // namespace ksv
