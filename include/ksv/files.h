// The system calls on files that ksv makes, as an interface: the real one, and fakes that fail the
// n-th call or end the process after it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/result.h"

namespace ksv {

enum class OpenMode {
  kRead,       // existing, for reading
  kReadWrite,  // existing
  kCreateNew,  // must not exist; reading and writing, mode 0666 less the umask
};

// Two kinds of lock, by byte range. A JVM's FileLock covers the whole file and excludes both.
// kReader takes the first byte, shared; kWriter all bytes after it, exclusively. So ksv's writers
// exclude each other, but not ksv's readers: ksv never changes a file in place, so these need no
// protection from it, and neither a slow reader nor a stream of quick ones can hold a writer up.
enum class LockMode { kReader, kWriter };

// What a stat tells. Two stats with the same device and inode are of the same file.
struct FileInfo {
  enum class Type { kRegular, kDirectory, kOther };
  Type type = Type::kOther;
  std::uint64_t size = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t links = 0;
  std::uint32_t mode = 0;  // permissions alone
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::int64_t modified_ms = 0;

  bool same_file(const FileInfo& other) const {
    return device == other.device && inode == other.inode;
  }
};

// An open file. Closing (destruction) releases its locks. Reads and writes are complete: they go
// on over short counts and interruptions until all is done or the file ends.
class File {
 public:
  virtual ~File() = default;
  virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) = 0;
  // The same by a single call. Of a regular file, fewer bytes than asked for are its last.
  virtual Result<std::size_t> read_once(std::uint64_t offset, std::span<std::uint8_t> into) {
    return read_at(offset, into);
  }
  virtual Status write(BytesView bytes) = 0;  // at the current position
  virtual Status sync() = 0;                  // fsync
  virtual Result<FileInfo> info() = 0;
  // A POSIX record lock held by this open file (F_OFD_SETLK): it excludes the fcntl locks of other
  // processes, the JVM's FileLock among them, and other Files of this process. False when somebody
  // else holds a lock in its way; never waits.
  virtual Result<bool> try_lock(LockMode mode) = 0;
  // Lets go of all of this file's locks.
  virtual Status unlock() { return Error(ErrorCode::kUnsupported, "files cannot be unlocked"); }

  // Makes the file as good as a new one, for write() from its beginning and then cut() to what was
  // written, if no other open file of any process means it. False, and nothing is done, where one
  // does or the system cannot tell. What it held is given back first: after a power failure there
  // may be zeros, and never bytes of what it was before.
  virtual Result<bool> reuse() { return false; }
  virtual Status cut(std::uint64_t /*size*/) {
    return Error(ErrorCode::kUnsupported, "files cannot be cut");
  }
};

// Paths are bytes. "Absent" is an answer (nullopt, false), every other failure an error: kDenied
// for EACCES, EPERM, EROFS; kUnavailable for the rest (disk full, too many open files, I/O error),
// with the path and the system's text in the message.
class Files {
 public:
  virtual ~Files() = default;
  // Nothing when the file is absent, or for kCreateNew when it exists.
  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;  // null
  virtual Result<std::optional<FileInfo>> info(const std::string& path) = 0;  // follows links
  virtual Status rename(const std::string& from, const std::string& to) = 0;  // replaces `to`
  // Swaps the files of two names in one step; false where the file system cannot, or one is absent.
  virtual Result<bool> exchange(const std::string& one, const std::string& other) = 0;
  // Gives the file a second name; false if `to` exists. With remove(from) an exclusive rename.
  // kUnsupported where the file system has no second names.
  virtual Result<bool> link(const std::string& from, const std::string& to) = 0;
  virtual Result<bool> remove(const std::string& path) = 0;          // false: was absent
  virtual Result<bool> make_directory(const std::string& path) = 0;  // false: exists
  // False: was absent. kState when it is not empty.
  virtual Result<bool> remove_directory(const std::string& path) = 0;
  // The names in a directory, at most so many, in no order, without "." and ".."; nothing when it
  // is absent.
  virtual Result<std::optional<std::vector<std::string>>> names(const std::string& path,
                                                                std::size_t at_most) = 0;
  virtual Status sync_directory(const std::string& path) = 0;
};

}  // namespace ksv
