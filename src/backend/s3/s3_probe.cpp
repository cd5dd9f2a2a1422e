// The probe: a creation, two stale writes, a right one, a stale removal, then races.
//
// A service that ignores conditions shows it in the first steps. One that looks first and writes
// then (SeaweedFS before March 2026) passes those, so several writers race for one object, in
// several rounds. No number of rounds proves that there is no window; these find the known ones.
#include "backend/s3/s3_probe.h"

#include <array>

#include "backend/s3/s3_names.h"
#include "backend/s3/s3_objects.h"
#include "base/hex.h"
#include "base/parallel.h"

namespace ksv::s3 {
namespace {

constexpr std::size_t kRounds = 3;
constexpr std::size_t kRacers = 6;
constexpr std::string_view kStaleEtag = "00000000000000000000000000000000";

using Writes = Findings::Writes;

Error inconclusive(const std::string& what) {
  return Error(ErrorCode::kUnavailable, what).with_hint("Repeat the command.");
}

// What a conditional request of the probe came to.
enum class Outcome { kDone, kLost, kNotSupported };

class Probe {
 public:
  Probe(Wire& wire, const std::string& prefix)
      : wire_(wire),
        base_(prefix + std::string(kProbeInfix) + uuid_text(random_uuid(wire.env()))) {}

  Result<Findings> run() {
    KSV_CHECK(judge_creation());
    if (findings_.writes == Writes::kHonoured) KSV_CHECK(judge_form());
    if (findings_.writes == Writes::kHonoured) KSV_CHECK(judge_stale_write());
    if (findings_.writes == Writes::kHonoured) KSV_CHECK(judge_removal());
    for (std::size_t round = 1; round <= kRounds; ++round) {
      if (findings_.writes != Writes::kHonoured) break;
      KSV_CHECK(judge_races(base_ + "-" + std::to_string(round)));
    }
    return findings_;
  }

  // Leftovers are harmless: no reader takes them for keys, and delete-store takes them along.
  void clean_up() {
    static_cast<void>(for_each_parallel(kRounds + 1, kRounds + 1, [&](std::size_t i) {
      const std::string name = i == 0 ? base_ : base_ + "-" + std::to_string(i);
      const bool made = i == 0 || findings_.writes != Writes::kRefused;
      if (made) static_cast<void>(delete_object(wire_, name, {}));
      return ok();
    }));
  }

 private:
  void found(Writes writes, std::string what) {
    findings_.writes = writes;
    findings_.removes = false;
    findings_.what = std::move(what);
  }

  Condition match(std::string etag) const {
    return {Condition::Kind::kMatch, std::move(etag), findings_.quoted};
  }

  // Each body is another one, so that each has an ETag of its own.
  std::string fresh_body() { return "ksv probe " + uuid_text(random_uuid(wire_.env())); }

  Result<Outcome> write(const std::string& name, const Condition& condition,
                        std::string* etag = nullptr) {
    return write_body(name, fresh_body(), condition, etag);
  }

  Result<Outcome> write_body(const std::string& name, const std::string& body,
                             const Condition& condition, std::string* etag = nullptr) {
    const auto outcome =
        put_object(wire_, {.name = name, .body = bytes_of(body), .condition = condition});
    if (!outcome) {
      if (outcome.error().code() == ErrorCode::kUnsupported) return Outcome::kNotSupported;
      return outcome.error();
    }
    const Written* written = std::get_if<Written>(&*outcome);
    if (written == nullptr) return Outcome::kLost;
    if (etag != nullptr) *etag = written->version.token;
    return Outcome::kDone;
  }

  Result<std::string> present_etag(const std::string& name) {
    const auto info = KSV_TRY(head_object(wire_, name));
    return info ? info->version.token : std::string();
  }

  Status judge_creation() {
    const Condition absent{.kind = Condition::Kind::kAbsent};
    const Outcome first = KSV_TRY(write(base_, absent, &etag_));
    if (first == Outcome::kNotSupported) {
      found(Writes::kRefused, "it refuses writes with a condition as not implemented");
      return ok();
    }
    if (first == Outcome::kLost) return inconclusive("a new object was taken for one that exists");
    const Outcome second = KSV_TRY(write(base_, absent));
    if (second == Outcome::kDone) {
      found(Writes::kIgnored, "it overwrote an object that was to be created only if absent");
    }
    return ok();
  }

  // The right ETag, with quotes or without.
  Status judge_form() {
    for (const bool quoted : {true, false}) {
      findings_.quoted = quoted;
      std::string etag;
      const Outcome outcome = KSV_TRY(write(base_, match(etag_), &etag));
      if (outcome == Outcome::kDone) {
        etag_ = etag;
        return ok();
      }
      if (outcome == Outcome::kNotSupported) break;
    }
    found(Writes::kRefused, "it refuses to replace an object whose ETag is the one named");
    return ok();
  }

  Status judge_stale_write() {
    const Outcome outcome = KSV_TRY(write(base_, match(std::string(kStaleEtag))));
    const std::string present = KSV_TRY(present_etag(base_));
    if (outcome == Outcome::kDone || present != etag_) {
      found(Writes::kIgnored, "it overwrote an object whose ETag was not the one named");
    }
    return ok();
  }

  Status judge_removal() {
    findings_.removes = false;
    const auto stale = delete_object(wire_, base_, match(std::string(kStaleEtag)));
    if (!stale || *stale != DeleteAnswer::kRefused) return ok();
    if (KSV_TRY(present_etag(base_)) != etag_) return ok();
    const auto right = delete_object(wire_, base_, match(etag_));
    if (!right || *right != DeleteAnswer::kGone) return ok();
    findings_.removes = KSV_TRY(present_etag(base_)).empty();
    return ok();
  }

  Status judge_races(const std::string& name) {
    KSV_CHECK(race(name, {.kind = Condition::Kind::kAbsent}));
    if (findings_.writes != Writes::kHonoured) return ok();
    const std::string etag = KSV_TRY(present_etag(name));
    // Every racer may have lost to an answer that got lost.
    if (etag.empty()) return ok();
    return race(name, match(etag));
  }

  Status race(const std::string& name, const Condition& condition) {
    std::array<bool, kRacers> won{};
    std::array<std::string, kRacers> bodies;
    for (std::string& body : bodies) body = fresh_body();
    static_cast<void>(for_each_parallel(kRacers, kRacers, [&](std::size_t racer) {
      const auto outcome = write_body(name, bodies[racer], condition);
      // Errors are losers, too: Ceph answers some of them by a 500.
      won[racer] = outcome.has_value() && *outcome == Outcome::kDone;
      return ok();
    }));
    std::size_t winners = 0;
    for (const bool each : won) winners += each ? 1 : 0;
    if (winners > 1) {
      found(Writes::kRacy, std::to_string(winners) + " of " + std::to_string(kRacers) +
                               " writers that raced for one object all succeeded");
    }
    return ok();
  }

  Wire& wire_;
  std::string base_;
  std::string etag_;  // of the object base_, as far as the probe knows
  Findings findings_;
};

}  // namespace

Result<Findings> probe_conditions(Wire& wire, const std::string& prefix) {
  Probe probe(wire, prefix);
  auto findings = probe.run();
  probe.clean_up();
  if (findings) return findings;
  // Nothing but the probe's own objects was written.
  return std::move(findings)
      .error()
      .with_context("finding out whether the store honours conditions")
      .with_effect(Effect::kNone);
}

}  // namespace ksv::s3
