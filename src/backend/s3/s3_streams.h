// Reading from a source until a buffer is full.
#pragma once

#include <span>

#include "ksv/stream.h"

namespace ksv::s3 {

// How many bytes there were; fewer than the buffer takes when the source ended.
Result<std::size_t> fill(const ByteSource& source, std::span<std::uint8_t> buffer);

}  // namespace ksv::s3
