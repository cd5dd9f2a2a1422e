// What an examination asks beside the conditions on single writes: uploads in parts, and plain
// writes that meet conditional ones.
#pragma once

#include <string>

#include "backend/examination.h"
#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

// Both work on objects whose names begin with `prefix` + kProbeInfix, and remove them. Neither
// makes a store unsafe: the first is proven again before it is relied upon, the second concerns
// writers who ask for no condition.

// Whether the completion of an upload in parts honours conditions. `quoted`: how the service wants
// ETags. Keeps what it found for the commands to come.
void examine_uploads(Wire& wire, const std::string& prefix, bool quoted, Examination& examination);

// Whether a plain write that was acknowledged can be nowhere afterwards, neither over nor under the
// conditional write that was in flight at the same time: so it is with Ceph's gateway.
void examine_plain_writes(Wire& wire, const std::string& prefix, bool quoted,
                          Examination& examination);

}  // namespace ksv::s3
