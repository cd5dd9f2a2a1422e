// Child processes for tests of races and crashes.
#include "support/processes.h"

#include <array>
#include <cerrno>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ksv::testing {

namespace {

struct Pipe {
  Pipe() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
  std::array<int, 2> ends{-1, -1};
};

// True when a byte came, false when the other end was closed.
bool wait_for_byte(int descriptor) {
  char byte = 0;
  ssize_t got = 0;
  do {
    got = ::read(descriptor, &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

ChildEnd wait_for_child(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) REQUIRE(errno == EINTR);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

std::vector<ChildEnd> run_children(int count, const std::function<int(int)>& body) {
  const Pipe start;
  std::vector<pid_t> children;
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      ::close(start.ends[1]);
      wait_for_byte(start.ends[0]);
      ::_exit(body(i));
    }
    children.push_back(child);
  }
  ::close(start.ends[0]);
  ::close(start.ends[1]);
  std::vector<ChildEnd> ends;
  ends.reserve(children.size());
  for (const pid_t child : children) ends.push_back(wait_for_child(child));
  return ends;
}

HeldChild::HeldChild(const std::function<bool()>& prepare) {
  const Pipe ready;
  const Pipe wake;
  pid_ = ::fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) {
    ::close(wake.ends[1]);
    if (prepare()) static_cast<void>(!::write(ready.ends[1], "r", 1));
    ::close(ready.ends[1]);
    wait_for_byte(wake.ends[0]);
    ::_exit(0);
  }
  ::close(ready.ends[1]);
  ::close(wake.ends[0]);
  wake_ = wake.ends[1];
  ready_ = wait_for_byte(ready.ends[0]);
  ::close(ready.ends[0]);
}

void HeldChild::release() {
  if (pid_ < 0) return;
  // A byte, since a child that was forked later holds a copy of this end.
  static_cast<void>(!::write(wake_, "w", 1));
  ::close(wake_);
  wait_for_child(pid_);
  pid_ = -1;
}

bool lock_as_the_jvm(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return descriptor >= 0 && ::fcntl(descriptor, F_SETLK, &whole) == 0;
}

}  // namespace ksv::testing
