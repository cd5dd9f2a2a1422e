// The Env of a running program: the system's clocks, randomness, environment and files.
#pragma once

#include "ksv/env.h"

#include "base/real_files.h"

namespace ksv {

// May be used from several threads at once, as long as nobody changes the environment.
class RealEnv final : public Env {
 public:
  std::int64_t wall_ms() override;
  std::chrono::milliseconds monotonic() override;
  void sleep(std::chrono::microseconds duration) override;
  void random(std::span<std::uint8_t> fill) override;
  std::optional<std::string> variable(std::string_view name) override;
  Files& files() override { return files_; }

 private:
  RealFiles files_;
};

}  // namespace ksv
