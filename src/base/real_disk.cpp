// statfs(2), and a process that does nothing but hold a lock.
#include "base/real_disk.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace ksv {
namespace {

constexpr int kStartMs = 5'000;
// A lock server may need a moment to hear of the death.
constexpr int kReleaseRounds = 50;
constexpr int kReleasePauseMs = 20;

Error system_error(int number, const std::string& what) {
  const bool denied = number == EACCES || number == EPERM || number == EROFS;
  return Error(denied ? ErrorCode::kDenied : ErrorCode::kUnavailable,
               what + ": " + std::generic_category().message(number));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

// 0, or errno.
int lock_whole(int descriptor, int command) {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return ::fcntl(descriptor, command, &range) == 0 ? 0 : errno;
}

// In the child, where only calls that are safe after a fork in a process with threads are allowed.
[[noreturn]] void hold_lock(const char* path, int answer) {
  int result = 0;
  const int descriptor = ::open(path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    result = errno;
  } else {
    result = lock_whole(descriptor, F_SETLK);
  }
  const auto byte = static_cast<unsigned char>(result);
  if (::write(answer, &byte, 1) != 1 || result != 0) ::_exit(1);
  // Should the parent die first, so shall this one: by the alarm.
  ::alarm(60);
  for (;;) ::pause();
}

// What the child said: 0, or an errno.
int heard_from(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, kStartMs);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return ETIMEDOUT;
  unsigned char byte = 0;
  return ::read(descriptor, &byte, 1) == 1 ? int{byte} : EPIPE;
}

bool is_released(int descriptor) {
  for (int round = 0; round < kReleaseRounds; ++round) {
    if (lock_whole(descriptor, F_SETLK) == 0) return true;
    static_cast<void>(::poll(nullptr, 0, kReleasePauseMs));
  }
  return false;
}

}  // namespace

Result<Disk> find_disk(const std::string& path) {
  struct statfs kind {};
  struct statvfs figures {};
  if (::statfs(path.c_str(), &kind) != 0 || ::statvfs(path.c_str(), &figures) != 0) {
    return system_error(errno, "statfs " + path);
  }
  Disk disk;
  disk.kind = static_cast<std::uint32_t>(kind.f_type);
  disk.read_only = (figures.f_flag & ST_RDONLY) != 0;
  disk.bytes = std::uint64_t{figures.f_blocks} * figures.f_frsize;
  disk.bytes_free = std::uint64_t{figures.f_bavail} * figures.f_frsize;
  disk.files = figures.f_files;
  disk.files_free = figures.f_favail;
  return disk;
}

Result<LockTrial> try_locks(const std::string& path) {
  Descriptor ours(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (ours.number() < 0) return system_error(errno, "open " + path);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error(errno, "make a pipe");
  Descriptor hears(ends[0]);
  Descriptor says(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return system_error(errno, "start a process");
  if (child == 0) hold_lock(path.c_str(), says.number());
  says.close();
  const int heard = heard_from(hears.number());
  LockTrial trial;
  if (heard == 0) trial.excludes = lock_whole(ours.number(), F_SETLK) != 0;
  static_cast<void>(::kill(child, SIGKILL));
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
  if (heard != 0) return system_error(heard, "lock " + path + " in another process");
  trial.released = is_released(ours.number());
  return trial;
}

}  // namespace ksv
