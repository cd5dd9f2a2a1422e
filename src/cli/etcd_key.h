// Keys of etcd as they are typed: paths, or EDN that stands for one.
#pragma once

#include <string>
#include <string_view>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::cli {

// "/cats/mittens", "cats/mittens", '[:cats :mittens]', ':cats', "" and "nil" for the root: the path
// within the store, "/" or "/a/b". A keyword or symbol stands for its name, a number for its
// digits, a sequence for its parts in turn; strings may hold slashes of their own. With
// `string_keys` the operand is the path as it stands. kUsage.
Result<std::string> read_etcd_path(std::string_view operand, bool string_keys);

// The same of an EDN value.
Result<std::string> etcd_path_of(const Value& key);

}  // namespace ksv::cli
