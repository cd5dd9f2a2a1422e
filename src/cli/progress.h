// A line of progress on standard error, for long work on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace ksv::cli {

class Session;

// Shows "VERB  N MB  M MB/s" once the work has lasted over a second, only when standard error is a
// terminal and --quiet is not given; the line is wiped at the end.
class Progress {
 public:
  Progress(std::string_view verb, Session& session);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void add(std::uint64_t bytes);

 private:
  std::string_view verb_;
  Session& session_;
  bool wanted_;
  bool shown_ = false;
  std::uint64_t bytes_ = 0;
  std::chrono::milliseconds started_;
  std::chrono::milliseconds next_;
};

}  // namespace ksv::cli
