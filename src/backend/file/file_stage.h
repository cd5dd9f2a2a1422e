// A blob in the making, under a name of its own beside its target.
#pragma once

#include <memory>
#include <string>

#include "ksv/env.h"

namespace ksv {

// Removes its file again unless that has been renamed to its target.
class Stage {
 public:
  // Staging as newer konserve does, "<blob>.<uuid>.new": no other writer uses the same name.
  Stage(Env& env, const std::string& target);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  Status create();
  Status write(BytesView bytes) { return file_->write(bytes); }
  // No more bytes come. With `sync` they are on the disk afterwards.
  Status finish(bool sync);

  // Replaces what is at the target. Without `sync` the two swap names and the old file goes: ext4
  // writes a file out that is renamed over another, which is the wait that was declined.
  Status replace_target(bool sync);
  // Takes the target's name only if nothing has it: false otherwise. kUnsupported where files have
  // but one name.
  Result<bool> link_to_target();

 private:
  Files& files_;
  std::string target_;
  std::string path_;
  std::unique_ptr<File> file_;
  bool exists_ = false;
};

}  // namespace ksv
