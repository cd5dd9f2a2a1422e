// Bytes that flow: where they come from and where they go.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv {

// Where streamed bytes come from: fills the span, returns how many (0: the end).
using ByteSource = std::function<Result<std::size_t>(std::span<std::uint8_t> into)>;
// Where they go, in order.
using ByteSink = std::function<Status(BytesView bytes)>;

}  // namespace ksv
