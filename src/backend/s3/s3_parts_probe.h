// Finds out whether a service honours conditions on the completion of multipart uploads: some that
// honour them on single writes ignore them here (Ceph before 20, Hetzner, Garage).
#pragma once

#include <string>

#include "backend/s3/s3_findings.h"

namespace ksv::s3 {

// Completes tiny uploads: of a new object, of one that exists, under a stale and under the right
// ETag, then several at once. `quoted` is how the service wants ETags. An error means that nothing
// was found out. Works on objects whose names begin with `prefix` + kProbeInfix, and removes them.
Result<Findings> probe_completions(Wire& wire, const std::string& prefix, bool quoted);

}  // namespace ksv::s3
