// Takes all that a source has into memory.
#pragma once

#include "ksv/limits.h"
#include "ksv/stream.h"

namespace ksv {

// kUsage where there is more than `bytes_max`; `what` names the place that takes no more.
inline Result<Bytes> read_source(const ByteSource& source, std::size_t bytes_max,
                                 std::string_view what) {
  Bytes bytes;
  Bytes chunk(limits::kStreamChunkBytes);
  for (;;) {
    const std::size_t got = KSV_TRY(source(chunk));
    if (got == 0) return bytes;
    if (got > bytes_max - bytes.size()) {
      return Error(ErrorCode::kUsage, "the value is too large for " + std::string(what));
    }
    append(bytes, BytesView(chunk).first(got));
  }
}

}  // namespace ksv
