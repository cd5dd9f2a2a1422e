// Snappy's raw blocks, which Nippy 2 compressed with.
#pragma once

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv {

Bytes snappy_compress(BytesView bytes);
Result<Bytes> snappy_decompress(BytesView block, std::size_t bytes_max);

}  // namespace ksv
