// Examines a folder: whether its file system keeps the promises that a file store rests on.
#pragma once

#include <functional>
#include <string>

#include "ksv/checkup.h"

#include "backend/file/file_backend.h"
#include "base/real_disk.h"

namespace ksv {

// What is asked of the system besides Files; tests put others in place.
struct DiskQuestions {
  std::function<Result<Disk>(const std::string& path)> disk = find_disk;
  std::function<Result<LockTrial>(const std::string& path)> locks = try_locks;
};

// See examine() in ksv/checkup.h. Works in a folder of its own inside the store's, under a name
// that konserve and ksv take for a staged write; in the nearest folder above where there is no
// store yet.
Status examine_file_store(const StoreAddress& address, Env& env, Call& call, const Report& report);
Status examine_folder(const FileBackend::Options& options, const DiskQuestions& questions, Env& env,
                      Call& call, const Report& report);

}  // namespace ksv
