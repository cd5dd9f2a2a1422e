// A store of values: what commands work on. Every backend and layout gives one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ksv/backend.h"
#include "ksv/codec.h"
#include "ksv/value.h"

namespace ksv {

// A key's value with what goes with it.
struct Entry {
  Value value;
  Value meta;                          // a map; konserve: :key :type :last-write :revision ...
  Version version;                     // for --if-match
  std::optional<BlobHeader> header{};  // how the blob is written; konserve layout only
};

// How a value is to be written.
struct PutOptions {
  Precondition precondition = Any{};
  // The state the value was computed from: its metadata is carried forward as konserve does, and
  // its encoding where the store's configuration names none. Null: metadata is made anew.
  const Entry* base = nullptr;
  // konserve's :type, and its :key where that is not the key itself (elements of append logs).
  std::string type = "edn";
  const Value* meta_key = nullptr;
};

struct KeyValue {
  Value key;
  Value value;
};

// A write that took effect. `version` is what --print-version prints: of the state it made; empty
// where others followed before it was known (kLineage).
struct Put {
  Version version;
  ResolvedBy resolved_by = ResolvedBy::kAnswer;
  // The value as it is now, where that may be more than was given, as an item with its key.
  std::optional<Value> value{};
};
// The precondition did not hold. `present` is the state that made it fail, when it is known.
struct Refused {
  bool present_known = false;
  std::optional<Entry> present{};
};
using PutOutcome = std::variant<Put, Refused>;

// Values by key. Each method is atomic for its key. No method resends a write that may have taken
// effect; PutOutcome is exact, else the error says Effect::kUnknown.
class Store {
 public:
  virtual ~Store() = default;
  virtual const Capabilities& capabilities() const = 0;

  virtual Result<std::optional<Entry>> get(const Value& key) = 0;
  // What get gives of each key, in their order, in as few requests as there may be. Called only
  // where capabilities().reads_many. No snapshot.
  virtual Result<std::vector<std::optional<Entry>>> get_many(const Values& keys);
  // The metadata alone, without decoding the value: Entry::value is nil, and the version may be
  // empty where it is not known without reading the rest.
  virtual Result<std::optional<Entry>> get_meta(const Value& key) = 0;
  virtual Result<bool> exists(const Value& key) = 0;

  // Writes `value` if the precondition holds, in one atomic step.
  virtual Result<PutOutcome> put(const Value& key, const Value& value,
                                 const PutOptions& options) = 0;
  // Several at once, all or nothing. Called only where capabilities().many_atomic.
  virtual Result<std::vector<Version>> put_many(const std::vector<KeyValue>& pairs) = 0;
  virtual Result<std::vector<bool>> remove_many(const Values& keys) = 0;
  virtual Result<RemoveOutcome> remove(const Value& key, const Precondition& precondition) = 0;

  // Calls `each` for every key with its metadata (Entry::value is nil), in no order, as pages come,
  // from any thread but never from two at the same time.
  // What cannot be read is told to `unreadable`, and the walk goes on.
  virtual Status each_key(
      const std::function<Status(const Value& key, const Entry& entry)>& each,
      const std::function<void(const std::string& name, const Error&)>& unreadable) = 0;

  // Raw bytes, streamed. get_bytes returns nothing when the key is absent. konserve: the value
  // section as it is stored.
  virtual Result<std::optional<Entry>> get_bytes(const Value& key, const ByteSink& sink) = 0;
  virtual Result<PutOutcome> put_bytes(const Value& key, const ByteSource& source,
                                       const Precondition& precondition) = 0;
};

}  // namespace ksv
