// Several keys in one command: atomic where the store can, one by one where not.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ksv/store.h"

namespace ksv {

// What became of one key of many.
struct ManyFailure {
  Value key;
  Error error;
};

// The keys that are there, with their values, in the order asked for. Each read is atomic for its
// key; together they are no snapshot unless the store is atomic over many keys.
Result<std::vector<KeyValue>> get_many(Store& store, const Values& keys);

// Writes all pairs. Where capabilities().many_atomic, all or nothing; else each for
// itself, in no order, going on after a failure, and the failures are returned. kUsage when a key
// is named twice.
Result<std::vector<ManyFailure>> put_many(Store& store, const std::vector<KeyValue>& pairs);

struct Removed {
  std::vector<std::pair<Value, bool>> existed;  // what was removed, and whether it had been there
  std::vector<ManyFailure> failures;
};
Result<Removed> remove_many(Store& store, const Values& keys);

}  // namespace ksv
