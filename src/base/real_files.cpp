// Files by the system's own calls, with errno made into Errors.
#include "base/real_files.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ksv {

namespace {

// What a person can do about it; nothing where there is no telling.
std::string_view hint_for(int number) {
  switch (number) {
    case EACCES:
    case EPERM: return "Check who owns it and its mode, and those of its folder";
    case EROFS: return "It is on a file system that is mounted read-only";
    case ENOSPC:
    case EDQUOT: return "Free some space and run it again";
    case EMFILE:
    case ENFILE: return "Too many files are open; raise the limit (ulimit -n)";
    default: return "";
  }
}

// "open /a/b: Permission denied"
Error system_error(int number, std::string_view action, const std::string& path) {
  const bool denied = number == EACCES || number == EPERM || number == EROFS;
  std::string message(action);
  message.append(" ").append(path).append(": ");
  message.append(std::generic_category().message(number));
  return Error(denied ? ErrorCode::kDenied : ErrorCode::kUnavailable, std::move(message))
      .with_hint(std::string(hint_for(number)));
}

FileInfo info_of(const struct stat& status) {
  FileInfo info;
  if (S_ISREG(status.st_mode)) info.type = FileInfo::Type::kRegular;
  if (S_ISDIR(status.st_mode)) info.type = FileInfo::Type::kDirectory;
  info.size = static_cast<std::uint64_t>(status.st_size);
  info.device = status.st_dev;
  info.inode = status.st_ino;
  info.links = status.st_nlink;
  info.mode = status.st_mode & 07777U;
  info.user = status.st_uid;
  info.group = status.st_gid;
  info.modified_ms =
      std::int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1'000'000;
  return info;
}

class RealFile final : public File {
 public:
  RealFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~RealFile() override { ::close(descriptor_); }
  RealFile(const RealFile&) = delete;
  RealFile& operator=(const RealFile&) = delete;

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) override;
  Result<std::size_t> read_once(std::uint64_t offset, std::span<std::uint8_t> into) override;
  Status write(BytesView bytes) override;
  Status sync() override;
  Result<FileInfo> info() override;
  Result<bool> try_lock(LockMode mode) override;
  Status unlock() override;
  Result<bool> reuse() override;
  Status cut(std::uint64_t size) override;

 private:
  int descriptor_;
  std::string path_;
};

Result<std::size_t> RealFile::read_at(std::uint64_t offset, std::span<std::uint8_t> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const std::size_t got = KSV_TRY(read_once(offset + done, into.subspan(done)));
    if (got == 0) break;
    done += got;
  }
  return done;
}

Result<std::size_t> RealFile::read_once(std::uint64_t offset, std::span<std::uint8_t> into) {
  for (;;) {
    const ssize_t got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return system_error(errno, "read", path_);
  }
}

Status RealFile::write(BytesView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(errno, "write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return ok();
}

Status RealFile::sync() {
  while (::fsync(descriptor_) != 0) {
    if (errno != EINTR) return system_error(errno, "fsync", path_);
  }
  return ok();
}

Result<FileInfo> RealFile::info() {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return system_error(errno, "stat", path_);
  return info_of(status);
}

Result<bool> RealFile::try_lock(LockMode mode) {
  struct flock range {};
  range.l_whence = SEEK_SET;
  if (mode == LockMode::kReader) {
    range.l_type = F_RDLCK;
    range.l_start = 0;
    range.l_len = 1;
  } else {
    range.l_type = F_WRLCK;
    range.l_start = 1;
    range.l_len = 0;  // to the end, however far it moves
  }
  int result = ::fcntl(descriptor_, F_OFD_SETLK, &range);
  // Some file systems know only the older kind, which belongs to the process: it still excludes
  // other processes.
  if (result != 0 && errno == EINVAL) result = ::fcntl(descriptor_, F_SETLK, &range);
  if (result == 0) return true;
  if (errno == EAGAIN || errno == EACCES || errno == EINTR) return false;
  return system_error(errno, "lock", path_);
}

Status RealFile::unlock() {
  struct flock all {};
  all.l_whence = SEEK_SET;
  all.l_type = F_UNLCK;
  int result = ::fcntl(descriptor_, F_OFD_SETLK, &all);
  if (result != 0 && errno == EINVAL) result = ::fcntl(descriptor_, F_SETLK, &all);
  if (result != 0) return system_error(errno, "unlock", path_);
  return ok();
}

Result<bool> RealFile::reuse() {
  // The system grants a lease for writing only while nobody else has the file open. Who opens it
  // while it is granted waits, and we are sent a signal, which by default would end us.
  if (::fcntl(descriptor_, F_SETSIG, SIGURG) != 0) return false;
  if (::fcntl(descriptor_, F_SETLEASE, F_WRLCK) != 0) return false;
  if (::fcntl(descriptor_, F_SETLEASE, F_UNLCK) != 0) return false;
  constexpr off_t kEverything = off_t{1} << 40;
  return ::fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kEverything) == 0;
}

Status RealFile::cut(std::uint64_t size) {
  while (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    if (errno != EINTR) return system_error(errno, "cut", path_);
  }
  return ok();
}

}  // namespace

Result<std::unique_ptr<File>> RealFiles::open(const std::string& path, OpenMode mode) {
  // O_NONBLOCK: a named pipe that somebody put into the folder must not hang us.
  int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  if (mode == OpenMode::kRead) flags |= O_RDONLY;
  if (mode == OpenMode::kReadWrite) flags |= O_RDWR;
  if (mode == OpenMode::kCreateNew) flags |= O_RDWR | O_CREAT | O_EXCL;
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), flags, 0666);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor >= 0) return std::unique_ptr<File>(std::make_unique<RealFile>(descriptor, path));
  const bool create = mode == OpenMode::kCreateNew;
  const bool expected = create ? errno == EEXIST : errno == ENOENT || errno == ENOTDIR;
  if (expected) return std::unique_ptr<File>();
  return system_error(errno, create ? "create" : "open", path);
}

Result<std::optional<FileInfo>> RealFiles::info(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return std::optional<FileInfo>(info_of(status));
  if (errno == ENOENT || errno == ENOTDIR) return std::optional<FileInfo>();
  return system_error(errno, "stat", path);
}

Status RealFiles::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return ok();
  return system_error(errno, "rename " + from + " to", to);
}

Result<bool> RealFiles::exchange(const std::string& one, const std::string& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0)
    return true;
  if (errno == EINVAL || errno == ENOSYS || errno == ENOENT || errno == ENOTDIR) return false;
  return system_error(errno, "exchange " + one + " with", other);
}

Result<bool> RealFiles::link(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return true;
  const int number = errno;
  if (number == EEXIST) return false;
  Error error = system_error(number, "link " + from + " to", to);
  // EPERM is how a file system without links answers, and a kernel that protects them.
  const bool unsupported =
      number == EPERM || number == EOPNOTSUPP || number == ENOSYS || number == EMLINK;
  if (unsupported) return Error(ErrorCode::kUnsupported, error.message());
  return error;
}

Result<bool> RealFiles::remove(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return system_error(errno, "remove", path);
}

Result<bool> RealFiles::make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0777) == 0) return true;
  if (errno == EEXIST) return false;
  return system_error(errno, "make folder", path);
}

Result<bool> RealFiles::remove_directory(const std::string& path) {
  if (::rmdir(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  const bool filled = errno == ENOTEMPTY || errno == EEXIST;
  Error error = system_error(errno, "remove folder", path);
  if (filled) return Error(ErrorCode::kState, error.message());
  return error;
}

Result<std::optional<std::vector<std::string>>> RealFiles::names(const std::string& path,
                                                                 std::size_t at_most) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), &::closedir);
  if (folder == nullptr && errno == ENOENT) return std::optional<std::vector<std::string>>();
  if (folder == nullptr) return system_error(errno, "list", path);
  std::vector<std::string> names;
  while (names.size() < at_most) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr && errno != 0) return system_error(errno, "list", path);
    if (entry == nullptr) break;
    std::string_view name(&entry->d_name[0]);
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return std::optional<std::vector<std::string>>(std::move(names));
}

Status RealFiles::sync_directory(const std::string& path) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  } while (descriptor < 0 && errno == EINTR);
  if (descriptor < 0) return system_error(errno, "open folder", path);
  const RealFile folder(descriptor, path);
  while (::fsync(descriptor) != 0) {
    if (errno == EINVAL) break;  // a file system that cannot sync folders keeps them by itself
    if (errno != EINTR) return system_error(errno, "fsync folder", path);
  }
  return ok();
}

}  // namespace ksv
