// The update loop.
//
// The problem: a store offers single reads and conditional writes, and anybody may write between
// the two. The loop reads the state, computes the new value from it and writes on the condition
// that the state is still the one it read; if another was first, it begins again from the other's
// value. Each round ends in exactly one of: written, refused (nothing changed), or an error whose
// Effect says which of the two it may be. An error of unknown effect ends the loop: computing again
// could apply the function twice. A refusal may carry the winner, which saves the read of the next
// round.
#include "core/update.h"

#include <algorithm>
#include <utility>

namespace ksv {
namespace {

// How much longer than a write a pause may become: about as many writers take turns then.
constexpr int kWritesInPauseMax = 64;
// A state that was read so long ago may as well be the present one.
constexpr std::chrono::milliseconds kFreshFor{5};

Precondition precondition_of(const std::optional<Entry>& present) {
  if (!present) return Absent{};
  return Match{present->version};
}

bool is_met(const Precondition& precondition, const std::optional<Entry>& present) {
  if (std::holds_alternative<Absent>(precondition)) return !present;
  if (const auto* match = std::get_if<Match>(&precondition)) {
    return present && present->version == match->version;
  }
  return true;
}

Error out_of_rounds(std::uint32_t rounds, const Deadline& deadline) {
  if (deadline.passed()) {
    return Error(ErrorCode::kContention, "others kept winning for " + std::to_string(rounds) +
                                             " rounds until the time was up")
        .with_hint("Nothing was written. Give more time with --timeout");
  }
  return Error(ErrorCode::kContention,
               "others kept winning for " + std::to_string(rounds) + " rounds")
      .with_hint("Nothing was written. Allow more with --conflict-retries");
}

// Counts the lost round, and waits before the next; an error when there is none. The pause comes
// back. A race that was lost once with a fresh winner in hand is begun again at once.
Result<std::chrono::milliseconds> begin_next_round(const UpdateOptions& options, const Store& store,
                                                   std::uint32_t round, bool winner_known,
                                                   std::chrono::milliseconds took, Env& env,
                                                   Call& call) {
  ++call.stats.conflicts;
  if (call.log) call.log("lost round " + std::to_string(round) + " to another writer");
  if (options.conflict_retries && round > *options.conflict_retries) {
    return out_of_rounds(round, call.deadline);
  }
  if (env.cancelled()) {
    return Error(ErrorCode::kCancelled, "interrupted by a signal").with_hint("Nothing was written");
  }
  const Capabilities& can = store.capabilities();
  const bool at_once = round == 1 && winner_known && can.refusal_has_winner;
  const auto pause = at_once ? std::chrono::milliseconds(0)
                             : backoff(can.contention_wait, round + 1, env,
                                       longest_backoff(can.contention_wait, took));
  env.sleep(std::min(pause, call.deadline.left()));
  if (call.deadline.passed()) return out_of_rounds(round, call.deadline);
  return pause;
}

// The state for the next round: the winner that came with the refusal, or a fresh read. Where races
// are lost again and again, a winner has been written over by the time that a pause has passed: a
// write from it would be lost for sure (a hundred writers of one counter: three times as many
// writes, ten times as long).
Result<std::optional<Entry>> next_state(const UpdateOptions& options, Store& store,
                                        const Value& key, std::uint32_t round, Refused refused,
                                        std::chrono::milliseconds took, Env& env, Call& call) {
  const auto pause =
      KSV_TRY(begin_next_round(options, store, round, refused.present_known, took, env, call));
  const bool is_stale = round > 1 && pause > kFreshFor;
  if (refused.present_known && !is_stale) return std::move(refused.present);
  return store.get(key);
}

}  // namespace

std::chrono::milliseconds longest_backoff(std::chrono::milliseconds first,
                                          std::chrono::milliseconds took) {
  return std::min(kBackoffMax, std::max(4 * first, kWritesInPauseMax * took));
}

std::chrono::milliseconds backoff(std::chrono::milliseconds first, std::uint32_t round, Env& env,
                                  std::chrono::milliseconds longest) {
  if (first.count() == 0) return first;
  const std::uint32_t doublings = std::min<std::uint32_t>(round - 2, 20);
  const auto ceiling = std::min(longest, first * (std::int64_t{1} << doublings));
  std::uint64_t random = 0;
  env.random({reinterpret_cast<std::uint8_t*>(&random), sizeof random});
  return std::chrono::milliseconds(random % (static_cast<std::uint64_t>(ceiling.count()) + 1));
}

Result<std::optional<Updated>> update_value(Store& store, const Value& key, const Compute& compute,
                                            const UpdateOptions& options, Env& env, Call& call) {
  std::optional<Entry> present = KSV_TRY(store.get(key));
  for (std::uint32_t round = 1;; ++round) {
    if (options.must_exist && !present) return std::optional<Updated>();
    if (!is_met(options.require, present)) return std::optional<Updated>();
    Value new_value = KSV_TRY(compute(present ? &*present : nullptr, round));
    Updated updated{.old_value = present ? present->value : Value(),
                    .new_value = std::move(new_value),
                    .was_absent = !present,
                    .version = present ? present->version : Version{},
                    .rounds = round};
    const bool unchanged = options.skip_equal && present && updated.new_value == present->value;
    if (unchanged || options.dry_run) return std::optional<Updated>(std::move(updated));

    const auto began = env.monotonic();
    PutOutcome outcome = KSV_TRY(store.put(
        key, updated.new_value,
        {.precondition = precondition_of(present), .base = present ? &*present : nullptr}));
    if (auto* put = std::get_if<Put>(&outcome)) {
      updated.written = true;
      updated.version = std::move(put->version);
      if (put->value) updated.new_value = *std::move(put->value);
      return std::optional<Updated>(std::move(updated));
    }
    present =
        KSV_TRY(next_state(options, store, key, round, std::move(*std::get_if<Refused>(&outcome)),
                           env.monotonic() - began, env, call));
  }
}

Result<std::optional<Version>> cas_value(Store& store, const Value& key, const Value& old_value,
                                         const Value& new_value, Env& env, Call& call) {
  std::optional<Entry> present = KSV_TRY(store.get(key));
  for (std::uint32_t round = 1;; ++round) {
    if (!present || !(present->value == old_value)) return std::optional<Version>();
    const auto began = env.monotonic();
    PutOutcome outcome = KSV_TRY(
        store.put(key, new_value, {.precondition = Match{present->version}, .base = &*present}));
    if (auto* put = std::get_if<Put>(&outcome)) {
      return std::optional<Version>(put->version);
    }
    // Another write came between, perhaps of an equal value: only the values decide.
    present = KSV_TRY(next_state({}, store, key, round, std::move(*std::get_if<Refused>(&outcome)),
                                 env.monotonic() - began, env, call));
  }
}

}  // namespace ksv
