// Examining a place before it is trusted with a store: what doctor prints.
#pragma once

#include <functional>
#include <string>

#include "ksv/catalog.h"

namespace ksv {

// What one check came to.
struct Finding {
  enum class State {
    kGood,
    kWarning,  // works, but somebody should know
    kBad,
    kSkipped,  // could not be looked at, or need not be
  };
  std::string check{};  // one word or two: "name", "race"
  State state = State::kGood;
  std::string text{};       // what was found, one line, no period
  std::string advice{};     // what to do about it, in sentences; empty: nothing
  double milliseconds = 0;  // what it took, where that says something; else 0
};

// Told each finding as soon as it is there.
using Report = std::function<void(const Finding&)>;

// Examines the store at `address`, or what holds stores (a bucket), with objects of its own that it
// removes again, also when it fails or a signal comes. Goes on after a bad finding where that makes
// sense. Ok when nothing is bad. Else kUnsafe when the place lets one of two writers overwrite the
// other, whatever else is bad; otherwise the first failure: kUnavailable, kDenied, kState ...
Status examine(const StoreAddress& address, Env& env, Call& call, const Report& report);

}  // namespace ksv
