// Settling by the history that a store keeps, where the bytes of a value cannot name their write.
#pragma once

#include <functional>

#include "ksv/env.h"
#include "ksv/store.h"

namespace ksv {

// Reads a stored state as the layout at hand does.
using DecodeStored = std::function<Result<Entry>(const Stored& stored)>;

// Writes and settles, where capabilities().history; the outcomes are those of settle_write
// (core/settle.h). A lost answer is looked up in the history; where that says "not yet", the same
// write is sent again under the same precondition. So is a refusal by an error, which something on
// the way may have made up. That the precondition was not met is believed, unless the history names
// writes: then it is looked up, too, since a request that something on the way delivered twice
// answers with a refusal to its own success. Where it does not name them that would be in vain:
// losers of a race for a counter all wrote what the winner wrote.
Result<PutOutcome> write_by_history(Backend& backend, const KeyWrite& write,
                                    const Precondition& precondition, const DecodeStored& decode,
                                    Env& env);

}  // namespace ksv
