// What a write leaves beside its key, so that it can be found again (settle=sidecar).
#pragma once

#include <cstdint>
#include <string>

#include "ksv/bytes.h"

namespace ksv::etcd {

// Stored as "ID BASE", in the text of decimal numbers. `base` is the version that the write
// replaced: 0 for a key that was absent, and for unconditional writes.
struct SidecarMark {
  std::string id;
  std::int64_t base = 0;
};
Bytes sidecar_mark(const SidecarMark& mark);
// What is no mark reads as one without an id.
SidecarMark read_sidecar_mark(BytesView bytes);

}  // namespace ksv::etcd
