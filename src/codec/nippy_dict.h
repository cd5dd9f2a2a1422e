// The shared dictionary of Nippy 3.9: values that frozen bytes refer to without holding them.
#pragma once

#include <cstdint>

#include "ksv/result.h"
#include "ksv/value.h"

namespace ksv::nippy {

// Keywords and strings in a vector; kUsage for anything else.
Status check_dict(const Value& dict);

// By which frozen bytes name the dictionary they were made with. The entries are checked.
std::uint64_t dict_fingerprint(const Values& entries);

}  // namespace ksv::nippy
