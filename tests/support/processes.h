// Child processes for tests of races and crashes.
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ksv::testing {

// How a child ended: its exit status, or minus the number of the signal that killed it.
using ChildEnd = int;

// Runs `body(i)` in `count` children at once; they begin together. Its result is the exit status;
// doctest's checks are of no use inside it.
std::vector<ChildEnd> run_children(int count, const std::function<int(int)>& body);

// A child that does `prepare`, then waits until it is told to end.
class HeldChild {
 public:
  // Returns once `prepare` has returned in the child; it must return true.
  explicit HeldChild(const std::function<bool()>& prepare);
  ~HeldChild() { release(); }
  HeldChild(const HeldChild&) = delete;
  HeldChild& operator=(const HeldChild&) = delete;
  bool ready() const { return ready_; }
  void release();  // the child ends, and with it its locks

 private:
  pid_t pid_ = -1;
  int wake_ = -1;
  bool ready_ = false;
};

// Takes a lock as the JVM does, F_SETLK over the whole file, and leaves it to the end of the
// process.
bool lock_as_the_jvm(const std::string& path);

}  // namespace ksv::testing
