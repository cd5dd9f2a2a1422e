// The rounds of settling one write.
#include "core/settle.h"

#include <algorithm>
#include <utility>

#include "base/refused_write.h"
#include "core/update.h"

namespace ksv {
namespace {

// Each round is a send with its own repeats and a read; what is in doubt after so many stays so.
constexpr std::uint32_t kRoundsMax = 4;
constexpr std::chrono::milliseconds kPauseFirst{50};

// The state that the precondition asks for is still there: the write has not happened, so far.
bool is_before(const Precondition& precondition, const std::optional<Entry>& present) {
  if (std::holds_alternative<Absent>(precondition)) return !present;
  const Match* match = std::get_if<Match>(&precondition);
  return match != nullptr && present && present->version == match->version;
}

Error unknown(const DoubtfulWrite& write, std::string why) {
  return Error(ErrorCode::kUnavailable, "it is unknown whether the write took effect: " + why,
               Effect::kUnknown)
      .with_hint("It did if ksv get --meta shows the :revision \"" + write.revision +
                 "\", or has it in :ksv/lineage")
      .with_detail("revision", write.revision);
}

// What is known of the attempts so far.
struct Attempts {
  bool doubtful = false;  // one got no answer: it may have taken effect, or may yet
  std::string why = "an attempt got no usable answer";
  std::optional<Error> refusal{};  // what the service said to the last, other than "not met"
};

// Takes note of an attempt; its outcome where nothing has to be read back.
std::optional<Result<PutOutcome>> note(Result<WriteOutcome> outcome, Attempts& attempts) {
  attempts.refusal.reset();
  if (outcome.has_value()) {
    if (Written* written = std::get_if<Written>(&*outcome)) {
      return PutOutcome(Put{std::move(written->version)});
    }
    attempts.doubtful = attempts.doubtful || std::get_if<Conflict>(&*outcome)->doubtful;
    return std::nullopt;
  }
  const Error& error = outcome.error();
  const bool unsure = error.effect() == Effect::kUnknown;
  if (!unsure && !attempts.doubtful) {
    if (!error.is_refused_write()) return std::move(outcome).error();
    attempts.refusal = error;
    return std::nullopt;
  }
  attempts.doubtful = true;
  attempts.why = error.message();
  return std::nullopt;
}

// The state could not be read back. Even a clean refusal is worth nothing then.
Error unread(const DoubtfulWrite& write, const Attempts& attempts, const Error& reading) {
  if (attempts.refusal && is_same_refusal(*attempts.refusal, reading)) return *attempts.refusal;
  const std::string why = attempts.doubtful ? attempts.why : "it was refused, and cannot be read";
  return unknown(write, why + "; " + reading.message());
}

// What one reading back tells; nothing where the write may be sent again.
std::optional<Result<PutOutcome>> judge(const DoubtfulWrite& write, std::optional<Entry> present,
                                        const Attempts& attempts) {
  const Trace trace =
      present ? trace_write(present->meta, write.origin, write.revision) : Trace::kNone;
  switch (trace) {
    case Trace::kPresent:
      return PutOutcome(Put{std::move(present->version), ResolvedBy::kReadBack});
    case Trace::kFollowed: return PutOutcome(Put{Version{}, ResolvedBy::kLineage});
    case Trace::kNever:
    case Trace::kNone: break;
  }
  if (attempts.refusal) return *attempts.refusal;
  if (trace == Trace::kNever) return PutOutcome(Refused{true, std::move(present)});
  if (is_before(write.precondition, present) && write.can_send_again) return std::nullopt;
  if (attempts.doubtful) return unknown(write, attempts.why);
  return PutOutcome(Refused{true, std::move(present)});
}

}  // namespace

Result<PutOutcome> settle_write(const DoubtfulWrite& write, Env& env) {
  // The bytes of a stream may come from somebody who is to be interrupted.
  std::optional<SignalHold> hold;
  if (write.can_send_again) hold.emplace(env);
  Attempts attempts;
  for (std::uint32_t round = 1; round <= kRoundsMax; ++round) {
    if (auto known = note(write.send(), attempts)) return *std::move(known);
    if (!hold) hold.emplace(env);
    auto present = write.read();
    if (!present.has_value()) return unread(write, attempts, present.error());
    if (auto verdict = judge(write, *std::move(present), attempts)) return *std::move(verdict);
    env.sleep(backoff(kPauseFirst, round + 1, env));
  }
  if (attempts.doubtful) return unknown(write, attempts.why);
  // The store refuses although the state is the one asked for: nothing was written.
  return PutOutcome(Refused{});
}

}  // namespace ksv
