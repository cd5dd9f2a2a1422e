// The contract of a backend: bytes under keys, with versions. A backend knows neither values nor
// the update loop, and presumes nothing about the wire.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ksv/call.h"
#include "ksv/stream.h"

namespace ksv {

// The state of one key at one time. Opaque; handed back word for word. Two states of a key with
// the same version hold the same bytes.
struct Version {
  std::string token;
  friend bool operator==(const Version&, const Version&) = default;
};

struct Stored {
  Bytes bytes;
  Version version;
};

// What must be true of the key at the moment of the write.
struct Any {};
struct Absent {};
struct Match {
  Version version;
};
using Precondition = std::variant<Any, Absent, Match>;

// Names one write, so that it can be found again when its answer is lost.
struct WriteId {
  std::string text;
};

struct Written {
  Version version;
  // What is stored, where that may be more than was given, as a version that was counted up.
  std::optional<Bytes> bytes{};
};
// The precondition was not met. When the refusal brought the present state along, `winner_known` is
// true and `winner` holds it (nothing: the key is absent), which saves the next read.
struct Conflict {
  bool winner_known = false;
  std::optional<Stored> winner{};
  // An earlier attempt of the same write got no answer, so this may be the refusal of its success.
  bool doubtful = false;
  // It is certain that this write did not take effect, not even by a copy of it.
  bool settled = false;
};
using WriteOutcome = std::variant<Written, Conflict>;

enum class RemoveOutcome { kRemoved, kWasAbsent, kConflict };

// A listed key may turn out to be absent when it is read. The figures are zero where the listing
// does not bring them along.
struct Listed {
  std::string key;
  std::uint64_t size = 0;
  std::int64_t modified_ms = 0;
};
struct Page {
  std::vector<Listed> entries;
  std::optional<std::string> next;  // token for the page after this one
};

// Part of a key's bytes. `size` is of the whole. The version is empty where a backend would have to
// read the rest to know it; a range that covers the whole always has one.
struct Range {
  Bytes bytes;
  std::uint64_t size = 0;
  Version version;
};

// What a backend promises beyond the contract. Callers ask here, never by the backend's name.
struct Capabilities {
  bool conditional_writes = true;   // Absent and Match are honoured on write
  bool conditional_removes = true;  // and on remove
  bool many_atomic = false;         // write_many and remove_many are all or nothing
  bool reads_many = false;          // read_many has many keys in one request
  bool versions_recur = false;      // a version may come back when the same bytes do
  bool sorted_listing = false;      // list yields keys in byte order
  // Answers can be lost, and requests delivered twice: no Conflict and no error of unknown effect
  // is believed before the state was read back (core/settle.h).
  bool remote = false;
  // The store keeps a history by which settle() tells what became of a write, in place of what its
  // bytes tell.
  bool history = false;
  // And every write leaves its WriteId there: settle() tells writes of equal bytes apart, so that
  // even a clean refusal is not believed before it was settled.
  bool history_names_writes = false;
  std::chrono::milliseconds contention_wait{0};  // a sensible first pause after a lost race
  // A refusal brings the winner along in its own answer: it is as fresh as a read would be, so that
  // a race lost once is begun again from it, without a pause.
  bool refusal_has_winner = false;
  std::string durability;  // what an acknowledged write has survived, in words for describe-store
};

// One item of write_many.
struct KeyWrite {
  std::string key;
  Bytes bytes;
  WriteId id;
};

// What became of a write, by the store's history.
struct Settled {
  enum class Fate {
    kApplied,  // it took effect; `version` is of the state that it made
    kNever,    // another write took its place: it did not take effect, and cannot any more
    kNotYet,   // it has not, so far; its precondition is met
    kUnknown,  // the history does not tell; `why` says what is in the way
  };
  Fate fate = Fate::kUnknown;
  Version version{};  // with kUnknown: what the state would have if it were this write's; or empty
  // The state, where it was read for this; nothing: absent.
  bool present_known = false;
  std::optional<Stored> present{};
  std::string why{};
};

// Bytes under keys. Keys are non-empty and, for file and S3, blob names such as "<uuid>.ksv". All
// methods may be called from several threads at once. Each is atomic for its key: a reader sees
// one write or another, never a mixture. Errors carry Effect::kUnknown only when a write was sent
// and its fate could not be established.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual const Capabilities& capabilities() const = 0;

  // The whole value, or nothing when the key is absent.
  virtual Result<std::optional<Stored>> read(const std::string& key) = 0;
  // Up to `length` bytes from `offset`; fewer where the value ends.
  virtual Result<std::optional<Range>> read_range(const std::string& key, std::uint64_t offset,
                                                  std::uint64_t length) = 0;
  // The first `length` bytes, for who walks over many keys: as read_range from 0, but the version
  // may be left out.
  virtual Result<std::optional<Range>> read_head(const std::string& key, std::uint64_t length) {
    return read_range(key, 0, length);
  }
  // What read gives of each key, in their order, in as few requests as there may be. No snapshot.
  virtual Result<std::vector<std::optional<Stored>>> read_many(
      const std::vector<std::string>& keys);
  // Streams the bytes from `offset` on into `sink`, all of one version, which it returns. Nothing
  // when the key is absent.
  virtual Result<std::optional<Version>> read_stream(const std::string& key, std::uint64_t offset,
                                                     const ByteSink& sink) = 0;

  // Writes if `precondition` holds, in one atomic step; else changes nothing and says Conflict.
  virtual Result<WriteOutcome> write(const std::string& key, BytesView bytes,
                                     const Precondition& precondition, const WriteId& id) = 0;
  // The same, with bytes that come as they are asked for, in constant memory. The precondition is
  // judged when the source has ended. An error of the source leaves the key as it was.
  virtual Result<WriteOutcome> write_stream(const std::string& key, const ByteSource& source,
                                            const Precondition& precondition,
                                            const WriteId& id) = 0;
  // Any removes whatever is there; Match only that version; Absent makes no sense here.
  virtual Result<RemoveOutcome> remove(const std::string& key,
                                       const Precondition& precondition) = 0;

  // Keys that begin with `prefix`. Keys written or removed meanwhile may or may not be listed.
  // `after` is the `next` of the page before, or nothing for the first.
  virtual Result<Page> list(const std::string& prefix, const std::optional<std::string>& after) = 0;

  // All or nothing, without preconditions. Called only where capabilities().many_atomic.
  virtual Result<std::vector<Version>> write_many(const std::vector<KeyWrite>& writes);
  virtual Result<std::vector<bool>> remove_many(const std::vector<std::string>& keys);

  // Both only where capabilities().history. A place in the history from which a write that is sent
  // after it can be looked for; empty where nothing is known, then all that is kept is looked at.
  virtual std::string history_mark();
  // What became of `write`, which was sent under `precondition` after `mark` was taken, and of
  // which nothing is under way any more as far as the caller knows.
  virtual Result<Settled> settle(const KeyWrite& write, const Precondition& precondition,
                                 const std::string& mark);
};

}  // namespace ksv
