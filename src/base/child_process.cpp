// Child processes.
#include "base/child_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace ksv {
namespace {

// A file descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int get() const { return number_; }

 private:
  int number_;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Error system_error(const char* what) {
  return Error(ErrorCode::kUnavailable, std::string(what) + ": " + std::strerror(errno));
}

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("pipe");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// The words of an exec call, null at the end; `texts` must outlive them.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> all;
  const auto replaced = [&](std::string_view entry) {
    return std::any_of(variables.begin(), variables.end(), [&](const auto& variable) {
      return entry.starts_with(variable.first + "=");
    });
  };
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!replaced(*entry)) all.emplace_back(*entry);
  }
  for (const auto& [name, value] : variables) all.push_back(name + "=" + value);
  return all;
}

// Only calls that are safe between fork and exec. The error of exec goes up the pipe, which exec
// closes. An input or output of -1 is ours.
[[noreturn]] void become(char* const* words, char* const* variables, int input, int output,
                         int failure, pid_t parent, bool own_group) {
  if (own_group) ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before the call above
  ::signal(SIGPIPE, SIG_DFL);
  if (input >= 0) ::dup2(input, STDIN_FILENO);
  if (output >= 0) ::dup2(output, STDOUT_FILENO);
  ::execvpe(words[0], words, variables);
  const int number = errno;
  static_cast<void>(!::write(failure, &number, sizeof number));
  ::_exit(127);
}

int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// A process that waits for our end, however it comes, and then kills the group of the child: the
// kernel would end the child alone, and not what the child has started.
class Guard {
 public:
  explicit Guard(pid_t group) {
    Result<Pipe> alive = make_pipe();
    if (!alive) return;  // the child itself still ends with us
    pid_ = ::fork();
    if (pid_ == 0) watch(alive->read.get(), group);
    alive_ = std::move(alive->write);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    static_cast<void>(reap(pid_));
  }

 private:
  // Only calls that are safe after fork. It holds nothing open that others wait to see closed.
  [[noreturn]] static void watch(int alive, pid_t group) {
    ::setsid();
    ::dup2(alive, STDIN_FILENO);
    ::close_range(STDOUT_FILENO, ~0U, 0);
    char nothing = 0;
    while (::read(STDIN_FILENO, &nothing, 1) < 0 && errno == EINTR) {
    }
    ::kill(-group, SIGKILL);
    ::_exit(0);
  }

  Descriptor alive_;
  pid_t pid_ = -1;
};

// A started child; killed and reaped unless it has finished.
class Child {
 public:
  Child(pid_t pid, bool own_group) : pid_(pid), own_group_(own_group) {
    if (own_group) guard_.emplace(pid);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(own_group_ ? -pid_ : pid_, SIGKILL);
    static_cast<void>(reap(pid_));
  }
  // Waits for its end: having closed its output, it may go on for long. False: out of time.
  bool finish(const Deadline& deadline, ChildResult& result) {
    useconds_t pause = 50;
    while (!has_ended(result)) {
      if (deadline.passed()) return false;
      ::usleep(pause);
      pause = std::min<useconds_t>(pause * 2, 20'000);
    }
    return true;
  }
  bool has_ended(ChildResult& result) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    pid_ = -1;
    result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  }
  void send(int signal) const {
    if (pid_ > 0) ::kill(own_group_ ? -pid_ : pid_, signal);
  }

 private:
  pid_t pid_;
  bool own_group_;
  std::optional<Guard> guard_{};
};

Error out_of_time() {
  return Error(ErrorCode::kFunction, "the command did not end in the time allowed");
}

// Feeds and drains the pipes until the child closes its output.
Status exchange(const ChildRequest& request, Descriptor& to_child, Descriptor& from_child,
                const Deadline& deadline, Bytes& output) {
  std::size_t sent = 0;
  std::array<std::uint8_t, 65536> buffer;
  if (request.input.empty()) to_child.close();
  for (;;) {
    if (deadline.passed()) return out_of_time();
    std::array<pollfd, 2> waits = {pollfd{from_child.get(), POLLIN, 0},
                                   pollfd{to_child.get(), POLLOUT, 0}};
    const int timeout = static_cast<int>(std::min<std::int64_t>(deadline.left().count(), 60'000));
    if (::poll(waits.data(), to_child.get() >= 0 ? 2 : 1, std::max(timeout, 1)) < 0) {
      if (errno == EINTR) continue;
      return system_error("poll");
    }
    if (to_child.get() >= 0 && waits[1].revents != 0) {
      const ssize_t count = ::write(to_child.get(), request.input.data() + sent,
                                    std::min<std::size_t>(request.input.size() - sent, 65536));
      if (count > 0) sent += static_cast<std::size_t>(count);
      const bool refused = count < 0 && errno != EINTR && errno != EAGAIN;  // it reads no further
      if (refused || sent == request.input.size()) to_child.close();
    }
    if (waits[0].revents == 0) continue;
    const ssize_t count = ::read(from_child.get(), buffer.data(), buffer.size());
    if (count == 0) return ok();
    if (count < 0) {
      if (errno == EINTR) continue;
      return system_error("read");
    }
    append(output, BytesView(buffer).first(static_cast<std::size_t>(count)));
    if (output.size() > request.output_max) {
      return Error(ErrorCode::kFunction, "the command printed more than " +
                                             std::to_string(request.output_max) + " bytes");
    }
  }
}

// At a terminal it stays in our group, which may read from it and which Ctrl-C ends as a whole.
bool wants_own_group() { return ::isatty(STDIN_FILENO) == 0; }

// Starts it with these ends of pipes (-1: ours). What it inherits is closed by exec.
Result<pid_t> spawn(const ChildRequest& request, int input, int output, bool own_group) {
  std::vector<std::string> words = request.words;
  std::vector<std::string> variables = environment_with(request.variables);
  const std::vector<char*> word_pointers = pointers_to(words);
  const std::vector<char*> variable_pointers = pointers_to(variables);
  Pipe failure = KSV_TRY(make_pipe());
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return system_error("fork");
  if (pid == 0) {
    become(word_pointers.data(), variable_pointers.data(), input, output, failure.write.get(),
           parent, own_group);
  }
  if (own_group) ::setpgid(pid, pid);  // as the child does: whoever comes first
  failure.write.close();
  int number = 0;
  if (::read(failure.read.get(), &number, sizeof number) == sizeof number) {
    static_cast<void>(reap(pid));
    return Error(ErrorCode::kUsage, request.words[0] + ": " + std::strerror(number));
  }
  return pid;
}

}  // namespace

Result<ChildResult> run_child(const ChildRequest& request, const Deadline& deadline) {
  Pipe input = KSV_TRY(make_pipe());
  Pipe output = KSV_TRY(make_pipe());
  const bool own_group = wants_own_group();
  const pid_t pid = KSV_TRY(spawn(request, input.read.get(), output.write.get(), own_group));
  Child child(pid, own_group);
  input.read.close();
  output.write.close();
  // A child that stops reading must not block us: the deadline has to be looked at.
  ::fcntl(input.write.get(), F_SETFL, O_NONBLOCK);
  ChildResult result;
  KSV_CHECK(exchange(request, input.write, output.read, deadline, result.output));
  input.write.close();
  if (!child.finish(deadline, result)) return out_of_time();
  return result;
}

struct RunningChild::State {
  State(pid_t pid, bool own_group) : child(pid, own_group) {}

  // Writes what the pipe takes at once.
  void feed() {
    while (to_child.get() >= 0 && sent < input.size()) {
      const ssize_t count = ::write(to_child.get(), input.data() + sent, input.size() - sent);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) break;  // it reads no further
      sent += static_cast<std::size_t>(count);
    }
    to_child.close();
  }

  Child child;
  Descriptor to_child{};
  Bytes input{};
  std::size_t sent = 0;
};

RunningChild::RunningChild(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunningChild::RunningChild(RunningChild&& other) noexcept = default;
RunningChild& RunningChild::operator=(RunningChild&& other) noexcept = default;
RunningChild::~RunningChild() = default;

Result<RunningChild> RunningChild::start(const ChildRequest& request, Input input) {
  const bool own_group = wants_own_group();
  if (input == Input::kOurs) {
    const pid_t pid = KSV_TRY(spawn(request, -1, -1, own_group));
    return RunningChild(std::make_unique<State>(pid, own_group));
  }
  Pipe pipe = KSV_TRY(make_pipe());
  const pid_t pid = KSV_TRY(spawn(request, pipe.read.get(), -1, own_group));
  auto state = std::make_unique<State>(pid, own_group);
  state->to_child = std::move(pipe.write);
  state->input = copy_of(request.input);
  ::fcntl(state->to_child.get(), F_SETFL, O_NONBLOCK);
  return RunningChild(std::move(state));
}

std::optional<ChildResult> RunningChild::wait(const Deadline& deadline) {
  ChildResult result;
  useconds_t pause = 50;
  for (;;) {
    state_->feed();
    if (state_->child.has_ended(result)) return result;
    if (deadline.passed() || ::usleep(pause) != 0) return std::nullopt;
    pause = std::min<useconds_t>(pause * 2, 20'000);
  }
}

void RunningChild::send(int signal) const { state_->child.send(signal); }

}  // namespace ksv
