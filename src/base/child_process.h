// Running another program: its input from memory, its output into memory, bounded in time and size.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ksv/bytes.h"
#include "ksv/env.h"
#include "ksv/result.h"

namespace ksv {

struct ChildRequest {
  std::vector<std::string> words;  // the program, looked for on PATH, and its arguments; no shell
  std::vector<std::pair<std::string, std::string>> variables{};  // added to our own environment
  BytesView input{};
  std::size_t output_max = 0;
};

struct ChildResult {
  Bytes output;
  int status = 0;  // the exit status, or 128 + the signal that ended it
  int signal = 0;  // the signal that ended it
};

// Standard error is shared with ours. The child is killed when the deadline passes (kDeadline),
// when it prints more than output_max (kFunction), and when our process ends, with all that it
// has started unless we run at a terminal. A
// program that cannot be started is kUsage. A child that does not read its input is no error.
Result<ChildResult> run_child(const ChildRequest& request, const Deadline& deadline);

// A program that runs beside us and prints where we print. It is killed as that of run_child when
// we let go of it or end.
class RunningChild {
 public:
  enum class Input { kGiven, kOurs };  // the request's, or what we were given ourselves
  // `output_max` means nothing. kUsage: it cannot be started.
  static Result<RunningChild> start(const ChildRequest& request, Input input);
  RunningChild(RunningChild&& other) noexcept;
  RunningChild& operator=(RunningChild&& other) noexcept;
  ~RunningChild();

  // Feeds it its input and waits for its end; nothing: it goes on. A signal may end the wait early.
  std::optional<ChildResult> wait(const Deadline& deadline);
  void send(int signal) const;

 private:
  struct State;
  explicit RunningChild(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ksv
