// Paths as v3's keys: what lies under a directory, and what is above a key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ksv/result.h"

namespace ksv::etcd {

// kUsage unless the path is "/", or names after slashes without a slash at its end.
Status check_path(const std::string& path);

// "/a/" of "/a"; "/" of the root. The marker of the directory, and what all its keys begin with.
std::string directory_key(const std::string& path);

// The first key after all that begin with `prefix`; "\0" where there is none, which stands for the
// end of all keys.
std::string range_end_of(std::string prefix);

// "/a" and "/a/b" of "/a/b/c".
std::vector<std::string> paths_above(const std::string& path);

// Whether a name on the way from the directory to the key begins with "_": then v2 shows it in no
// listing of that directory, nor of those above.
bool is_hidden_below(std::string_view directory_key, std::string_view key);

// Whether the key reads as a path or a marker: it begins with a slash and has no empty names.
bool is_path_key(std::string_view key);

}  // namespace ksv::etcd
