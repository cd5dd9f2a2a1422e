// Uploads in parts, and plain writes beside conditional ones.
#include "backend/s3/s3_more_checks.h"

#include <array>
#include <fmt/format.h>

#include "backend/s3/s3_conditions.h"
#include "backend/s3/s3_names.h"
#include "backend/s3/s3_objects.h"
#include "backend/s3/s3_parts_probe.h"
#include "base/hex.h"
#include "base/parallel.h"

namespace ksv::s3 {
namespace {

// Ceph loses a plain write in one round of seven.
constexpr std::size_t kPlainRounds = 24;

struct PlainRace {
  std::size_t met = 0;   // rounds in which both writes were acknowledged
  std::size_t lost = 0;  // of those, in which the plain one had no effect
};

std::string etag_of(const Result<WriteOutcome>& outcome) {
  const Written* written = outcome ? std::get_if<Written>(&*outcome) : nullptr;
  return written != nullptr ? written->version.token : std::string();
}

// Where both are acknowledged, the plain write came last: had it come first, the condition of the
// other would not have been met.
Result<PlainRace> race(Wire& wire, const std::string& name, bool quoted) {
  PlainRace result;
  const auto body = [&] { return "ksv doctor " + uuid_text(random_uuid(wire.env())); };
  std::string text = body();
  auto first = put_object(wire, {.name = name, .body = bytes_of(text)});
  if (!first) return std::move(first).error();
  std::string present = etag_of(first);
  for (std::size_t round = 0; round < kPlainRounds; ++round) {
    const std::array<std::string, 2> bodies{body(), body()};
    std::array<std::string, 2> done;
    static_cast<void>(for_each_parallel(2, 2, [&](std::size_t writer) {
      Condition condition;
      if (writer == 1) condition = {Condition::Kind::kMatch, present, quoted};
      done[writer] = etag_of(put_object(
          wire, {.name = name, .body = bytes_of(bodies[writer]), .condition = condition}));
      return ok();
    }));
    const auto info = KSV_TRY(head_object(wire, name));
    present = info ? info->version.token : std::string();
    if (done[0].empty() || done[1].empty()) continue;
    ++result.met;
    if (present == done[1]) ++result.lost;
  }
  return result;
}

}  // namespace

void examine_uploads(Wire& wire, const std::string& prefix, bool quoted, Examination& examination) {
  if (!examination.may_go_on()) return;
  const Stopwatch watch(wire.env());
  const auto findings = probe_completions(wire, prefix, quoted);
  if (!findings) return examination.bad("multipart", findings.error());
  if (!wire.endpoint().is_aws()) {
    remember_findings(wire, KnownFindings::Kind::kCompletions, *findings);
  }
  if (findings->writes == Findings::Writes::kHonoured) {
    return examination.good("multipart", "conditions are honoured", watch.milliseconds());
  }
  examination.warn("multipart", findings->what,
                   "ksv refuses conditions on values that are larger than a part (status 10); all "
                   "else is safe.");
}

void examine_plain_writes(Wire& wire, const std::string& prefix, bool quoted,
                          Examination& examination) {
  if (!examination.may_go_on()) return;
  const std::string name = prefix + std::string(kProbeInfix) + uuid_text(random_uuid(wire.env()));
  const Stopwatch watch(wire.env());
  const auto found = race(wire, name, quoted);
  static_cast<void>(delete_object(wire, name, {}));
  if (!found) return examination.bad("plain write", found.error());
  if (found->lost == 0) {
    return examination.good("plain write",
                            fmt::format("none of {} was lost beside a conditional one", found->met),
                            watch.milliseconds());
  }
  examination.warn(
      "plain write",
      fmt::format("{} of {} were acknowledged and lost beside a conditional write", found->lost,
                  found->met),
      "An assoc without --if-match or --if-absent that meets an update may be lost although it was "
      "acknowledged: use update, swap or cas for keys that several write.");
}

}  // namespace ksv::s3
