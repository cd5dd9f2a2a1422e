// Finds out whether a service honours conditions on writes. That it answers 200 proves nothing:
// some ignore them, some refuse them, some check them before they write and let several racers win.
#pragma once

#include <string>

#include "backend/s3/s3_wire.h"

namespace ksv::s3 {

// What a service makes of conditions.
struct Findings {
  enum class Writes {
    kHonoured,
    kIgnored,  // writes all the same
    kRefused,  // as unknown to it
    kRacy,     // honoured when alone; but of several racers more than one won
  };
  Writes writes = Writes::kHonoured;
  bool quoted = true;   // how ETags are to be sent, see Condition
  bool removes = true;  // honours If-Match on DELETE
  std::string what{};   // where writes are not safe: what it did, as the end of a sentence
};

// Writes objects whose names begin with `prefix` + kProbeInfix, and removes them again. An error
// means that nothing was found out.
Result<Findings> probe_conditions(Wire& wire, const std::string& prefix);

}  // namespace ksv::s3
