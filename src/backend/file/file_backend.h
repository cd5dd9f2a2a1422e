// Blobs as files in one folder, shared with other processes of ksv and of konserve.
//
// Readers lock, so that a konserve that writes in place is not read half-way. ksv itself never
// writes in place: it stages a file aside and then gives it the blob's name, under a lock on the
// file that has that name until then. That lock is the one which konserve takes. Since the name
// moves to another file with each write, whoever has got the lock looks whether the name still
// means the file that is locked, and starts over if not. See doc/format.md, "File store".
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ksv/backend.h"

#include "backend/file/file_stage.h"

namespace ksv {

class FileBackend final : public Backend {
 public:
  struct Options {
    std::string folder;
    bool sync = true;  // false: an acknowledged write may be lost with the power
  };
  FileBackend(Options options, Env& env, Call& call);
  ~FileBackend() override;
  FileBackend(const FileBackend&) = delete;
  FileBackend& operator=(const FileBackend&) = delete;

  const Capabilities& capabilities() const override { return capabilities_; }
  Result<std::optional<Stored>> read(const std::string& key) override;
  Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                          std::uint64_t length) override;
  Result<std::optional<Range>> read_head(const std::string& key, std::uint64_t length) override;
  Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                             const ByteSink& sink) override;
  Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                             const Precondition& precondition, const WriteId& id) override;
  Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                    const Precondition& precondition, const WriteId& id) override;
  Result<RemoveOutcome> remove(const std::string& key, const Precondition& precondition) override;
  Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) override;

 private:
  // A blob that is open and locked for reading, and not empty.
  struct OpenBlob {
    std::unique_ptr<File> file;
    FileInfo info;
  };
  // What a change of a key needs to hold. `blob` is locked and has the key's name; null when
  // nothing has. `fence` is konserve's sidecar, locked; null when there is none.
  struct Hold {
    std::unique_ptr<File> fence;
    std::unique_ptr<File> blob;
    FileInfo info;
  };

  std::string path_of(const std::string& key) const;
  Status check_time(const std::string& key) const;
  // Nothing when the key is absent.
  Result<std::optional<OpenBlob>> open_blob(const std::string& key);
  Result<std::optional<Range>> read_part(const std::string& path, std::unique_ptr<File> file,
                                         std::uint64_t offset, std::uint64_t length);
  Result<std::unique_ptr<File>> open_locked(const std::string& path);  // null: there is no file
  Result<std::optional<OpenBlob>> checked(const std::string& path, std::unique_ptr<File> file);
  Result<Hold> hold(const std::string& key);
  Status create_stage(Stage& stage);
  Status note_new_file(Stage& stage);
  bool take_spare(Stage& stage);
  void keep_spare(Stage& stage, Hold held);
  // Judges under the lock, has `prepare` fill the stage, and gives it the key's name. With Match,
  // where a file must be there to be locked, `prepare` is called once at most.
  Result<WriteOutcome> publish(const std::string& key, Stage& stage,
                               const std::function<Status()>& prepare, Version version,
                               const Precondition& precondition);
  Result<std::optional<Conflict>> find_conflict(const std::string& key,
                                                const Precondition& precondition);
  Result<bool> take_new_name(const std::string& key, Stage& stage);
  Result<bool> take_name_without_links(const std::string& key, Stage& stage);
  Status sync_folder();

  Options options_;
  Env& env_;
  Call& call_;
  Capabilities capabilities_;

  // Without sync: replaced files that are written again, and what a new file is like.
  std::mutex spares_mutex_;
  std::vector<Spare> spares_;
  std::optional<FileInfo> new_file_;
};

}  // namespace ksv
