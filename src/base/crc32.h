// CRC-32 as gzip, zip and DynamoDB use it (ISO 3309): a check against accidents, not against
// anybody.
#pragma once

#include <cstdint>

#include "ksv/bytes.h"

namespace ksv {

std::uint32_t crc32(BytesView bytes);

}  // namespace ksv
