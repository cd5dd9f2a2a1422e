// The two CBOR serializers of konserve: clj-cbor (read only) and boring (doc/format: CBOR).
#pragma once

#include "ksv/bytes.h"
#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

Result<Value> read_clj_cbor(BytesView bytes);
Result<Value> read_boring(BytesView bytes);  // the first item; an index frame after it is ignored
Result<Bytes> write_boring(const Value& value);

}  // namespace ksv
