// Deleting all objects of a store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

// Deletes what goes_with_store() of the names that begin with `prefix`; returns the number of keys
// among them. `progress` is told that number as it grows. kPartial when some could not be deleted;
// can be repeated.
Result<std::uint64_t> sweep(Wire& wire, const std::string& prefix,
                            const std::function<void(std::uint64_t)>& progress);

}  // namespace ksv::s3
