// Decides how a precondition is carried to the service.
#include "backend/s3/s3_conditions.h"

#include "backend/s3/s3_parts_probe.h"
#include "backend/s3/s3_probe.h"

namespace ksv::s3 {
namespace {

using Writes = Findings::Writes;

bool is_any(const Precondition& precondition) { return std::holds_alternative<Any>(precondition); }

// One write of a key in a second is what R2 and Google allow.
std::chrono::milliseconds contention_wait(const Endpoint& endpoint) {
  const std::string name = endpoint.identity();
  const bool slow = name.find(".r2.cloudflarestorage.com") != std::string::npos ||
                    name.find("storage.googleapis.com") != std::string::npos;
  return std::chrono::milliseconds(slow ? 1000 : 20);
}

}  // namespace

Conditions::Conditions(Wire& wire, std::string prefix)
    : wire_(wire),
      prefix_(std::move(prefix)),
      writes_(wire, KnownFindings::Kind::kWrites),
      completions_(wire, KnownFindings::Kind::kCompletions) {
  for (std::size_t state = 0; state < capabilities_.size(); ++state) {
    Capabilities& can = capabilities_[state];
    can.conditional_writes = (state & 1) == 0;
    can.conditional_removes = (state & 2) != 0;
    can.versions_recur = true;  // an ETag is the MD5 of the bytes
    can.sorted_listing = true;
    can.remote = true;
    can.contention_wait = contention_wait(wire.endpoint());
    can.durability = "whatever the service promises of an object that it acknowledged";
  }
  if (!wire.endpoint().is_aws()) return;
  writes_.learn(Findings{});
  completions_.learn(Findings{});
}

const Capabilities& Conditions::capabilities() {
  const auto findings = writes_.known();
  const bool writes = !findings || findings->writes == Writes::kHonoured;
  const bool removes = findings && writes && findings->removes;
  return capabilities_[(writes ? 0U : 1U) + (removes ? 2U : 0U)];
}

Result<Findings> Conditions::proven() {
  return writes_.proven([&] { return probe_conditions(wire_, prefix_); });
}

Condition Conditions::condition_of(const Precondition& precondition,
                                   const Findings& findings) const {
  if (std::holds_alternative<Absent>(precondition)) return {Condition::Kind::kAbsent, {}, true};
  const Match* match = std::get_if<Match>(&precondition);
  if (match == nullptr) return {};
  return {Condition::Kind::kMatch, match->version.token, findings.quoted};
}

Error Conditions::unsafe(const std::string& what) const {
  return Error(ErrorCode::kUnsafe, wire_.name_of("") + " cannot do this safely: " + what)
      .with_hint(
          "With --allow-unsafe ksv looks before it writes; a write of others in between is then "
          "lost.");
}

// Small values take another way, on which the service is safe.
Error Conditions::unsafe_completion(const std::string& what) const {
  return Error(ErrorCode::kUnsafe, wire_.name_of("") + " cannot do this safely: " + what)
      .with_hint(
          "Values below 16 MiB are written in one request, with which it honours conditions. With "
          "--allow-unsafe ksv looks before it writes; a write of others in between is then lost");
}

Result<Conditions::Plan> Conditions::plan(const Precondition& precondition) {
  if (is_any(precondition)) return Plan{};
  const Findings findings = KSV_TRY(proven());
  if (findings.writes == Writes::kHonoured) return Plan{condition_of(precondition, findings)};
  if (!wire_.settings().allow_unsafe) return unsafe(findings.what);
  Plan plan{.look_first = true};
  // Better than nothing; where they are ignored, a repeated write could take effect twice.
  if (findings.writes == Writes::kRacy) plan.condition = condition_of(precondition, findings);
  return plan;
}

Result<Conditions::Plan> Conditions::plan_remove(const Precondition& precondition) {
  if (is_any(precondition)) return Plan{};
  const Findings findings = KSV_TRY(proven());
  if (findings.writes == Writes::kHonoured && findings.removes) {
    return Plan{condition_of(precondition, findings)};
  }
  if (!wire_.settings().allow_unsafe) return unsafe("it removes objects whatever their version");
  return Plan{.look_first = true};
}

Result<Conditions::Plan> Conditions::plan_complete(const Precondition& precondition) {
  if (is_any(precondition)) return Plan{};
  const Findings single = KSV_TRY(proven());
  if (single.writes != Writes::kHonoured) return plan(precondition);
  const Findings findings = KSV_TRY(
      completions_.proven([&] { return probe_completions(wire_, prefix_, single.quoted); }));
  if (findings.writes == Writes::kHonoured) return Plan{condition_of(precondition, findings)};
  if (!wire_.settings().allow_unsafe) return unsafe_completion(findings.what);
  Plan plan{.look_first = true};
  if (findings.writes == Writes::kRacy) plan.condition = condition_of(precondition, findings);
  return plan;
}

std::optional<Condition> Conditions::remove_condition(const Version& version) {
  const auto findings = writes_.known();
  if (!findings || findings->writes != Writes::kHonoured || !findings->removes) return std::nullopt;
  return condition_of(Match{version}, *findings);
}

void remember_findings(Wire& wire, KnownFindings::Kind kind, const Findings& findings) {
  KnownFindings(wire, kind).keep(findings);
}

}  // namespace ksv::s3
