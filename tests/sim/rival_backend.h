// A backend among rivals: before and after each call, others may do whole operations of their own,
// and the call itself may fail; all of it from one seed.
#pragma once

#include <functional>
#include <random>

#include "ksv/backend.h"

namespace ksv::testing {

struct Fate {
  unsigned fail_before = 0;   // percent: fails without effect
  unsigned fail_after = 0;    // percent: takes effect, then its answer is lost (Effect::kUnknown)
  unsigned hide_winner = 50;  // percent: a refusal comes without the winner, as S3 gives it
  bool remote = false;        // the backend says that its answers can be lost
  unsigned twice = 0;         // percent: delivered twice, and the second answer passed on
  unsigned late = 0;          // percent: fails in doubt, and takes effect before a later call
};

class RivalBackend final : public Backend {
 public:
  // `rival` is called where others may act; it works on `inner` directly.
  RivalBackend(Backend& inner, std::mt19937_64& dice, Fate fate, std::function<void()> rival)
      : inner_(inner),
        dice_(dice),
        fate_(fate),
        rival_(std::move(rival)),
        capabilities_(inner.capabilities()) {
    capabilities_.remote = fate.remote;
  }

  const Capabilities& capabilities() const override { return capabilities_; }
  Result<std::optional<Stored>> read(const std::string& key) override;
  Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                          std::uint64_t length) override;
  Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                             const ByteSink& sink) override;
  Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                             const Precondition& precondition, const WriteId& id) override;
  Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                    const Precondition& precondition, const WriteId& id) override;
  Result<RemoveOutcome> remove(const std::string& key, const Precondition& precondition) override;
  Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) override;

 private:
  bool chance(unsigned percent) { return dice_() % 100 < percent; }
  // Others act, and what was delayed may arrive.
  void let_others_act();

  Backend& inner_;
  std::mt19937_64& dice_;
  Fate fate_;
  std::function<void()> rival_;
  Capabilities capabilities_;
  std::function<void()> delayed_;
};

}  // namespace ksv::testing
