// A blob in the making, under a name of its own beside its target.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ksv/env.h"

namespace ksv {

// A file that nobody reads any more, kept to be written anew: making one costs most of what a write
// without sync does.
struct Spare {
  std::unique_ptr<File> file;
  std::string path;
};

// Removes its file again unless that has been renamed to its target.
class Stage {
 public:
  // Staging as newer konserve does, "<blob>.<uuid>.new": no other writer uses the same name.
  Stage(Env& env, const std::string& target);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Status create();
  // In place of create: a spare that File::reuse has emptied.
  void take(Spare spare);
  Status write(BytesView bytes);
  Result<FileInfo> info() { return file_->info(); }
  // No more bytes come. With `sync` they are on the disk afterwards.
  Status finish(bool sync);

  // Replaces what is at the target. Without `sync` the two swap names (true): ext4 writes a file
  // out that is renamed over another, which is the wait that was declined. The stage then is the
  // old file's, which goes with it unless it leaves.
  Result<bool> replace_target(bool sync);
  // The name that is the caller's to remove from now on.
  std::string leave();
  // Takes the target's name only if nothing has it: false otherwise. kUnsupported where files have
  // but one name.
  Result<bool> link_to_target();

 private:
  Files& files_;
  std::string target_;
  std::string path_;
  std::unique_ptr<File> file_;
  bool exists_ = false;
  std::optional<std::uint64_t> rewritten_{};  // bytes written into a spare
};

}  // namespace ksv
