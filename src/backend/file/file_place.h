// A file store as a folder that is created, listed and deleted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ksv/catalog.h"

#include "backend/file/file_backend.h"

namespace ksv {

// The folder is the store; nothing else marks it. So an empty folder is an empty store, and one
// that holds other things and no blob is not taken for a store.
class FilePlace final : public StorePlace {
 public:
  FilePlace(FileBackend::Options options, Env& env, Call& call);
  Result<bool> exists() override;
  Result<CreateOutcome> create() override;
  Result<DeleteOutcome> remove(const std::function<void(std::uint64_t)>& progress) override;
  Backend& backend() override { return backend_; }

 private:
  Result<bool> make_folder(const std::string& path);
  Result<bool> make_folders(const std::string& path);
  Result<bool> is_empty_file(const std::string& name);
  Status judge(const std::vector<std::string>& names);
  Status check_removable(const std::vector<std::string>& names);
  Result<DeleteOutcome> sweep(std::uint64_t* keys,
                              const std::function<void(std::uint64_t)>& progress);
  Status remove_names(const std::vector<std::string>& names, std::uint64_t* keys,
                      const std::function<void(std::uint64_t)>& progress);

  std::string folder_;
  bool sync_;
  Env& env_;
  Call& call_;
  FileBackend backend_;
};

// What the address of a file store says. kUsage.
Result<FileBackend::Options> file_options(const StoreAddress& address);
// The option "sync=false" gives up durability for speed.
Result<std::unique_ptr<StorePlace>> open_file_place(const StoreAddress& address, Env& env,
                                                    Call& call);
// The stores among the folders in the folder at `address`.
Result<std::vector<StoreEntry>> list_file_stores(const StoreAddress& address, bool figures,
                                                 Env& env, Call& call);

}  // namespace ksv
