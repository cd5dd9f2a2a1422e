// Files by the system's own calls.
#pragma once

#include "ksv/files.h"

namespace ksv {

// Has no state; may be used from several threads at once.
class RealFiles final : public Files {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::optional<FileInfo>> info(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Result<bool> exchange(const std::string& one, const std::string& other) override;
  Result<bool> link(const std::string& from, const std::string& to) override;
  Result<bool> remove(const std::string& path) override;
  Result<bool> make_directory(const std::string& path) override;
  Result<bool> remove_directory(const std::string& path) override;
  Result<std::optional<std::vector<std::string>>> names(const std::string& path,
                                                        std::size_t at_most) override;
  Status sync_directory(const std::string& path) override;
};

}  // namespace ksv
