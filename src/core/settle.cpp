// The rounds of settling one write.
#include "core/settle.h"

#include <algorithm>
#include <utility>

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

// What one reading back tells; nothing where the write may be sent again.
std::optional<Result<PutOutcome>> judge(const DoubtfulWrite& write, std::optional<Entry> present,
                                        bool doubtful, const std::string& why) {
  const Trace trace =
      present ? trace_write(present->meta, write.origin, write.revision) : Trace::kNone;
  switch (trace) {
    case Trace::kPresent:
      return PutOutcome(Put{std::move(present->version), ResolvedBy::kReadBack});
    case Trace::kFollowed: return PutOutcome(Put{Version{}, ResolvedBy::kLineage});
    case Trace::kNever: return PutOutcome(Refused{true, std::move(present)});
    case Trace::kNone: break;
  }
  if (is_before(write.precondition, present) && write.can_send_again) return std::nullopt;
  if (doubtful) return unknown(write, why);
  return PutOutcome(Refused{true, std::move(present)});
}

}  // namespace

Result<PutOutcome> settle_write(const DoubtfulWrite& write, Env& env) {
  // The bytes of a stream may come from somebody who is to be interrupted.
  std::optional<SignalHold> hold;
  if (write.can_send_again) hold.emplace(env);
  bool doubtful = false;
  std::string why = "the answer was lost";
  for (std::uint32_t round = 1; round <= kRoundsMax; ++round) {
    Result<WriteOutcome> outcome = write.send();
    if (!outcome.has_value()) {
      const bool unsure = outcome.error().effect() == Effect::kUnknown;
      if (!unsure && !doubtful) return std::move(outcome).error();
      doubtful = true;
      why = outcome.error().message();
    } else if (Written* written = std::get_if<Written>(&*outcome)) {
      return PutOutcome(Put{std::move(written->version)});
    } else {
      doubtful = doubtful || std::get_if<Conflict>(&*outcome)->doubtful;
    }
    if (!hold) hold.emplace(env);
    auto present = write.read();
    if (!present.has_value()) {
      // Even a clean refusal is worth nothing unread.
      if (!doubtful) why = "it was refused, and the state could not be read back";
      return unknown(write, why + "; " + present.error().message());
    }
    auto verdict = judge(write, *std::move(present), doubtful, why);
    if (verdict) return *std::move(verdict);
    env.sleep(backoff(kPauseFirst, round + 1, env));
  }
  if (doubtful) return unknown(write, why);
  // The store refuses although the state is the one asked for: nothing was written.
  return PutOutcome(Refused{});
}

}  // namespace ksv
