// What a file system must do for a file store, tried out in a folder of one's own.
#pragma once

#include <atomic>
#include <string>

#include "backend/examination.h"
#include "backend/file/file_checkup.h"

namespace ksv {

// Leaves files in `folder`, which is the caller's to remove.
class FileTrials {
 public:
  FileTrials(const std::string& folder, const DiskQuestions& questions, bool sync, Env& env,
             Examination& examination)
      : folder_(folder), questions_(questions), sync_(sync), env_(env), examination_(examination) {}

  void run();

 private:
  void try_sync();
  void try_rename();
  void try_link();
  void try_own_locks();
  void try_process_locks();
  void try_first_writes();
  void try_updates();

  Status make_file(const std::string& name, std::string_view text, bool sync = false);
  // Until a reader has seen one that was not whole.
  Status replace_many(const std::string& target, const std::atomic<bool>& whole);
  Result<bool> read_whole(const std::string& target);
  Result<std::size_t> race_for_link(std::size_t round);
  void unsafe(const std::string& check, const std::string& text);

  const std::string& folder_;
  const DiskQuestions& questions_;
  bool sync_;
  Env& env_;
  Examination& examination_;
};

}  // namespace ksv
