// Paths into values: Clojure's get, get-in, assoc, assoc-in, and taking out at a path.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv {

// `(get collection key)`: in maps and records by key, in sets the element, in vectors by integer,
// in strings, byte strings and arrays by index, in uninterpreted tagged elements :tag and :form.
// Nothing where Clojure would give the default: also when `collection` is no collection.
std::optional<Value> get_value(const Value& collection, const Value& key);

// The value at the end of `path`; an empty path leads to `root` itself.
std::optional<Value> get_in(const Value& root, const Values& path);

// `(assoc collection key value)`: nil becomes a map; in a vector the key is an index of 0..count.
Result<Value> assoc_value(Value collection, const Value& key, Value value);

// Puts `value` at the end of `path`, making maps where there is nothing; an empty path replaces the
// root. An error says at which part of the path something stands that cannot hold the next key.
Result<Value> assoc_in(Value root, const Values& path, Value value);

// Replaces what is at the end of `path` (nil: nothing there) with what `update` makes of it.
Result<Value> update_in(Value root, const Values& path,
                        const std::function<Result<Value>(Value)>& update);

// Takes the last key of `path` out of the map or record (or the element out of the set) that holds
// it. Where there is nothing, nothing changes. `path` must not be empty.
Result<Value> dissoc_in(Value root, const Values& path);

// A path for messages: "[:a 0 \"b\"]", cut to limits::kExcerptChars.
std::string path_text(const Values& path);

}  // namespace ksv
