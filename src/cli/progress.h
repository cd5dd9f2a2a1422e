// A line of progress on standard error, for long work on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace ksv::cli {

class Session;

// Shows "VERB  N MB  M MB/s", or "VERB  N keys  M/s", once the work has lasted over a second, only
// when standard error is a terminal and --quiet is not given; the line is wiped at the end.
class Progress {
 public:
  enum class Unit { kBytes, kKeys };
  Progress(std::string_view verb, Session& session, Unit unit = Unit::kBytes);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void add(std::uint64_t count) { set(count_ + count); }
  void set(std::uint64_t count);

 private:
  std::string_view verb_;
  Session& session_;
  Unit unit_;
  bool wanted_;
  bool shown_ = false;
  std::uint64_t count_ = 0;
  std::chrono::milliseconds started_;
  std::chrono::milliseconds next_;
};

}  // namespace ksv::cli
