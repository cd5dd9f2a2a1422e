// Deleting many objects in one request.
#pragma once

#include <string>
#include <vector>

#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

struct DeleteFailure {
  std::string name;
  std::string why;  // "AccessDenied: ..."
};

// Up to 1000 names, absent ones included; the ones that could not be deleted. Falls back to single
// requests where the service does not know DeleteObjects.
Result<std::vector<DeleteFailure>> delete_objects(Wire& wire,
                                                  const std::vector<std::string>& names);

}  // namespace ksv::s3
