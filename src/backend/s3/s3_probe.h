// Finds out whether a service honours conditions on writes. That it answers 200 proves nothing:
// some ignore them, some refuse them, some check them before they write and let several racers win.
#pragma once

#include <string>

#include "backend/s3/s3_findings.h"
#include "backend/s3/s3_objects.h"

namespace ksv::s3 {

// How often writers race, and how many at once. No number of rounds proves that there is no window;
// these find the known ones.
struct RaceSize {
  std::size_t rounds = 3;
  std::size_t racers = 6;
};

// The steps, for those who want to look at each: in this order, and the later ones only while
// is_safe(). An error means that the step found nothing out. Works on objects whose names begin
// with `prefix` + kProbeInfix.
class ProbeSteps {
 public:
  ProbeSteps(Wire& wire, const std::string& prefix, RaceSize size = {});

  Status judge_creation();
  Status judge_form();  // the right ETag, with quotes or without
  Status judge_stale_write();
  Status judge_removal();
  // One round, from 0: of writers that create one object, then of writers that replace it.
  Status judge_races(std::size_t round);

  const Findings& findings() const { return findings_; }
  bool is_safe() const { return findings_.writes == Findings::Writes::kHonoured; }
  const RaceSize& race_size() const { return size_; }

  // Removes the objects, by another wire where the time of the first is over. Leftovers are
  // harmless: no reader takes them for keys, and delete-store takes them along.
  Status clean_up(Wire& wire) const;

 private:
  enum class Outcome { kDone, kLost, kNotSupported };  // of a conditional request

  void found(Findings::Writes writes, std::string what);
  Condition match(std::string etag) const;
  std::string fresh_body() const;
  std::string race_name(std::size_t round) const;
  Result<Outcome> write(const std::string& name, const Condition& condition,
                        std::string* etag = nullptr);
  Result<Outcome> write_body(const std::string& name, const std::string& body,
                             const Condition& condition, std::string* etag = nullptr);
  Result<std::string> present_etag(const std::string& name);
  Result<std::string> race(const std::string& name, const Condition& condition);

  Wire& wire_;
  std::string base_;
  RaceSize size_;
  std::string etag_;  // of the object base_, as far as is known
  std::size_t rounds_begun_ = 0;
  Findings findings_;
};

// All steps. An error means that nothing was found out.
Result<Findings> probe_conditions(Wire& wire, const std::string& prefix);
// What `why` is to the caller of a probe: nothing but the probe's own objects was written.
Error probe_failure(const Error& why);

}  // namespace ksv::s3
