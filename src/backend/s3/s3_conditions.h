// What is known of a bucket's conditional writes: by whom it is, from the cache, or from a probe.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "ksv/backend.h"

#include "backend/s3/s3_findings.h"
#include "backend/s3/s3_objects.h"

namespace ksv::s3 {

// May be used from several threads.
class Conditions {
 public:
  Conditions(Wire& wire, std::string prefix);

  // How a write has to be made so that its precondition holds.
  struct Plan {
    Condition condition{};
    // The service cannot be trusted with the condition, and the user allowed that: look before
    // writing, and write although another writer may come between.
    bool look_first = false;
  };
  // Probes when nothing is known yet. kUnsafe when the service does not do it safely and the
  // address does not allow that.
  Result<Plan> plan(const Precondition& precondition);
  // The same for removals, and for the completion of multipart uploads, which has a probe of its
  // own. kUnsafe as above.
  Result<Plan> plan_remove(const Precondition& precondition);
  Result<Plan> plan_complete(const Precondition& precondition);

  // Whether removals can carry a condition, as far as is known without a request.
  std::optional<Condition> remove_condition(const Version& version);

  // As far as is known without a request; more after the first conditional write.
  const Capabilities& capabilities();

 private:
  Result<Findings> proven();
  Condition condition_of(const Precondition& precondition, const Findings& findings) const;
  Error unsafe(const std::string& what) const;
  Error unsafe_completion(const std::string& what) const;

  Wire& wire_;
  std::string prefix_;
  KnownFindings writes_;
  KnownFindings completions_;
  // One for each state of knowledge, so that a reference to one never changes.
  std::array<Capabilities, 4> capabilities_{};
};

// Keeps what an examination found out for the commands to come.
void remember_findings(Wire& wire, KnownFindings::Kind kind, const Findings& findings);

}  // namespace ksv::s3
