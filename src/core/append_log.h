// konserve's append-only logs: a linked list of blobs under one key.
#pragma once

#include <functional>

#include "ksv/env.h"
#include "ksv/store.h"

namespace ksv {

// The head of a log is `[:append-log LAST FIRST]` under the log's key; each element is
// `{:next ID-or-nil, :elem E}` under its own random id (doc/format.md, "Append logs").

// Appends one element. Safe among ksv appenders on stores with conditional writes: elements are
// linked by compare-and-set, as in the queue of Michael and Scott (PODC 1996), so none is lost and
// none is linked twice. If the process dies between, the element is either in the log or an orphan
// that nothing refers to. kUsage when the key holds something other than a log.
Status append_to_log(Store& store, const Value& key, const Value& element, Env& env, Call& call);

// Calls `each` with the elements, first to last. False when the key is absent.
Result<bool> each_log_element(Store& store, const Value& key,
                              const std::function<Status(const Value& element)>& each);

}  // namespace ksv
