// What a probe found out about a bucket, kept from one command to the next.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "backend/s3/s3_cache.h"
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

// The findings of one kind of probe. May be used from several threads.
class KnownFindings {
 public:
  enum class Kind {
    kWrites,       // of objects in one request
    kCompletions,  // of multipart uploads
  };
  KnownFindings(Wire& wire, Kind kind);

  // As far as is known without a request: from this process, or from the cache.
  std::optional<Findings> known();
  // Runs the probe when nothing is known, and keeps what it finds. One at a time; others wait.
  Result<Findings> proven(const std::function<Result<Findings>()>& probe);
  // For this process.
  void learn(const Findings& findings);
  // For the commands to come.
  void keep(const Findings& findings) const;

 private:
  Wire& wire_;
  CacheFile cache_;
  std::mutex probe_mutex_;
  std::mutex mutex_;
  bool cache_read_ = false;
  std::optional<Findings> findings_;
};

}  // namespace ksv::s3
