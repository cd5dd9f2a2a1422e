// Which writes a blob descends from: the trace by which a write is found whose answer was lost.
#pragma once

#include <optional>
#include <string>

#include "ksv/backend.h"
#include "ksv/value.h"

namespace ksv {

// On stores whose answers can be lost, the metadata of each blob carries, beside its own :revision,
// the revisions of the writes before it under :ksv/lineage, oldest first, its own last. A nil in
// front stands for "the key was absent". konserve carries the key along in its updates, and drops
// it in a plain assoc.
inline constexpr std::size_t kLineageMax = 32;
Value lineage_key();

// What a write followed.
struct Origin {
  enum class Kind { kUnknown, kAbsent, kRevision };
  Kind kind = Kind::kUnknown;
  std::string revision{};  // kRevision
};
Origin origin_of(const Value& meta);
// As far as the precondition makes sure of it: an unconditional write may replace anything, so it
// must not claim to follow what was read before. `base`: the metadata of the state read, or null.
Origin origin_under(const Precondition& precondition, const Value* base);

// The lineage of a write with `revision`. `base` is the metadata of the state that it replaces, and
// null where that is not known or absent.
Value lineage_after(const Value* base, const Origin& origin, const std::string& revision);

// What the metadata of the present state tells of a write that followed `origin`.
enum class Trace {
  kPresent,   // the present state is this write
  kFollowed,  // it took effect, and others followed
  kNever,     // another write took its place: it did not take effect and never can
  kNone,      // no telling
};
Trace trace_write(const Value& meta, const Origin& origin, const std::string& revision);

}  // namespace ksv
