// The rounds of one write that is settled by history.
#include "core/settle_history.h"

#include <utility>

#include "base/refused_write.h"
#include "core/update.h"

namespace ksv {
namespace {

// Each round is a send and a look into the history; what is in doubt after so many stays so.
constexpr std::uint32_t kRoundsMax = 4;
constexpr std::chrono::milliseconds kPauseFirst{50};

class HistoryRounds {
 public:
  HistoryRounds(Backend& backend, const KeyWrite& write, const Precondition& precondition,
                const DecodeStored& decode)
      : backend_(backend),
        write_(write),
        precondition_(precondition),
        decode_(decode),
        mark_(backend.history_mark()) {}

  // The outcome; nothing where the write may be sent again.
  Result<std::optional<PutOutcome>> run() {
    auto outcome = backend_.write(write_.key, write_.bytes, precondition_, write_.id);
    refusal_.reset();
    conflict_ = {};
    if (!outcome.has_value()) {
      KSV_CHECK(note_error(outcome.error()));
    } else if (auto* written = std::get_if<Written>(&*outcome)) {
      Put done{std::move(written->version)};
      if (written->bytes) {
        // It took effect, whether it can be shown or not.
        auto entry = decode_({*std::move(written->bytes), done.version});
        if (entry.has_value()) done.value = std::move(entry->value);
      }
      return put(std::move(done));
    } else {
      const Conflict& conflict = *std::get_if<Conflict>(&*outcome);
      doubtful_ = doubtful_ || conflict.doubtful;
      const bool believed = !doubtful_ && !backend_.capabilities().history_names_writes;
      if (believed || conflict.settled) return refused(conflict.winner_known, conflict.winner);
      conflict_ = conflict;
    }
    return look();
  }

  Error unknown(const std::string& why) const {
    return Error(ErrorCode::kUnavailable, "it is unknown whether the write took effect: " + why,
                 Effect::kUnknown)
        .with_hint("Look with ksv get --meta; with settle=sidecar etcd can tell for sure");
  }
  bool is_doubtful() const { return doubtful_; }
  const std::string& why() const { return why_; }

 private:
  static Result<std::optional<PutOutcome>> put(Put put) {
    return std::optional<PutOutcome>(std::move(put));
  }

  Result<std::optional<PutOutcome>> refused(bool known, const std::optional<Stored>& present) {
    Refused refused{.present_known = known};
    if (present) refused.present = KSV_TRY(decode_(*present));
    return std::optional<PutOutcome>(std::move(refused));
  }

  // What is there is certainly not what this write would have made.
  static bool is_other(const Settled& settled) {
    return settled.present_known && !settled.version.token.empty() &&
           !(settled.present && settled.present->version == settled.version);
  }

  // An error is the outcome where nothing is in doubt.
  Status note_error(const Error& error) {
    if (error.effect() == Effect::kUnknown || doubtful_) {
      doubtful_ = true;
      why_ = error.message();
      return ok();
    }
    if (!error.is_refused_write()) return error;
    refusal_ = error;
    return ok();
  }

  Result<std::optional<PutOutcome>> look() {
    auto settled = backend_.settle(write_, precondition_, mark_);
    if (!settled.has_value()) {
      const Error& reading = settled.error();
      if (refusal_ && is_same_refusal(*refusal_, reading)) return *refusal_;
      return unknown(why_ + "; " + reading.message());
    }
    switch (settled->fate) {
      case Settled::Fate::kApplied: {
        const bool is_present = settled->present && settled->present->version == settled->version;
        const ResolvedBy how = is_present ? ResolvedBy::kReadBack : ResolvedBy::kLineage;
        return put(Put{std::move(settled->version), how});
      }
      case Settled::Fate::kNever:
        if (refusal_) return *refusal_;
        if (settled->present_known) return refused(true, settled->present);
        return refused(conflict_.winner_known, conflict_.winner);
      case Settled::Fate::kNotYet:
        if (refusal_) return *refusal_;
        // It may still arrive, and would do so whatever is there then.
        if (doubtful_ && std::holds_alternative<Any>(precondition_)) return unknown(why_);
        return std::optional<PutOutcome>();
      case Settled::Fate::kUnknown:
        if (refusal_ && is_other(*settled)) return *refusal_;
        break;
    }
    return unknown(why_ + "; " + settled->why);
  }

  Backend& backend_;
  const KeyWrite& write_;
  const Precondition& precondition_;
  const DecodeStored& decode_;
  const std::string mark_;
  bool doubtful_ = false;  // an attempt got no answer: it may have taken effect, or may yet
  std::string why_ = "it was refused";
  Conflict conflict_{};             // the refusal of the last, where it said "not met"
  std::optional<Error> refusal_{};  // what the service said to the last, other than "not met"
};

}  // namespace

Result<PutOutcome> write_by_history(Backend& backend, const KeyWrite& write,
                                    const Precondition& precondition, const DecodeStored& decode,
                                    Env& env) {
  const SignalHold hold(env);
  HistoryRounds rounds(backend, write, precondition, decode);
  for (std::uint32_t round = 1; round <= kRoundsMax; ++round) {
    auto outcome = KSV_TRY(rounds.run());
    if (outcome) return *std::move(outcome);
    env.sleep(backoff(kPauseFirst, round + 1, env));
  }
  if (rounds.is_doubtful()) return rounds.unknown(rounds.why());
  // The store refuses although the state is the one asked for: nothing was written.
  return PutOutcome(Refused{});
}

}  // namespace ksv
