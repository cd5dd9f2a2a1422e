// Settling: finding out whether a write took effect, where answers can be lost.
#pragma once

#include <functional>
#include <string>

#include "ksv/env.h"
#include "ksv/store.h"

#include "core/lineage.h"

namespace ksv {

// A write and the means to settle it.
struct DoubtfulWrite {
  Precondition precondition;
  Origin origin;         // of the state that it replaces
  std::string revision;  // its WriteId, which its bytes carry as :revision
  // Sends the same bytes under the same precondition; called again only where that is safe.
  std::function<Result<WriteOutcome>()> send;
  bool can_send_again = true;  // false where the bytes came from a stream
  // The present state, at least its metadata and version.
  std::function<Result<std::optional<Entry>>()> read;
};

// Sends the write and settles it (doc/outcomes.md). The outcome is exact:
//   Put      it took effect, once;
//   Refused  it did not, and never will; `present` is what stood in its way;
//   error    with Effect::kNone it did not; with kUnknown its fate could not be established.
// After a lost answer the state is read back. Found there, or in the lineage, the write took
// effect. If the state is still the one before, the same write is sent again: the precondition lets
// it succeed only once. A clean refusal is read back, too, be it "not met" or an error, since a
// request that something on the way delivered twice answers with a refusal to its own success.
Result<PutOutcome> settle_write(const DoubtfulWrite& write, Env& env);

}  // namespace ksv
