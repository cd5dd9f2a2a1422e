// The update loop: read, compute, write if nobody was first, and again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "ksv/env.h"
#include "ksv/store.h"

namespace ksv {

struct UpdateOptions {
  // Rounds lost to others before giving up with kContention; nothing: until the deadline.
  std::optional<std::uint32_t> conflict_retries{};
  bool must_exist = false;       // an absent key is an answer (nothing), not nil
  bool skip_equal = false;       // a new value equal to the old one is not written
  bool dry_run = false;          // compute only
  Precondition require = Any{};  // judged in each round; not met is an answer (nothing)
};

// What an update did. `old_value` is nil where the key was absent; `new_value` is as it was
// written, with what the store added.
struct Updated {
  Value old_value;
  Value new_value;
  bool was_absent = false;
  bool written = false;  // false for a dry run, and for an equal value that was skipped
  Version version;       // of the new state, or the state found when nothing was written
  std::uint32_t rounds = 1;
};

// What the loop is asked to apply: the present state (null: absent) and the round, from 1, to the
// new value. Must be pure in effect: after a lost race it is called again with what the winner
// wrote.
using Compute = std::function<Result<Value>(const Entry* present, std::uint32_t round)>;

// Applies `compute` atomically to the value under `key`. Guarantee: when it returns a value with
// `written`, exactly one write took effect, computed from the state it replaced; on any error with
// Effect::kNone the key is as others left it. Returns nothing when must_exist or require was not
// met. kContention when the rounds ran out, kDeadline when time did.
Result<std::optional<Updated>> update_value(Store& store, const Value& key, const Compute& compute,
                                            const UpdateOptions& options, Env& env, Call& call);

// Compare-and-set by value: writes `new_value` if the present value equals `old_value` (Clojure's
// `=`). Returns whether it was written, and the version to go on from.
Result<std::optional<Version>> cas_value(Store& store, const Value& key, const Value& old_value,
                                         const Value& new_value, Env& env, Call& call);

inline constexpr std::chrono::milliseconds kBackoffMax{2'000};

// The pause before round `round` (2, 3 ...): full jitter over a capped exponential of `first`
// (Amazon Builders' Library, "Timeouts, retries and backoff with jitter"). Zero when first is zero.
std::chrono::milliseconds backoff(std::chrono::milliseconds first, std::uint32_t round, Env& env,
                                  std::chrono::milliseconds longest = kBackoffMax);

// The cap between writers of one key: 64 times what the lost write took, since a store that answers
// sooner lets more writers through in a second; at least 4 times `first`, at most kBackoffMax.
std::chrono::milliseconds longest_backoff(std::chrono::milliseconds first,
                                          std::chrono::milliseconds took);

}  // namespace ksv
