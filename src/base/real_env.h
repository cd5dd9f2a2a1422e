// The Env of a running program: the system's clocks, randomness, environment and files.
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "ksv/env.h"
#include "ksv/http.h"

#include "base/real_files.h"

namespace ksv {

// May be used from several threads at once, as long as nobody changes the environment.
class RealEnv final : public Env {
 public:
  using MakeHttp = std::function<std::unique_ptr<Http>(Env&)>;
  // `make_http` is called once, when HTTP is first asked for; without it nobody may ask.
  explicit RealEnv(MakeHttp make_http = {}) : make_http_(std::move(make_http)) {}

  std::int64_t wall_ms() override;
  std::chrono::milliseconds monotonic() override;
  void sleep(std::chrono::microseconds duration) override;
  void random(std::span<std::uint8_t> fill) override;
  std::optional<std::string> variable(std::string_view name) override;
  Files& files() override { return files_; }
  Http& http() override;
  int signalled() override;

 protected:
  void hold_signals(bool hold) override;

 private:
  RealFiles files_;
  MakeHttp make_http_;
  std::once_flag http_made_;
  std::unique_ptr<Http> http_;
};

}  // namespace ksv
